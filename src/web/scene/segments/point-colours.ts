// Colours of labelled points by their rows: those of the labels, or one for each instance.
import { unpackValue } from '../../editor/document/cloud-change'
import type { PointValues } from './point-values'

export type ColourBy = 'label' | 'instance'
/** What of the labels is not shown: its points are painted like what lies behind them. */
export type Hidden = ReadonlySet<number>

/** Over the usual colours, which shine through a little so that shapes can still be seen. */
const opacity = 225
const backdrop = [13, 17, 23] as const

const readHex = (colour: string): [number, number, number] => {
  const number = Number.parseInt(colour.slice(1), 16)
  return [(number >> 16) & 255, (number >> 8) & 255, number & 255]
}

/** Steps round the circle of hues that never come near one another for long. */
const hueOf = (instance: number): number => (instance * 137.508) % 360

const fromHue = (hue: number): [number, number, number] => {
  const channel = (shift: number) => {
    const k = (shift + hue / 30) % 12
    return Math.round(255 * (0.58 - 0.38 * Math.max(-1, Math.min(k - 3, 9 - k, 1))))
  }
  return [channel(0), channel(8), channel(4)]
}

export type Painter = { colourOf: (value: number) => readonly [number, number, number, number] }

export const createPainter = (labels: ReadonlyMap<number, { color: string }>, by: ColourBy, hidden: Hidden): Painter => {
  const known = new Map<number, readonly [number, number, number, number]>()
  const find = (value: number): readonly [number, number, number, number] => {
    const { labelId, instance } = unpackValue(value)
    if (hidden.has(labelId)) return [...backdrop, 255]
    const colour = by === 'instance' && instance > 0 ? fromHue(hueOf(instance)) : readHex(labels.get(labelId)?.color ?? '#ffffff')
    return [...colour, opacity]
  }
  return {
    colourOf: (value) => {
      const there = known.get(value) ?? find(value)
      known.set(value, there)
      return there
    },
  }
}

/** Paints rows `from` to `to`; unlabelled ones keep the usual colour. */
export const paintRows = (colours: Uint8Array, values: PointValues, painter: Painter, from: number, to: number): void => {
  const { cells } = values
  for (let row = from; row < to; ) {
    const cell = cells[row]!
    let end = row + 1
    while (end < to && cells[end] === cell) end++
    if (cell === 0) colours.fill(0, row * 4, end * 4)
    else {
      const [red, green, blue, alpha] = painter.colourOf(values.valueOfCell(cell))
      for (let at = row * 4; at < end * 4; at += 4) {
        colours[at] = red
        colours[at + 1] = green
        colours[at + 2] = blue
        colours[at + 3] = alpha
      }
    }
    row = end
  }
}
