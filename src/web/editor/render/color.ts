// Which colour an object has, and colours with an opacity for the canvas.
import type { Label } from '../../../formats/model'
import type { EditorObject } from '../document/object'
import type { Appearance } from '../state'

/** Hues far apart for neighbours in number: multiples of the golden angle. */
const makeColor = (index: number): string => {
  const hue = (index * 137.508) % 360
  const channel = (n: number): string => {
    const k = (n + hue / 30) % 12
    const value = 0.55 - 0.39 * Math.max(-1, Math.min(k - 3, 9 - k, 1))
    return Math.round(255 * value)
      .toString(16)
      .padStart(2, '0')
  }
  return `#${channel(0)}${channel(8)}${channel(4)}`
}

const neutral = '#9aa4b2'

/** Colours chosen for groups, by their number; others get one by their number. */
export const groupColors = new Map<number, string>()

export const colorOf = (object: EditorObject, labels: ReadonlyMap<number, Label>, by: Appearance['colorBy']): string => {
  if (object.color) return object.color
  if (by === 'instance') return makeColor(object.clientId)
  if (by === 'group')
    return object.data.group > 0 ? (groupColors.get(object.data.group) ?? makeColor(object.data.group)) : neutral
  return labels.get(object.data.label_id)?.color || neutral
}

/** `#rrggbb` with an opacity of 0 to 1; other notations are returned as they are. */
export const fade = (color: string, opacity: number): string => {
  if (!/^#[0-9a-f]{6}$/i.test(color)) return color
  const alpha = Math.round(Math.min(Math.max(opacity, 0), 1) * 255)
  return color + alpha.toString(16).padStart(2, '0')
}

/** The next colour of the wheel, for going through colours by key. */
export const nextColor = (color: string | null): string => {
  const index = Array.from({ length: 24 }, (_, i) => makeColor(i)).indexOf(color ?? '')
  return makeColor((index + 1) % 24)
}
