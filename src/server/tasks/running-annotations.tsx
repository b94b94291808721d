// The models that annotate a task or its jobs right now, with their progress and a button that stops them; on the page of the task.
import { and, eq, inArray } from 'drizzle-orm'
import { say, t } from '../../web/ui/i18n/message'
import { Icon } from '../../web/ui/icon'
import type { Who } from '../policy/who'
import { requests } from '../requests/schema'
import { canCancel, listRequests } from '../requests/service'

const mostShown = 20

/** Those that the person may see, the newest first. */
export const listRunningAnnotations = async (who: Who, taskId: number) => {
  const where = and(
    eq(requests.taskId as any, taskId),
    eq(requests.action as any, 'autoannotate'),
    inArray(requests.status as any, ['queued', 'started']),
  )!
  return (await listRequests(who, [where], [], { page: 1, size: mostShown, offset: 0 })).rows
}

export type Running = Awaited<ReturnType<typeof listRunningAnnotations>>[number]

export const RunningAnnotations = ({ running }: { running: Running[] }): JSX.Element => (
  <>
    {running.map((request) => (
      <section
        class="card mb-4 flex flex-wrap items-center gap-3 p-4"
        data-testid="task-annotating"
        aria-label={t('Automatic annotation')}
      >
        <Icon name="bot" />
        <span class="grid min-w-40 flex-1 gap-1.5">
          <span class="num flex gap-2 text-[13px]">
            <span class="min-w-0 flex-1 truncate" dir="auto" safe>
              {request.jobId === null ? t('Automatic annotation') : t('Automatic annotation of job #{id}', { id: request.jobId })}
            </span>
            <span class="text-muted" safe>
              {request.status === 'queued' ? t('Waits for its turn') : `${Math.round((request.progress ?? 0) * 100)} %`}
            </span>
          </span>
          <progress value={String(request.progress ?? 0)} max="1" aria-label={t('Progress')}></progress>
        </span>
        {canCancel(request) ? (
          <button type="button" class="btn btn-small" data-cancel-request={request.id} data-testid="task-annotating-stop">
            {say('Cancel')}
          </button>
        ) : (
          ''
        )}
        <a class="link text-[13px]" href="/requests">
          {say('Requests')}
        </a>
      </section>
    ))}
  </>
)
