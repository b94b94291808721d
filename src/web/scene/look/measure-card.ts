// What the measure tool has found, over the perspective view.
import type { Ground } from '../../../formats/geometry3d/ground'
import { heightAbove } from '../../../formats/geometry3d/ground'
import type { Vector } from '../../../formats/geometry3d/rotation'
import { t } from '../../editor/i18n/message'
import { h, setText } from '../../editor/ui/dom'
import type { Drawing } from '../workspace'
import type { Measured } from './measure-tool'

export type MeasuredValues = {
  distance: number
  /** From the first to the second point, along the axes of the file. */
  by: Vector
  /** Of both points above the ground, where that is known. */
  heights: [number, number] | null
}

/** Metres. Of one point alone: its height. */
export const computeMeasured = (from: Vector, to: Vector, ground: Ground | null): MeasuredValues => {
  const by: Vector = [to[0] - from[0], to[1] - from[1], to[2] - from[2]]
  return {
    distance: Math.hypot(...by),
    by,
    heights: ground && [heightAbove(ground, ...from), heightAbove(ground, ...to)],
  }
}

const colour = '#ffd43b'

/** The way between the points, and its parts along the axes. */
export const drawMeasured = ({ from, to }: Measured): Drawing[] => {
  const end = to ?? from
  const [corner, above]: Vector[] = [
    [end[0], from[1], from[2]],
    [end[0], end[1], from[2]],
  ] as [Vector, Vector]
  return [
    { dots: [...from, ...end], dotSize: 7, colour, lines: to ? [...from, ...to] : [] },
    ...(to
      ? [{ lines: [...from, ...corner!, ...corner!, ...above!, ...above!, ...to], colour, opacity: 0.6, dashed: true }]
      : []),
  ]
}

const metres = (value: number) => `${value.toFixed(2)} m`

export const makeMeasureCard = (close: () => void) => {
  const words = ['distance', 'x', 'y', 'z', 'heights'].map((name) => h('span', { 'data-testid': `look-measure-${name}` }))
  const button = h('button', {
    ...{ type: 'button', class: 'ed-push ed-tiny', 'data-testid': 'look-measure-close', text: t('Done') },
    on: { click: close },
  })
  const element = h('div', { class: 'sl-measure', role: 'status', 'data-testid': 'look-measure' }, ...words, button)
  element.hidden = true
  return {
    element,
    show: (measured: Measured | null, ground: Ground | null) => {
      element.hidden = measured === null
      if (!measured) return
      const { distance, by, heights } = computeMeasured(measured.from, measured.to ?? measured.from, ground)
      const [total, x, y, z, above] = words as [HTMLElement, HTMLElement, HTMLElement, HTMLElement, HTMLElement]
      const isPair = measured.to !== null
      setText(total, isPair ? metres(distance) : '')
      for (const [span, name, value] of [
        [x, 'x', by[0]],
        [y, 'y', by[1]],
        [z, 'z', by[2]],
      ] as const)
        setText(span, isPair ? `Δ${name} ${metres(value)}` : '')
      const shown = heights && (isPair ? heights : heights.slice(0, 1)).map(metres).join(' → ')
      setText(above, shown ? t('above the ground: {height}', { height: shown }) : '')
      element.dataset.done = String(measured.isDone)
    },
  }
}
