// The tab of the side bar with what pictures are good for: cuboids over them, colours from them, and what is wrong with the calibration.
import { t, tn } from '../../editor/i18n/message'
import { h, setText } from '../../editor/ui/dom'
import type { JobCalibration } from './calibration'

export type FusionSwitches = {
  /** Cuboids are drawn on the pictures. */
  draws: boolean
  /** Points have the colours of the pictures. */
  colours: boolean
  /** The pointer is shown in the other views, too. */
  points: boolean
}

export type FusionPanel = {
  element: HTMLElement
  showCalibration: (calibration: JobCalibration | null, reason?: string) => void
  /** What colouring is doing, or why it cannot. */
  showState: (words: string) => void
}

export const makeFusionPanel = (switches: FusionSwitches, change: (part: Partial<FusionSwitches>) => void): FusionPanel => {
  const check = (name: keyof FusionSwitches, testId: string, words: string) => {
    const input = h('input', { type: 'checkbox', 'data-testid': testId, on: { change: () => change({ [name]: input.checked }) } })
    input.checked = switches[name]
    return { input, element: h('label', { class: 'ed-check' }, input, h('span', { text: words })) }
  }
  const draws = check('draws', 'fusion-cuboids', t('Cuboids on the pictures'))
  const points = check('points', 'fusion-pointer', t('Show the pointer in pictures and views'))
  const colours = check('colours', 'fusion-colour', t('Points in the colours of the pictures'))
  const said = h('p', { class: 'sf-note', 'data-testid': 'fusion-state', role: 'status' })
  const about = h('p', { class: 'sf-note', 'data-testid': 'fusion-about' })
  const problems = h('ul', { class: 'sf-problems', 'data-testid': 'fusion-problems' })
  const element = h(
    'div',
    { class: 'sf-panel', 'data-testid': 'fusion-panel' },
    about,
    draws.element,
    points.element,
    colours.element,
    said,
    problems,
  )
  return {
    element,
    showCalibration: (calibration, reason) => {
      const isThere = (calibration?.files.length ?? 0) > 0
      for (const { input } of [draws, points, colours]) input.disabled = !isThere
      setText(
        about,
        reason ??
          (isThere
            ? tn(calibration!.files.length, 'Calibration from one file', 'Calibration from {count} files')
            : t('The task has no calibration yet: it can be added on the page of the task.')),
      )
      problems.replaceChildren(...(calibration?.problems ?? []).map(({ message }) => h('li', { text: message, dir: 'auto' })))
    },
    showState: (words) => setText(said, words),
  }
}
