// The <meta> block of CVAT's XML: what was exported, and its labels.

import type { XmlWriter } from '../io/xml-writer'
import { escapeAttribute } from '../io/xml-writer'
import type { Dataset, DatasetInfo, Label, PersonRef } from '../model'
import { listLabels, sortLabelAttributes } from '../typed-attributes'

/** Writes `<version>` and `<meta>`; `subsets` are those of a project's tasks. */
export function writeMeta(xml: XmlWriter, { info, labels }: Pick<Dataset, 'info' | 'labels'>, now: Date): void {
  xml.leaf('version', '1.1')
  xml.open('meta')
  if (info.kind === 'project') writeProject(xml, info, labels)
  else writeTask(xml, info, labels)
  xml.leaf('dumped', formatTime(now))
  xml.close()
}

function writeProject(xml: XmlWriter, info: DatasetInfo, labels: readonly Label[]): void {
  const tasks = info.tasks ?? []
  xml.open('project')
  xml.leaf('id', info.id)
  xml.leaf('name', info.name)
  xml.leaf('bugtracker', info.bugtracker)
  xml.leaf('created', formatTime(info.created))
  xml.leaf('updated', formatTime(info.updated))
  xml.open('tasks')
  for (const task of tasks) writeTask(xml, task)
  xml.close()
  xml.leaf('subsets', [...new Set(tasks.map(({ subset }) => subset || 'default'))].join('\n'))
  writePerson(xml, 'owner', info.owner)
  writePerson(xml, 'assignee', info.assignee)
  writeLabels(xml, labels)
  xml.close()
}

function writeTask(xml: XmlWriter, info: DatasetInfo, labels?: readonly Label[]): void {
  const isJob = info.kind === 'job'
  xml.open(isJob ? 'job' : 'task')
  xml.leaf('id', info.id)
  if (!isJob) xml.leaf('name', info.name)
  xml.leaf('size', info.size)
  xml.leaf('mode', info.mode)
  xml.leaf('overlap', info.overlap)
  xml.leaf('bugtracker', info.bugtracker)
  xml.leaf('created', formatTime(info.created))
  xml.leaf('updated', formatTime(info.updated))
  xml.leaf('subset', info.subset || 'default')
  xml.leaf('start_frame', info.startFrame)
  xml.leaf('stop_frame', info.stopFrame)
  xml.leaf('frame_filter', info.frameFilter)
  xml.open('segments')
  for (const { id, start, stop, url } of info.segments) {
    xml.open('segment')
    xml.leaf('id', id)
    xml.leaf('start', start)
    xml.leaf('stop', stop)
    xml.leaf('url', url)
    xml.close()
  }
  xml.close()
  writePerson(xml, 'owner', info.owner)
  writePerson(xml, 'assignee', info.assignee)
  if (labels) writeLabels(xml, labels)
  if (info.video) {
    xml.open('original_size')
    xml.leaf('width', info.video.width)
    xml.leaf('height', info.video.height)
    xml.close()
    xml.leaf('source', info.video.source)
  }
  xml.close()
}

function writePerson(xml: XmlWriter, role: string, person: PersonRef | null): void {
  if (!person) {
    xml.leaf(role, '')
    return
  }
  xml.open(role)
  xml.leaf('username', person.username)
  xml.leaf('email', person.email)
  xml.close()
}

function writeLabels(xml: XmlWriter, labels: readonly Label[]): void {
  xml.open('labels')
  for (const { label, parent } of listLabels(sortLabelAttributes(labels))) {
    xml.open('label')
    xml.leaf('name', label.name)
    xml.leaf('color', label.color)
    xml.leaf('type', label.type)
    xml.open('attributes')
    for (const attribute of label.attributes) {
      xml.open('attribute')
      xml.leaf('name', attribute.name)
      xml.leaf('mutable', attribute.mutable ? 'True' : 'False')
      xml.leaf('input_type', attribute.input_type)
      xml.leaf('default_value', attribute.default_value)
      xml.leaf('values', attribute.values.join('\n'))
      xml.close()
    }
    xml.close()
    if (label.type === 'skeleton') xml.leaf('svg', nameSvgLabels(label))
    if (parent) xml.leaf('parent', parent.name)
    xml.close()
  }
  xml.close()
}

/** Sub labels are known by name in files, by id in the API. */
function nameSvgLabels({ svg = '', sublabels }: Label): string {
  return svg.replace(/data-label-id="(\d+)"/g, (whole, id) => {
    const sublabel = sublabels.find((candidate) => candidate.id === Number(id))
    return sublabel ? `data-label-name="${escapeAttribute(sublabel.name)}"` : whole
  })
}

/** `2025-11-03 10:20:30.123000+00:00`; without the fraction when it is zero. */
export function formatTime(time: Date): string {
  const text = time.toISOString()
  const fraction = text.slice(20, 23)
  return `${text.slice(0, 10)} ${text.slice(11, 19)}${fraction === '000' ? '' : `.${fraction}000`}+00:00`
}
