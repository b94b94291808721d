// Finishing a job: where the settings of quality control say so it is checked at once, and people learn whether it is good enough.
import type { Editor } from '../editor'
import { t, tn } from '../i18n/message'
import { ApiError, call } from '../save/api'
import { openDialog } from '../ui/dialog'
import { h } from '../ui/dom'

/** Whether the job is checked when it is finished. */
export type Check = { attemptsLeft: number }

type Verdict = {
  passed: boolean
  metric: string
  score: number | null
  threshold: number | null
  attempts_left: number
}

const path = (editor: Editor) => `/api/quality/jobs/${editor.job.info.id}/validation`

/** Null when nothing is checked: the settings do not want it, no attempt is left, or the job is past annotation. */
export const readCheck = async (editor: Editor): Promise<Check | null> => {
  if (editor.job.info.stage !== 'annotation') return null
  try {
    const answer = (await (await call(path(editor))).json()) as { enabled: boolean; attempts_left: number }
    return answer.enabled && answer.attempts_left > 0 ? { attemptsLeft: answer.attempts_left } : null
  } catch {
    return null
  }
}

/** What is said before a job is finished. */
export const describeCheck = ({ attemptsLeft }: Check): string =>
  tn(
    attemptsLeft,
    'Some frames are compared with the ground truth at once. This is the last attempt.',
    'Some frames are compared with the ground truth at once. {count} attempts are left.',
  )

const formatShare = (value: number | null) => (value === null ? '–' : `${Math.round(value * 1000) / 10} %`)

const complete = async (editor: Editor): Promise<void> => {
  const job = await editor.api.updateJob({ state: 'completed' })
  editor.store.set({ jobState: job.state })
}

const showVerdict = (root: HTMLElement, verdict: Verdict): void => {
  const { passed, score, threshold, attempts_left: left } = verdict
  const advice = passed
    ? t('The job is accepted and completed.')
    : left > 0
      ? tn(left, 'Look over your work again. One attempt is left.', 'Look over your work again. {count} attempts are left.')
      : t('No attempts are left: the job is completed as it is, and somebody reviews it.')
  openDialog(root, {
    testId: 'validation-dialog',
    title: passed ? t('Good enough') : t('Not good enough yet'),
    body: [
      h('p', { class: 'ed-verdict', 'data-testid': 'validation-score', 'data-passed': passed, text: formatShare(score) }),
      h('p', { text: t('{share} are needed.', { share: formatShare(threshold) }) }),
      h('p', { 'data-testid': 'validation-advice', 'data-left': left, text: advice }),
    ],
    onDismiss: () => {},
    choices: [
      { testId: 'dialog-ok', title: passed || left === 0 ? t('Close') : t('Go on annotating'), tone: 'accent', run: () => {} },
    ],
  })
}

/** The verdict; null when there is nothing to compare after all, such as no finished ground truth. */
const judge = async (editor: Editor): Promise<Verdict | null> => {
  try {
    return (await (await call(path(editor), { method: 'POST' })).json()) as Verdict
  } catch (error) {
    if (error instanceof ApiError && error.status === 400) return null
    throw error
  }
}

/** Sets the state of the saved job to completed, after a check where there is one. */
export const finishJob = async (editor: Editor, root: HTMLElement, check: Check | null): Promise<void> => {
  try {
    const verdict = check && (await judge(editor))
    if (verdict?.passed) editor.store.set({ jobState: 'completed' })
    else if (!verdict || verdict.attempts_left === 0) await complete(editor)
    if (verdict) showVerdict(root, verdict)
    else editor.explain('The job is completed')
  } catch (error) {
    editor.explain(t('The job was not finished: {reason}', { reason: (error as Error).message }), 'error')
  }
}
