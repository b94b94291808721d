// Reads KITTI's tracklets: every pose becomes a plain cuboid.

import { createCuboidPoints } from '../cloud-items'
import type { Finding, ReadContext } from '../format'
import { FormatError } from '../format-error'
import { createFoundShape } from '../imported-shapes'
import type { DatasetFile, DatasetFiles } from '../io/dataset-files'
import { parseNumber, readLines } from '../io/text-lines'
import { readXml, type XmlEvent } from '../io/xml-reader'
import type { FrameInfo } from '../match'

const missing = 'Dataset must contain a file: "tracklet_labels.xml"'
const rootName = 'boost_serialization'

function listXml({ bare, list }: DatasetFiles): readonly DatasetFile[] {
  return bare ? list : list.filter(({ name }) => /^[^/]+\.xml$/i.test(name))
}

export async function detect(files: DatasetFiles): Promise<boolean> {
  for (const file of listXml(files)) if ((await readRoot(file).catch(() => undefined)) === rootName) return true
  return false
}

async function readRoot(file: DatasetFile): Promise<string | undefined> {
  for await (const events of readXml(file.stream(), { file: file.name, allowBareDoctype: true })) {
    for (const event of events) if (event.kind === 'open') return event.name
  }
  return undefined
}

export async function* read(context: ReadContext): AsyncGenerator<Finding> {
  const sources: DatasetFile[] = []
  for (const file of listXml(context.files)) {
    if (context.files.bare || (await readRoot(file)) === rootName) sources.push(file)
  }
  if (sources.length === 0) throw new FormatError(missing)
  const names = await readNames(context.files.get('frame_list.txt'))
  for (const file of sources) yield* readTracklets(file, names, context)
}

/** `<number> <name>` per line. */
async function readNames(file: DatasetFile | undefined): Promise<Map<number, string>> {
  const names = new Map<number, string>()
  if (!file) return names
  for await (const { text, line } of readLines(file)) {
    if (text.trim() === '') continue
    const [, number, name] = /^\s*(\d{1,15})\s+(.*\S)\s*$/.exec(text) ?? []
    if (number === undefined) throw new FormatError('a number and a name are needed', { file: file.name, line })
    names.set(Number(number), name!)
  }
  return names
}

/** One element with its text and children; only tracklets are ever built up. */
type Node = { name: string; line: number; text: string; children: Node[] }

async function* readTracklets(
  file: DatasetFile,
  names: ReadonlyMap<number, string>,
  context: ReadContext,
): AsyncGenerator<Finding> {
  const path: Node[] = []
  const finished: Node[] = []
  for await (const events of readXml(file.stream(), { file: file.name, allowBareDoctype: true })) {
    for (const event of events) step(event, path, finished, file)
    for (const node of finished.splice(0)) yield* readTracklet(node, file, names, context)
  }
}

/** Tracklets lie on the third level: the root, `tracklets`, `item`. */
const trackletDepth = 3

function step(event: XmlEvent, path: Node[], finished: Node[], file: DatasetFile): void {
  const parent = path.at(-1)
  if (event.kind === 'open') {
    if (!parent && event.name !== rootName) {
      throw new FormatError(`The root is <${event.name}>, not <${rootName}>`, { file: file.name || undefined, line: event.line })
    }
    const node: Node = { name: event.name, line: event.line, text: '', children: [] }
    if (path.length >= trackletDepth) parent!.children.push(node)
    path.push(node)
  } else if (event.kind === 'text') {
    if (parent && path.length > trackletDepth) parent.text += event.text
  } else {
    const node = path.pop()!
    if (path.length === trackletDepth - 1 && node.name === 'item') finished.push(node)
  }
}

/** Truncation values of poses that are not to be used. */
const unusable = new Set([2, 99])

function* readTracklet(
  tracklet: Node,
  file: DatasetFile,
  names: ReadonlyMap<number, string>,
  { labels, frames }: ReadContext,
): Generator<Finding> {
  const fail = (node: Node, reason: string, field?: string) =>
    new FormatError(reason, { file: file.name || undefined, line: node.line, field })
  const find = (node: Node, name: string) => {
    const child = node.children.find((one) => one.name === name)
    if (!child) throw fail(node, 'is missing', name)
    return child
  }
  const getNumber = (node: Node, name: string) => {
    const child = find(node, name)
    const number = parseNumber(child.text)
    if (number === undefined) throw fail(child, `'${child.text.trim()}' is not a finite number`, name)
    return number
  }
  const label = labels.get(find(tracklet, 'objectType').text.trim())
  const size = ['w', 'h', 'l'].map((name) => getNumber(tracklet, name))
  const first = getNumber(tracklet, 'first_frame')
  const poses = find(tracklet, 'poses').children.filter(({ name }) => name === 'item')
  for (const [at, pose] of poses.entries()) {
    if (pose.children.some(({ name }) => name === 'truncation') && unusable.has(getNumber(pose, 'truncation'))) continue
    const place = ['tx', 'ty', 'tz', 'rx', 'ry', 'rz'].map((name) => getNumber(pose, name))
    const hasOcclusion = pose.children.some(({ name }) => name === 'occlusion')
    const occluded = hasOcclusion && getNumber(pose, 'occlusion') > 0
    const frame = matchFrame(first + at, names, frames)
    const points = createCuboidPoints([...place, ...size])
    yield { kind: 'shape', shape: createFoundShape(label, frame, 'cuboid', points, { occluded }) }
  }
}

/** By the name in the list of frames, else by ten digits or the number itself. */
function matchFrame(number: number, names: ReadonlyMap<number, string>, frames: ReadContext['frames']): FrameInfo {
  const name = names.get(number) ?? String(number).padStart(10, '0')
  return frames.match(name, number)
}
