// /admin/audit: who did what and when, newest first.

import { say, t } from '../../web/ui/i18n/message'
import { Empty, List, SortHead } from '../../web/ui/list'
import type { ListState } from '../../web/ui/list-address'
import { eventFields } from '../../web/ui/list-fields'
import { Ago } from '../../web/ui/parts'
import { redirectToLastPage } from '../http/html'
import { isoTime } from '../http/json'
import { readConditions, readOrder, readPaging } from '../http/page'
import { AdminFrame, showAdminPage } from './frame'
import { type EventRow, listEvents, listOptions } from './read-events'

const placeOf = ({ jobId, taskId, projectId }: EventRow) =>
  jobId
    ? t('Job #{jobId}', { jobId })
    : taskId
      ? t('Task #{taskId}', { taskId })
      : projectId
        ? t('Project #{projectId}', { projectId })
        : null

const Row = ({ row }: { row: EventRow }) => (
  <tr data-testid={`event-${row.id}`}>
    <td class="w-32 text-muted">
      <Ago iso={isoTime(row.timestamp)} />
    </td>
    <td class="w-44 font-mono text-[13px] max-sm:max-w-0 max-sm:w-auto max-sm:truncate" safe>
      {row.scope}
    </td>
    <td class="w-36 truncate max-sm:w-24 max-sm:max-w-24" dir="auto" safe>
      {row.userName ?? ''}
    </td>
    <td class="max-w-0 truncate text-soft max-md:hidden" dir="auto" title={row.objVal ?? undefined} safe>
      {[row.objName, row.objVal].filter(Boolean).join(' → ')}
    </td>
    <td class="num w-32 text-muted max-sm:hidden">
      <span safe>{placeOf(row) ?? (row.objId ? `#${row.objId}` : '')}</span>
    </td>
  </tr>
)

const quick = [
  { label: 'Made', rule: { in: ['create:', { var: 'scope' }] } },
  { label: 'Changed', rule: { in: ['update:', { var: 'scope' }] } },
  { label: 'Removed', rule: { in: ['delete:', { var: 'scope' }] } },
]

export const showAudit = showAdminPage(async ({ path, query }) => {
  const paging = readPaging({ page_size: '25', ...query })
  const { rows, total } = await listEvents(readConditions(query, listOptions), readOrder(query, listOptions, []), paging)
  const state: ListState = { path, query, count: total, page: paging.page, size: paging.size }
  const beyond = redirectToLastPage(state)
  if (beyond) return beyond
  return {
    title: t('Audit log'),
    section: 'admin',
    body: (
      <AdminFrame
        tab="/admin/audit"
        title={t('Audit log')}
        actions={
          <button type="button" class="btn" data-export-events data-testid="list-csv">
            {say('Download as CSV')}
          </button>
        }
      >
        <List
          state={state}
          noun="events"
          fields={eventFields}
          quick={quick}
          empty={<Empty icon="scroll" title="Nothing happened yet" text="Every change that people make is written down here." />}
        >
          <table class="grid-table slim">
            <thead>
              <tr>
                <SortHead state={state} fields={['timestamp']} label="When" />
                <SortHead state={state} fields={['scope']} label="Event" />
                <SortHead state={state} fields={['user_name']} label="Who" />
                <th scope="col" class="max-md:hidden">
                  {say('What')}
                </th>
                <th scope="col" class="max-sm:hidden">
                  {say('Where')}
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <Row row={row} />
              ))}
            </tbody>
          </table>
        </List>
      </AdminFrame>
    ),
  }
})
