// The pane of webhooks: who is told of what, whether the last delivery arrived; one is pinged, switched off or removed.
import { type Api, listRows } from '../api'
import { readWords } from '../filter-rows'
import { definePane, type Pane } from '../pane'
import { ageColumn, idColumn, nameOf, type Person, sayTime } from '../show-rows'
import { showCount } from '../show-values'

type Webhook = {
  id: number
  target_url: string
  description: string
  type: string
  is_active: boolean
  enable_ssl: boolean
  events: string[]
  owner: Person
  project_id: number | null
  organization: number | null
  created_date: string
  last_status?: number | null
  last_delivery_date?: string
}

const isBad = (status: number | null | undefined) => status !== undefined && (status === null || status >= 400)
/** 502 is written down for a receiver that did not answer. */
export const sayAnswer = (status: number | null) => (!status || status === 502 ? 'does not answer' : `answers with ${status}`)
const sayStatus = ({ last_status }: Webhook) => (last_status === undefined ? '–' : String(last_status ?? 'failed'))

export const createWebhooks = (api: Api): Pane => {
  const setActive = (id: number, isActive: boolean) => api.send('PATCH', `/api/webhooks/${id}`, { is_active: isActive })
  const toggle = async ({ id, is_active }: Webhook) => {
    await setActive(id, !is_active)
    return {
      said: `Webhook ${id} is ${is_active ? 'off' : 'on'} now.`,
      undo: { said: `Undone: webhook ${id} is ${is_active ? 'on' : 'off'} again.`, run: () => setActive(id, is_active) },
    }
  }
  return definePane<Webhook>({
    name: 'webhooks',
    title: 'Webhooks',
    about: 'Addresses that are told of changes, with how the last delivery went.',
    columns: [
      idColumn<Webhook>(),
      { title: 'Address', width: 'rest', show: ({ target_url }) => target_url },
      { title: 'Type', width: 12, from: 64, show: ({ type }) => type },
      {
        title: 'State',
        width: 5,
        show: ({ is_active }) => (is_active ? 'on' : 'off'),
        tone: ({ is_active }) => (is_active ? 'good' : 'warn'),
      },
      {
        title: 'Last',
        width: 6,
        right: true,
        show: sayStatus,
        tone: ({ last_status }) => (isBad(last_status) ? 'bad' : 'plain'),
      },
      ageColumn('Delivered', ({ last_delivery_date }) => last_delivery_date, 56),
    ],
    id: ({ id }) => String(id),
    label: ({ id, description }) => `${id} ${description}`.trim(),
    load: (filter) => listRows<Webhook>(api, '/api/webhooks', { search: readWords(filter) }),
    details: async (row) => [
      { label: 'Address', value: row.target_url },
      { label: 'About', value: row.description },
      { label: 'Type', value: row.type },
      { label: 'Project', value: row.project_id ? `#${row.project_id}` : '' },
      { label: 'Owner', value: nameOf(row.owner) },
      { label: 'TLS', value: row.enable_ssl ? 'the certificate must be good' : 'the certificate is not looked at' },
      { label: 'Made', value: sayTime(row.created_date) },
      {
        label: 'Last',
        value: `${sayStatus(row)}, ${sayTime(row.last_delivery_date)}`,
        tone: isBad(row.last_status) ? 'bad' : 'plain',
      },
      { heading: 'Told of' },
      { text: row.events.join(', ') },
    ],
    actions: [
      {
        key: 't',
        label: 'deliveries',
        needs: 'row',
        goTo: ({ id }) => ({ pane: 'deliveries', filter: `webhook:${id}` }),
        run: async () => ({ said: '' }),
      },
      {
        key: 'p',
        label: 'ping',
        needs: 'rows',
        run: async ({ id }) => {
          const { status_code } = await api.send<{ status_code: number | null }>('POST', `/api/webhooks/${id}/ping`)
          if (isBad(status_code)) throw new Error(`Webhook ${id}: ${sayAnswer(status_code)}.`)
          return { said: `Webhook ${id} answers with ${status_code}.` }
        },
      },
      { key: 'o', label: 'switch on', needs: 'rows', isOffered: ({ is_active }) => !is_active, run: toggle },
      { key: 'd', label: 'switch off', needs: 'rows', isOffered: ({ is_active }) => is_active, run: toggle },
      {
        key: 'X',
        label: 'remove',
        needs: 'rows',
        prepare: ({ target_url }, rows) => ({
          kind: 'question',
          text: `Remove ${rows.length === 1 ? `the webhook to ${target_url}` : showCount(rows.length, 'webhook')} for good?`,
          typed: rows.length === 1 ? String(rows[0]!.id) : String(rows.length),
        }),
        run: async ({ id }) => {
          await api.send('DELETE', `/api/webhooks/${id}`)
          return { said: `Webhook ${id} was removed.` }
        },
      },
    ],
    empty: 'There are no webhooks. They are made on the pages of projects and organizations.',
    refreshSeconds: 4,
  })
}
