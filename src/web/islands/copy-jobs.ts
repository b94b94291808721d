// Puts the jobs of a task on the clipboard as text: links, ranges of frames, people, stages and states.
import { callApi, describeProblem } from './api'
import { openDialog } from './dialog'
import { element } from './element'
import { t, tn } from './i18n/message'
import { showError, showInfo } from './toast'

export type CopiedJob = {
  id: number
  task_id: number
  type: string
  start_frame: number
  stop_frame: number
  stage: string
  state: string
  assignee: { username: string } | null
}

/** One line a job, as it is pasted into a message or a sheet. */
export const describeJobs = (origin: string, jobs: readonly CopiedJob[]): string =>
  jobs
    .map(({ id, task_id, type, start_frame, stop_frame, stage, state, assignee }) =>
      [
        `${t('Job #{id}', { id })}${type === 'annotation' ? '' : ` (${t(type.replace('_', ' '))})`}`,
        `${origin}/tasks/${task_id}/jobs/${id}`,
        `frames ${start_frame}–${stop_frame}`,
        assignee?.username ?? 'nobody',
        stage,
        state,
      ].join('\t'),
    )
    .join('\n')

/** Without a clipboard, as on a plain http address, the text is shown ready to be copied. */
const showText = (text: string) => {
  const area = element('textarea', {
    class: 'area min-h-48 font-mono text-[12px]',
    readonly: true,
    'aria-label': t('Jobs'),
    'data-testid': 'copied-jobs',
  })
  area.value = text
  openDialog({
    title: t('Jobs of the task'),
    body: [area],
    buttons: [element('button', { type: 'submit', class: 'btn', 'data-testid': 'dialog-cancel' }, t('Close'))],
  })
  area.select()
}

const copy = async (taskId: string) => {
  const { results } = await callApi<{ results: CopiedJob[] }>('GET', `/api/jobs?task_id=${taskId}&sort=id&page_size=all`)
  const text = describeJobs(location.origin, results)
  try {
    await navigator.clipboard.writeText(text)
    showInfo(tn(results.length, '{count} job is on the clipboard.', '{count} jobs are on the clipboard.'))
  } catch {
    showText(text)
  }
}

export const startCopyingJobs = () =>
  document.addEventListener('click', (event) => {
    const button = (event.target as Element).closest<HTMLElement>('[data-copy-jobs]')
    if (button) copy(button.dataset.copyJobs!).catch((problem) => showError(describeProblem(problem)))
  })
