// What the mirror says of one object, or of one point of a skeleton, as data attributes.
import { shapeTypeOf } from '../document/object'
import type { Item } from '../document/scene'
import type { Editor } from '../editor'
import { colorOf } from '../render/color'
import { describeItem } from '../render/describe-item'

/** `part` is the place of an element in its skeleton. */
export type Line = { key: string; item: Item; part: number | null }

export type Values = Record<string, string | number | boolean>

/** An object, and after it the elements that it has. */
export const listLines = (items: Iterable<Item>): Line[] => {
  const lines: Line[] = []
  for (const item of items) {
    lines.push({ key: String(item.clientId), item, part: null })
    for (let part = 0; part < item.elements.length; part++) lines.push({ key: `${item.clientId}.${part}`, item, part })
  }
  return lines
}

/** '', '.01' … '.99' without trailing zeros. */
const fractions = Array.from({ length: 100 }, (_, i) => String(i / 100).slice(1))

/** Rounded to hundredths: put together from whole numbers, which is several times faster than writing fractions. */
const writeNumber = (value: number): string => {
  const hundredths = Math.round(value * 100)
  if (!(hundredths >= 0 && hundredths < 2 ** 31)) return String(hundredths / 100)
  return `${Math.floor(hundredths / 100)}${fractions[hundredths % 100]}`
}

export const joinPoints = (points: readonly number[]): string => {
  let text = ''
  for (let i = 0; i < points.length; i++) text += (i === 0 ? '' : ',') + writeNumber(points[i]!)
  return text
}

/** All that the line depends on besides the object itself; equal marks need no writing. */
export const markLine = (editor: Editor, { item, part }: Line): unknown[] => [
  item.object,
  part === null ? item.body : item.elements[part],
  item.keyframe,
  editor.document.serverId(item.clientId),
  colorOf(item.object, editor.job.labels, editor.state.appearance.colorBy),
  editor.state.settings.textAlways || (part === null && item.clientId === editor.state.activeId),
  editor.state.topLayer,
  editor.state.conflicted,
  editor.state.settings,
]

const isAbove = (editor: Editor, layer: number): boolean => editor.state.topLayer !== null && layer > editor.state.topLayer

export const describeLine = (editor: Editor, { key, item, part }: Line): Values => {
  const { object } = item
  const element = part === null ? null : item.elements[part]!
  const body = element ?? item.body
  const owner = editor.job.labels.get(object.data.label_id)
  const label = (element ? owner?.sublabels.find((one) => one.id === element.label_id)?.name : owner?.name) ?? ''
  const id = element ? ('id' in element ? Number(element.id) : '') : (editor.document.serverId(item.clientId) ?? '')
  return {
    'data-id': id,
    'data-client-id': key,
    'data-shape': element ? element.type : shapeTypeOf(object),
    'data-label': label,
    'data-points': body ? joinPoints(body.points) : '',
    'data-rotation': body?.rotation ?? 0,
    'data-occluded': body?.occluded ?? false,
    'data-hidden': object.hidden || isAbove(editor, body?.z_order ?? 0),
    'data-conflicted': editor.state.conflicted.includes(item.clientId),
    'data-locked': object.locked,
    'data-pinned': object.pinned,
    'data-outside': body?.outside ?? false,
    'data-keyframe': item.keyframe,
    'data-z': body?.z_order ?? 0,
    'data-group': object.data.group,
    'data-kind': object.kind,
    'data-source': object.data.source ?? 'manual',
    'data-color': colorOf(object, editor.job.labels, editor.state.appearance.colorBy),
    'data-text':
      !element && (editor.state.settings.textAlways || item.clientId === editor.state.activeId) ? describeItem(editor, item) : '',
    'data-parent': element ? item.clientId : '',
    'data-ground-truth': false,
    'aria-label': `${label} ${id || key}`,
  }
}
