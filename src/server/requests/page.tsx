// /requests: background work with its progress, results and reasons of failure; follows what happens.
import { Elysia } from 'elysia'
import { BareRemove } from '../../web/ui/bare'
import { say, t } from '../../web/ui/i18n/message'
import { Icon } from '../../web/ui/icon'
import { Empty, List } from '../../web/ui/list'
import type { ListState } from '../../web/ui/list-address'
import { requestFields, requestFilters } from '../../web/ui/list-fields'
import { Ago, formatCount, formatDecimal, SelectCell, SelectHead, Status } from '../../web/ui/parts'
import { showPage } from '../auth/service'
import { redirectToLastPage } from '../http/html'
import { readConditions, readOrder, readPaging } from '../http/page'
import { canCancel, listOptions, listRequests, type ShownRequest, showRequests } from './service'

const verbs: Record<string, string> = {
  'create:task': 'Create task',
  'create:backup': 'Restore backup',
  'export:dataset': 'Export dataset',
  'export:annotations': 'Export annotations',
  'export:backup': 'Export backup',
  'import:annotations': 'Import annotations',
  'import:dataset': 'Import dataset',
  'import:backup': 'Restore backup',
  'autoannotate:task': 'Automatic annotation',
  'autoannotate:job': 'Automatic annotation',
}

const targetOf = ({ operation, result_id }: ShownRequest): { label: string; href: string } | null => {
  if (operation.type === 'import:backup' && result_id)
    return operation.target === 'task'
      ? { label: t('Task #{resultId}', { resultId: result_id }), href: `/tasks/${result_id}` }
      : { label: t('Project #{resultId}', { resultId: result_id }), href: `/projects/${result_id}` }
  if (operation.job_id)
    return {
      label: t('Job #{jobId}', { jobId: operation.job_id }),
      href: operation.task_id ? `/tasks/${operation.task_id}/jobs/${operation.job_id}` : '/jobs',
    }
  if (operation.task_id) return { label: t('Task #{taskId}', { taskId: operation.task_id }), href: `/tasks/${operation.task_id}` }
  if (operation.project_id)
    return { label: t('Project #{projectId}', { projectId: operation.project_id }), href: `/projects/${operation.project_id}` }
  return null
}

/** `took 3.2 s`, with spaces that do not break. */
const durationOf = ({ started_date: start, finished_date: end }: ShownRequest) => {
  if (!start || !end) return ''
  const ms = Date.parse(end) - Date.parse(start)
  const time = ms < 1000 ? `${formatCount(ms)}\u00a0ms` : `${formatDecimal(ms / 1000)}\u00a0s`
  return t('took {time}', { time })
}

/** `done`: 0…1. What the API shows of it is written as JSON and no number to reckon with. */
type RowProps = { request: ShownRequest; done: number }

const Outcome = ({ request, done }: RowProps) => {
  if (request.status === 'started')
    return (
      <div class="grid gap-1.5">
        <span class="num flex gap-2 text-[13px]">
          <span class="min-w-0 flex-1 truncate text-muted" dir="auto" safe>
            {request.message || t('Working')}
          </span>
          {`${Math.round(done * 100)} %` as 'safe'}
        </span>
        <progress value={String(done)} max="1" aria-label={t('Progress')}></progress>
      </div>
    )
  const words = request.message || (request.status === 'queued' ? t('Waits for its turn') : durationOf(request))
  return (
    <span
      class={['line-clamp-2 text-[13px] break-words', request.status === 'failed' ? 'text-danger' : 'text-muted']}
      dir="auto"
      title={request.message}
      safe
    >
      {words}
    </span>
  )
}

const mayStop = ({ status, operation }: ShownRequest) => canCancel({ status, action: operation.type.split(':')[0]! })

/** What can be done to it among several. */
const abilitiesOf = (request: ShownRequest) => [
  ...(request.result_url ? ['download'] : []),
  ...(mayStop(request) ? ['cancel'] : []),
]

const RequestRow = ({ request, done }: RowProps) => {
  const target = targetOf(request)
  return (
    <tr data-testid={`request-${request.id}`}>
      <SelectCell id={request.id} name={t(verbs[request.operation.type] ?? request.operation.type)} can={abilitiesOf(request)} />
      <td class="max-w-0">
        <div class="truncate font-medium" safe>
          {t(verbs[request.operation.type] ?? request.operation.type)}
        </div>
        <div class="flex gap-2 truncate text-[12px] text-muted">
          {target && (request.operation.type !== 'create:task' || request.status !== 'failed') ? (
            <a class="num hover:text-accent" href={target.href} data-testid="row-open" safe>
              {target.label}
            </a>
          ) : target ? (
            <span class="num" safe>
              {target.label}
            </span>
          ) : (
            ''
          )}
          {request.operation.format ? (
            <span class="truncate" safe>
              {request.operation.format}
            </span>
          ) : (
            ''
          )}
        </div>
      </td>
      <td class="w-28">
        <Status value={request.status} />
      </td>
      <td class="w-[34%] max-w-0 max-md:w-28">
        <Outcome request={request} done={done} />
      </td>
      <td class="w-32 text-muted max-md:hidden">
        <Ago iso={request.finished_date ?? request.started_date ?? request.created_date} />
      </td>
      <td class="w-12 text-end">
        {request.result_url ? (
          <a
            class="btn btn-small btn-icon"
            href={request.result_url}
            download=""
            data-testid="row-download"
            aria-label={t('Download the result')}
            title={t('Download')}
          >
            <Icon name="download" />
          </a>
        ) : mayStop(request) ? (
          <button
            type="button"
            class="btn btn-quiet btn-small btn-icon"
            data-cancel-request={request.id}
            data-testid="row-remove"
            aria-label={t('Cancel')}
            title={t('Cancel')}
          >
            <Icon name="close" />
          </button>
        ) : (
          ''
        )}
        {mayStop(request) ? <BareRemove path={`/api/requests/${encodeURIComponent(request.id)}`} label="Cancel" /> : ''}
      </td>
    </tr>
  )
}

const showList = showPage(async ({ who, origin, path, query }) => {
  const paging = readPaging(query)
  const { rows, count } = await listRequests(who, readConditions(query, listOptions), readOrder(query, listOptions, []), paging)
  const shown = await showRequests(origin, rows)
  const state: ListState = { path, query, count, page: paging.page, size: paging.size }
  const beyond = redirectToLastPage(state)
  if (beyond) return beyond
  return {
    title: t('Requests'),
    section: 'requests',
    body: (
      <>
        <h1 class="mb-3 leading-8">{t('Requests') as 'safe'}</h1>
        <List
          state={state}
          noun="requests"
          live="requests"
          fields={requestFields}
          hasSearch={false}
          quick={requestFilters}
          empty={
            <Empty
              icon="history"
              title="Nothing has been asked for"
              text="Exports, imports and new tasks are worked on in the background and listed here."
            />
          }
        >
          <table class="grid-table" data-bulk="requests">
            <thead>
              <tr>
                <SelectHead />
                <th scope="col">{say('Request')}</th>
                <th scope="col">{say('Status')}</th>
                <th scope="col">{say('Progress')}</th>
                <th scope="col" class="max-md:hidden">
                  {say('When')}
                </th>
                <th scope="col">
                  <span class="sr-only">{say('Actions')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((request, i) => (
                <RequestRow request={request} done={rows[i]!.progress ?? 0} />
              ))}
            </tbody>
          </table>
        </List>
      </>
    ),
  }
})

export const requestPages = new Elysia({ name: 'request-pages', detail: { hide: true } }).get('/requests', showList)
