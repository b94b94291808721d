// The pane of cloud storages: which there are, and whether they can be reached.
import { type Api, listRows } from '../api'
import { readWords } from '../filter-rows'
import { definePane, type Pane, type Tone } from '../pane'
import { ageColumn, idColumn, nameOf, type Person, sayTime } from '../show-rows'
import { showCount } from '../show-values'

type Cloud = {
  id: number
  display_name: string
  provider_type: string
  resource: string
  credentials_type: string
  owner: Person
  organization: number | null
  description: string
  updated_date: string
}
type Row = Cloud & { status: string }

const tones: Record<string, Tone> = { AVAILABLE: 'good', FORBIDDEN: 'bad', NOT_FOUND: 'bad' }

export const createClouds = (api: Api): Pane => {
  /** What was asked lately: a bucket may answer slowly and costs money. */
  const known = new Map<number, string>()
  const ask = async (id: number) => {
    const status = await api.get<string>(`/api/cloudstorages/${id}/status`)
    known.set(id, status)
    return status
  }
  return definePane<Row>({
    name: 'clouds',
    aliases: ['cloudstorages', 'buckets'],
    title: 'Cloud storages',
    about: 'Buckets and containers that users connected. Press s to ask whether one can be reached.',
    columns: [
      idColumn<Row>(),
      { title: 'Name', width: 'rest', show: ({ display_name }) => display_name },
      { title: 'Provider', width: 21, from: 66, show: ({ provider_type }) => provider_type },
      { title: 'Bucket', width: 'rest', from: 44, show: ({ resource }) => resource },
      { title: 'Status', width: 10, show: ({ status }) => status, tone: ({ status }) => tones[status] ?? 'muted' },
      ageColumn('Changed', ({ updated_date }) => updated_date, 76),
    ],
    id: ({ id }) => String(id),
    label: ({ display_name }) => display_name,
    load: async (filter) => {
      const { rows, total } = await listRows<Cloud>(api, '/api/cloudstorages', { search: readWords(filter) })
      return { rows: rows.map((row) => ({ ...row, status: known.get(row.id) ?? 'not asked' })), total }
    },
    details: async (row) => [
      { label: 'Name', value: row.display_name },
      { label: 'Provider', value: row.provider_type },
      { label: 'Bucket', value: row.resource },
      { label: 'By', value: row.credentials_type },
      { label: 'Owner', value: nameOf(row.owner) },
      { label: 'About', value: row.description },
      { label: 'Changed', value: sayTime(row.updated_date) },
      { label: 'Status', value: row.status, tone: tones[row.status] ?? 'muted' },
    ],
    actions: [
      {
        key: 's',
        label: 'ask status',
        needs: 'rows',
        run: async ({ id, display_name }) => ({ said: `“${display_name}”: ${await ask(id)}.` }),
      },
      {
        key: 'X',
        label: 'remove',
        needs: 'rows',
        prepare: ({ display_name }, rows) => ({
          kind: 'question',
          text: `Forget ${rows.length === 1 ? `“${display_name}”` : showCount(rows.length, 'cloud storage')}? The bucket and what is in it stay.`,
          warning: 'Tasks whose media lie there cannot be opened any more.',
          typed: rows.length === 1 ? String(rows[0]!.id) : String(rows.length),
        }),
        run: async ({ id, display_name }) => {
          await api.send('DELETE', `/api/cloudstorages/${id}`)
          return { said: `“${display_name}” was removed.` }
        },
      },
    ],
    empty: 'No cloud storage is connected.',
    refreshSeconds: 5,
  })
}
