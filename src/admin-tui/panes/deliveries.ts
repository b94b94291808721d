// The pane of deliveries: what webhooks were told, how they answered; one is sent again.
import { type Api, listRows } from '../api'
import { definePane, type Pane } from '../pane'
import { ageColumn, sayTime } from '../show-rows'
import { sayAnswer } from './webhooks'

type Delivery = {
  id: number
  webhook_id: number
  event: string
  status_code: number | null
  redelivery: boolean
  attempt: number
  request_duration: number | null
  created_date: string
  changed_fields: string
  request: unknown
  response: string
}
type Webhook = { id: number; target_url: string }

const isBad = ({ status_code }: Delivery) => status_code === null || status_code >= 400
/** Webhooks whose deliveries are listed together; the filter names one to see all of its own. */
const webhooksSeen = 20
const seenOfEach = 50
const seenOfOne = 500

export const createDeliveries = (api: Api): Pane =>
  definePane<Delivery>({
    name: 'deliveries',
    title: 'Deliveries',
    about: 'What webhooks were told lately, and how they answered. webhook:7 shows those of one.',
    columns: [
      { title: 'ID', width: 6, right: true, show: ({ id }) => String(id), sort: ({ id }) => id },
      {
        title: 'Webhook',
        width: 7,
        right: true,
        show: ({ webhook_id }) => String(webhook_id),
        sort: ({ webhook_id }) => webhook_id,
      },
      { title: 'Event', width: 'rest', show: ({ event }) => event },
      {
        title: 'Status',
        width: 7,
        right: true,
        show: ({ status_code }) => String(status_code ?? 'failed'),
        tone: (row) => (isBad(row) ? 'bad' : 'good'),
      },
      {
        title: 'ms',
        width: 6,
        right: true,
        from: 56,
        show: ({ request_duration }) => String(request_duration ?? ''),
        sort: ({ request_duration }) => request_duration ?? 0,
      },
      ageColumn('When', ({ created_date }) => created_date),
    ],
    id: ({ id }) => String(id),
    label: ({ id, event }) => `${id} ${event}`,
    load: async (filter) => {
      const [, wanted] = /(?:^|\s)webhook:(\d+)/.exec(filter) ?? []
      const ids = wanted
        ? [Number(wanted)]
        : (await listRows<Webhook>(api, '/api/webhooks', {}, webhooksSeen)).rows.map(({ id }) => id)
      const most = wanted ? seenOfOne : seenOfEach
      const lists = await Promise.all(
        ids.map((id) =>
          listRows<Delivery>(api, `/api/webhooks/${id}/deliveries`, {}, most).catch(() => ({ rows: [], total: 0 })),
        ),
      )
      const rows = lists.flatMap((list) => list.rows).sort((a, b) => b.id - a.id)
      return { rows, total: lists.reduce((sum, { total }) => sum + total, 0) }
    },
    details: async (row) => [
      { label: 'Event', value: row.event },
      { label: 'Status', value: String(row.status_code ?? 'no answer'), tone: isBad(row) ? 'bad' : 'good' },
      { label: 'When', value: sayTime(row.created_date) },
      { label: 'Took', value: row.request_duration === null ? '' : `${row.request_duration} ms` },
      { label: 'Tries', value: `${row.attempt}${row.redelivery ? ', sent again by hand' : ''}` },
      { label: 'Changed', value: row.changed_fields },
      { heading: 'Answer' },
      { text: row.response || 'none' },
      { heading: 'Sent' },
      { text: JSON.stringify(row.request, null, 1) },
    ],
    actions: [
      {
        key: 'r',
        label: 'send again',
        needs: 'rows',
        run: async ({ id, webhook_id }) => {
          const sent = await api.send<Delivery>('POST', `/api/webhooks/${webhook_id}/deliveries/${id}/redelivery`)
          if (isBad(sent)) throw new Error(`Sent again, but the receiver ${sayAnswer(sent.status_code)}.`)
          return { said: `Sent again as ${sent.id}: answered with ${sent.status_code}.`, select: String(sent.id) }
        },
      },
    ],
    empty: 'No webhook was told anything lately.',
    refreshSeconds: 4,
  })
