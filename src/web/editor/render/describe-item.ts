// What is written beside an object, as the settings choose: label, number, source, dimensions, layer, attributes.
import { isSpatial } from '../../../formats/geometry/interpolation'
import type { Item } from '../document/scene'
import type { Editor } from '../editor'
import { listValues } from '../filters/facts'
import { t } from '../i18n/message'
import { shapeKinds } from '../shapes/registry'
import type { Body } from '../shapes/shape-kind'

const blankValue = '__undefined__'

const describeSize = (item: Item): string => {
  if (!item.body) return ''
  if (item.body.type === 'cuboid' && isSpatial(item.body.points))
    return item.body.points
      .slice(6, 9)
      .map((length) => length.toFixed(2))
      .join(' × ')
  const box = shapeKinds[item.body.type].bounds({ ...item.body, rotation: 0, elements: item.elements } as Body)
  const turned = item.body.rotation ? ` ${item.body.rotation.toFixed(1)}°` : ''
  return `${(box.right - box.left).toFixed(1)} × ${(box.bottom - box.top).toFixed(1)}${turned}`
}

const describeMore = (item: Item): string => {
  const { object } = item
  const score =
    object.kind === 'shape' && object.data.score < 1 ? t('score {score}', { score: object.data.score.toFixed(2) }) : ''
  const group = object.data.group > 0 ? t('group {group}', { group: object.data.group }) : ''
  return [score, group].filter(Boolean).join(', ')
}

/** Lines in the order of the settings; nothing chosen gives nothing. */
export const describeItem = (editor: Editor, item: Item): string => {
  const { settings } = editor.state
  const { object } = item
  const label = editor.job.labels.get(object.data.label_id)
  const head = [
    settings.textLabel ? (label?.name ?? '?') : '',
    settings.textId ? String(item.clientId) : '',
    settings.textSource ? `(${object.data.source ?? 'manual'})` : '',
  ]
  const values = settings.textAttributes ? listValues(item) : []
  const attributes = (label?.attributes ?? []).flatMap((attribute) => {
    const value = values.find((one) => one.spec_id === attribute.id)?.value
    return value === undefined || value === blankValue ? [] : [`${attribute.name}: ${value}`]
  })
  return [
    head.filter(Boolean).join(' '),
    settings.textDimensions ? describeSize(item) : '',
    settings.textLayer && item.body ? t('layer {layer}', { layer: item.body.z_order }) : '',
    settings.textDescriptions ? describeMore(item) : '',
    ...attributes,
  ]
    .filter(Boolean)
    .join('\n')
}
