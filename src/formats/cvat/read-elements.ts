// Builds annotations from the elements of CVAT's XML as they open and close.

import type { Finding, ReadContext } from '../format'
import { FormatError } from '../format-error'
import type { FrameInfo } from '../match'
import { resolveAttributes } from '../match'
import type { Label, Shape, ShapeType } from '../model'
import { createFieldReader, type Fields, readGeometry } from './read-geometry'
import { buildTrack, type TrackKey, type TrackUnderWay } from './read-track'
import { elementNames } from './shape-xml'

export type ElementReader = {
  open(name: string, attributes: Record<string, string>, line: number): void
  text(text: string): void
  close(name: string, line: number): void
  /** What was completed since the last call. */
  takeFindings(): Finding[]
}

const shapeTypesByElement = new Map(Object.entries(elementNames).map(([type, name]) => [name, type as ShapeType]))

/** A shape or tag that is open, with what was read of it so far. */
type Opened = {
  kind: 'shape' | 'element' | 'tag'
  type: ShapeType
  label: Label
  fields: Fields
  values: Map<string, string>
  /** Of a skeleton. */
  elements: TrackKey[]
}

/** Feeds on the events below the root element. */
export function createElementReader(file: string, { labels, frames }: ReadContext): ElementReader {
  let findings: Finding[] = []
  let image: FrameInfo | undefined
  let track: TrackUnderWay | undefined
  const opened: Opened[] = []
  let attribute: { name: string; text: string } | undefined

  const open: ElementReader['open'] = (name, raw, line) => {
    const fields = createFieldReader(raw, { file: file || undefined, line, item: `<${name}>` })
    if (attribute) throw fields.fail('an attribute holds text only')
    if (name === 'attribute' && opened.length > 0) attribute = { name: fields.text('name'), text: '' }
    else if (name === 'image' && !image && !track) image = findImage(fields)
    else if (name === 'track' && !image && !track) {
      track = { label: labels.get(fields.text('label'), fields.place), group: fields.integer('group_id', 0), keys: [], fields }
    } else if (image || track) opened.push(openAnnotation(name, fields))
    else throw fields.fail('this element does not belong here')
  }

  const findImage = (fields: Fields): FrameInfo => {
    const name = fields.optional('name')
    const id = fields.optional('id')
    const found = (name && frames.find(name)) || (id !== undefined ? frames.fromSource(fields.integer('id')) : undefined)
    const frame = found ?? frames.miss(name || id || '', fields.place)
    frames.learn?.(frame, {
      subset: fields.optional('subset'),
      ...(fields.optional('width') && fields.optional('height')
        ? { width: fields.integer('width'), height: fields.integer('height') }
        : {}),
    })
    return frame
  }

  const openAnnotation = (name: string, fields: Fields): Opened => {
    const parent = opened.at(-1)
    const common = { fields, values: new Map<string, string>(), elements: [] }
    if (parent) {
      if (parent.type !== 'skeleton' || parent.kind !== 'shape' || name !== 'points')
        throw fields.fail('this element does not belong here')
      return {
        ...common,
        kind: 'element',
        type: 'points',
        label: labels.getSublabel(parent.label, fields.text('label'), fields.place),
      }
    }
    if (name === 'tag' && image)
      return { ...common, kind: 'tag', type: 'points', label: labels.get(fields.text('label'), fields.place) }
    const type = shapeTypesByElement.get(name)
    if (!type) throw fields.fail('this element is not known')
    return { ...common, kind: 'shape', type, label: track?.label ?? labels.get(fields.text('label'), fields.place) }
  }

  const close: ElementReader['close'] = (name) => {
    if (attribute) {
      opened.at(-1)!.values.set(attribute.name, attribute.text)
      attribute = undefined
    } else if (opened.length > 0) finish(opened.pop()!)
    else if (name === 'track' && track) {
      findings.push(...buildTrack(track))
      track = undefined
    } else if (name === 'image') image = undefined
  }

  const finish = (annotation: Opened) => {
    const { kind, fields, label, values } = annotation
    if (kind === 'element') opened.at(-1)!.elements.push(createKey(annotation))
    else if (track) track.keys.push(createKey(annotation))
    else if (kind === 'tag') {
      const attributes = resolveAttributes(label, values)
      const group = fields.integer('group_id', 0)
      findings.push({ kind: 'tag', tag: { frame: image!.frame, label_id: label.id, group, source: 'file', attributes } })
    } else findings.push({ kind: 'shape', shape: createShape(createKey(annotation), image!.frame) })
  }

  const createKey = ({ kind, type, label, fields, values, elements }: Opened): TrackKey => {
    const isTracked = track !== undefined
    const isKey = isTracked && fields.flag('keyframe')
    // Only key frames are looked at, so that interpolated frames need not be frames of this task.
    const frame =
      isTracked && kind === 'shape' && (isKey || elements.some((element) => element.isKey)) ? findTrackFrame(fields) : -1
    return {
      isKey,
      label,
      values,
      elements,
      body: {
        type,
        frame,
        ...readGeometry(type, fields, kind === 'element' ? 1 : undefined),
        occluded: fields.flag('occluded'),
        outside: fields.flag('outside'),
        z_order: fields.integer('z_order', 0),
        attributes: [],
      },
      group: fields.integer('group_id', 0),
    }
  }

  const findTrackFrame = (fields: Fields): number => {
    const sourceFrame = fields.integer('frame')
    const frame = frames.fromSource(sourceFrame) ?? frames.miss(String(sourceFrame), fields.place)
    frames.learn?.(frame, { subset: track!.fields.optional('subset') })
    return frame.frame
  }

  return {
    open,
    close,
    text: (text) => {
      if (attribute) attribute.text += text
      else if (text.trim() !== '') throw new FormatError('The XML has text where none belongs', { file: file || undefined })
    },
    takeFindings: () => {
      const taken = findings
      findings = []
      return taken
    },
  }
}

function createShape({ body, label, values, elements, group }: TrackKey, frame: number): Shape {
  return {
    ...body,
    frame,
    label_id: label.id,
    group,
    source: 'file',
    score: 1,
    attributes: resolveAttributes(label, values),
    elements: elements.map((element) => createShape(element, frame)),
  }
}
