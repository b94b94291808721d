// Labels as backups hold them: without ids, sublabels named in the drawing of their skeleton.
import type { Attribute } from '../../formats/model'
import type { LabelTree } from '../labels/service'
import type { BackupAttribute, BackupLabel } from './layout'

const describeAttribute = ({ name, mutable, input_type, default_value, values }: Attribute): BackupAttribute => ({
  name,
  mutable,
  input_type,
  default_value,
  values,
})

const escapeValue = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

const nameSublabels = (svg: string, sublabels: LabelTree[]) => {
  const names = new Map(sublabels.map(({ id, name }) => [String(id), name]))
  return svg.replace(/data-label-id="(\d+)"/g, (whole, id) =>
    names.has(id) ? `data-label-name="${escapeValue(names.get(id)!)}"` : whole,
  )
}

export const describeLabel = (label: LabelTree): BackupLabel => ({
  name: label.name,
  color: label.color,
  attributes: label.attributes.map(describeAttribute),
  type: label.type,
  sublabels: label.sublabels.map(({ name, color, attributes, type }) => ({
    name,
    color,
    attributes: attributes.map(describeAttribute),
    type,
  })),
  ...(label.type === 'skeleton' && { svg: nameSublabels(label.svg ?? '', label.sublabels) }),
})
