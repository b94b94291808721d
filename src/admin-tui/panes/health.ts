// The pane of health: what the doctor asks, what was found, and the command that mends it.
import type { Examination } from '../../server/admin/examine'
import type { Api } from '../api'
import { definePane, type Pane, type Tone } from '../pane'
import { sayAge } from '../show-rows'
import { showCount } from '../show-values'

type Finding = Examination['findings'][number]

const tones: Record<Finding['state'], Tone> = { ok: 'good', warning: 'warn', failed: 'bad', skipped: 'muted' }
/** What needs somebody comes first. */
const ranks: Record<Finding['state'], number> = { failed: 0, warning: 1, ok: 2, skipped: 3 }

const sayAll = ({ findings, is_running, total, asked_date }: Examination) => {
  const count = (state: Finding['state']) => findings.filter((one) => one.state === state).length
  const [failed, warnings] = [count('failed'), count('warning')]
  const found = failed || warnings ? `${failed} failed, ${showCount(warnings, 'warning')}` : 'nothing is wrong'
  const when = is_running ? `asking: ${findings.length} of ${total}` : `asked ${sayAge(asked_date)}`
  return {
    text: `${showCount(total, 'question')}: ${found} · ${when}`,
    tone: tones[failed ? 'failed' : warnings ? 'warning' : 'ok'],
  }
}

export const createHealth = (api: Api): Pane =>
  definePane<Finding>({
    name: 'health',
    aliases: ['doctor'],
    title: 'Health',
    about: 'What “annolith doctor” asks, with the command that mends what it finds.',
    columns: [
      {
        title: 'State',
        width: 7,
        show: ({ state }) => state,
        tone: ({ state }) => tones[state],
        sort: ({ state }) => ranks[state],
      },
      { title: 'Question', width: 'rest', show: ({ id }) => id },
      { title: 'Found', width: 'rest', from: 60, show: ({ words }) => words },
    ],
    id: ({ id }) => id,
    label: ({ id }) => id,
    load: async () => {
      const examination = await api.get<Examination>('/api/admin/doctor')
      const rows = examination.findings.toSorted((a, b) => ranks[a.state] - ranks[b.state])
      return { rows, note: sayAll(examination) }
    },
    details: async ({ about, state, words, mend, fixed, can_fix }) => [
      { text: `${about}.` },
      { label: 'State', value: state, tone: tones[state] },
      { heading: 'Found' },
      { text: words, tone: tones[state] },
      ...(fixed ? [{ heading: 'Mended' }, { text: fixed, tone: 'good' as const }] : []),
      ...(mend && !fixed ? [{ heading: 'What mends it' }, { text: mend }] : []),
      ...(can_fix ? [{ text: 'Press m to mend it from here; nothing is lost by that.', tone: 'accent' as const }] : []),
    ],
    actions: [
      {
        key: 'm',
        label: 'mend',
        needs: 'rows',
        isOffered: ({ can_fix }) => can_fix,
        prepare: ({ id, words }, all) => ({
          kind: 'question',
          text: all.length === 1 ? `Mend “${id}”? Found: ${words}.` : `Mend ${showCount(all.length, 'finding')}?`,
        }),
        run: async ({ id }) => {
          const { fixed } = await api.send<Finding>('POST', `/api/admin/doctor/${id}/fix`)
          return { said: fixed ? `Mended: ${fixed}.` : 'It is well by itself now.' }
        },
      },
      {
        key: 'a',
        label: 'ask again',
        needs: 'nothing',
        run: async () => {
          await api.get('/api/admin/doctor', { again: 1 })
          return { said: 'The doctor asks everything anew.' }
        },
      },
    ],
    empty: 'The doctor is asking …',
    refreshSeconds: 3,
  })
