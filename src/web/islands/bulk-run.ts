// Does one thing to each of several rows, one after the other: shows how far it is, can be stopped, tells what failed and tries that again.
import { describeProblem } from './api'
import { cancelButton, openDialog } from './dialog'
import { element } from './element'
import { t } from './i18n/message'
import { showInfo } from './toast'

export type Work = (id: string, index: number) => Promise<unknown>
export type Run = {
  ids: string[]
  /** `3 tasks` */
  nounOf: (count: number) => string
  /** What has been done: `deleted`. */
  what: string
  work: Work
  /** Shows the rows as they are now. */
  refresh: () => Promise<void>
}
type Failure = { id: string; problem: string }

const tellFailures = (run: Run, failures: Failure[], again: (ids: string[]) => void) => {
  const dialog = openDialog({
    title: t('Not {what}: {things}', { what: run.what, things: run.nounOf(failures.length) }),
    testid: 'bulk-failures',
    body: [
      element(
        'ul',
        { class: 'grid max-h-72 gap-1.5 overflow-y-auto', dir: 'auto' },
        ...failures.map(({ id, problem }) =>
          element('li', { class: 'break-words' }, /^\d+$/.test(id) ? `#${id}: ${problem}` : problem),
        ),
      ),
    ],
    buttons: [
      cancelButton(),
      element('button', { type: 'submit', class: 'btn btn-primary', 'data-testid': 'bulk-retry' }, t('Try again')),
    ],
  })
  dialog.querySelector('form')!.addEventListener('submit', () => again(failures.map(({ id }) => id)))
}

const makeProgress = (total: number) => {
  let isStopped = false
  const text = element('span', { class: 'num min-w-24 font-medium', 'aria-live': 'polite', 'data-testid': 'bulk-progress' })
  const bar = element('progress', { class: 'w-32', max: total, value: 0, 'aria-label': t('Progress') })
  const stop = element(
    'button',
    {
      type: 'button',
      class: 'btn btn-small',
      'data-testid': 'bulk-stop',
      onclick: () => {
        isStopped = true
        stop.disabled = true
      },
    },
    t('Stop'),
  )
  const show = (done: number) => {
    text.textContent = t('{done} of {total}', { done: Math.min(done + 1, total), total })
    bar.value = done
  }
  return { parts: [text, bar, stop], show, isStopped: () => isStopped }
}

/** Runs it with its progress in `place`. Settles when the rows are shown anew; failures stay in a dialog. */
export const runForAll = async (run: Run, place: HTMLElement): Promise<void> => {
  const { ids, nounOf, what, work, refresh } = run
  const { parts, show, isStopped } = makeProgress(ids.length)
  place.replaceChildren(...parts)
  const failures: Failure[] = []
  let tried = 0
  for (const [i, id] of ids.entries()) {
    if (isStopped()) break
    show(i)
    await work(id, i).catch((problem) => failures.push({ id, problem: describeProblem(problem) }))
    tried++
  }
  place.remove()
  // The rows first: who reads the message finds them as it says.
  await refresh()
  const done = tried - failures.length
  const rest = ids.length - tried
  const told = t('{things} {what}.', { things: nounOf(done), what })
  if (done || rest) showInfo(rest ? `${told} ${t('Stopped before {count} more.', { count: rest })}` : told)
  if (failures.length) tellFailures(run, failures, (again) => void runForAll({ ...run, ids: again }, openPlace()))
}

/** The bar at the bottom in which chosen rows are counted and worked on. */
export const openPlace = (): HTMLElement => {
  const place = element('div', {
    class: 'float fixed inset-x-3 bottom-4 z-30 mx-auto flex w-fit flex-wrap items-center gap-2 px-3 py-2',
    role: 'toolbar',
    id: 'bulk-bar',
    'aria-label': t('Chosen rows'),
  })
  ;(document.getElementById('content') ?? document.body).append(place)
  return place
}
