// What of the cloud is drawn, in words: how many points, how far the server is, what is wrong with the file.
import { readLanguage, t } from '../../editor/i18n/message'
import { h, setText } from '../../editor/ui/dom'
import type { CloudFigures } from './cloud-aids'

const count = (value: number): string => new Intl.NumberFormat(readLanguage()).format(value)

export const describeFigures = () => {
  const line = (testId: string, role?: string) => h('p', { class: 'sl-note', 'data-testid': testId, ...(role && { role }) })
  const drawn = line('look-drawn')
  const budget = line('look-budget')
  const tiling = line('look-tiling')
  const dropped = line('look-dropped')
  const problem = line('look-problem', 'alert')
  problem.classList.add('sl-problem')
  const show = (element: HTMLElement, words: string | null) => {
    element.hidden = words === null
    setText(element, words ?? '')
  }
  return {
    element: h('div', { class: 'sl-figures' }, drawn, budget, tiling, dropped, problem),
    update: (figures: CloudFigures | null) => {
      const isKnown = figures !== null && figures.points > 0
      const { points, loaded, progress } = figures ?? { points: 0, loaded: 0, progress: 0 }
      show(
        drawn,
        isKnown
          ? t('{drawn} of {points} points, {loaded} in memory', {
              drawn: count(figures.drawn),
              points: count(points),
              loaded: count(loaded),
            })
          : t('No points yet'),
      )
      show(budget, isKnown ? t('Up to {count} while the view moves', { count: count(figures.budget) }) : null)
      show(
        tiling,
        isKnown && progress < 1 && !figures.problem
          ? t('A sample is shown; the server prepares the rest: {percent} %', { percent: Math.floor(progress * 100) })
          : null,
      )
      show(
        dropped,
        figures && figures.dropped > 0
          ? t('{count} points of the file have no finite place and are left out', { count: count(figures.dropped) })
          : null,
      )
      show(problem, figures?.problem ?? null)
    },
  }
}
