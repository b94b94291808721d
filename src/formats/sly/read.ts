// Reads Supervisely's point clouds.

import { createCuboidPoints } from '../cloud-items'
import type { Finding, ReadContext } from '../format'
import { FormatError } from '../format-error'
import { createFoundShape } from '../imported-shapes'
import { createTrackCollector, type TrackCollector } from '../imported-tracks'
import type { DatasetFile, DatasetFiles } from '../io/dataset-files'
import { readJsonPieces } from '../io/json-reader'
import { asBoolean, asNumber, asObject, asText, createMemberReader, type Members } from '../json-values'
import type { FrameInfo } from '../match'

const needed = ['meta.json', 'key_id_map.json']
const cloudPattern = /^(?:.*\/)?ann\/([^/]+?)(?:\.pcd)?\.json$/i

export async function detect(files: DatasetFiles): Promise<boolean> {
  return needed.every((name) => files.get(name)) && !files.bare
}

export async function* read(context: ReadContext): AsyncGenerator<Finding> {
  for (const name of needed) if (!context.files.get(name)) throw new FormatError(`Dataset must contain a file: "${name}"`)
  const clouds = context.files.list.filter(({ name }) => cloudPattern.test(name))
  if (clouds.length === 0) throw new FormatError('Dataset must contain a file: "ds*/ann/<name>.pcd.json"')
  const numbers = await readFrameNumbers(context.files.get('key_id_map.json')!)
  await checkJson(context.files.get('meta.json')!)
  const tracks = createTrackCollector(context.frames)
  for (const file of clouds) yield* readCloud(file, numbers, tracks, context)
  yield* tracks.list()
}

/** Frames by the keys of their clouds. */
async function readFrameNumbers(file: DatasetFile): Promise<Map<string, number>> {
  const numbers = new Map<string, number>()
  for await (const pieces of readJsonPieces(file.stream(), { file: file.name, keys: new Set(['videos']) })) {
    for (const { value } of pieces) {
      const videos = createMemberReader(value, { file: file.name, item: 'videos' })
      for (const key of Object.keys(value as object)) numbers.set(key, videos.require(key, asNumber))
    }
  }
  return numbers
}

async function checkJson(file: DatasetFile): Promise<void> {
  for await (const _ of readJsonPieces(file.stream(), { file: file.name, keys: new Set() })) {
  }
}

type Cloud = { key: string | undefined; objects: Map<string, SlyObject>; figures: Members[] }
type SlyObject = { classTitle: string; values: Map<string, string> }

async function* readCloud(
  file: DatasetFile,
  numbers: ReadonlyMap<string, number>,
  tracks: TrackCollector,
  context: ReadContext,
): AsyncGenerator<Finding> {
  const { key, objects, figures } = await loadCloud(file)
  const name = cloudPattern.exec(file.name)![1]!
  const frame = context.frames.match(name, key === undefined ? undefined : numbers.get(key))
  for (const figure of figures) {
    const objectKey = figure.require('objectKey', asText)
    const object = objects.get(objectKey)
    if (!object) throw figure.fail('objectKey', `there is no object '${objectKey}'`)
    const type = figure.require('geometryType', asText)
    if (type !== 'cuboid_3d') throw figure.fail('geometryType', `'${type}' is not 'cuboid_3d'`)
    const shape = createCuboid(figure, object, frame, context)
    const keyframe = object.values.get('keyframe')
    if (keyframe === undefined) yield { kind: 'shape', shape }
    else tracks.add(objectKey, context.labels.get(object.classTitle), { shape, keyframe: asBoolean(keyframe) ?? false })
  }
}

function createCuboid(figure: Members, { classTitle, values }: SlyObject, frame: FrameInfo, { labels }: ReadContext) {
  const geometry = figure.require('geometry', asObject)
  const numbers = ['position', 'rotation', 'dimensions'].flatMap((field) => {
    const triple = asObject(geometry[field])
    return ['x', 'y', 'z'].map((axis) => {
      const number = asNumber(triple?.[axis])
      if (number === undefined) throw figure.fail(`geometry.${field}.${axis}`, 'a finite number is needed')
      return number
    })
  })
  const occluded = asBoolean(values.get('occluded')) ?? false
  return createFoundShape(labels.get(classTitle, figure.place), frame, 'cuboid', createCuboidPoints(numbers), {
    values,
    occluded,
  })
}

async function loadCloud(file: DatasetFile): Promise<Cloud> {
  const cloud: Cloud = { key: undefined, objects: new Map(), figures: [] }
  const keys = new Set(['key', 'objects', 'figures'])
  for await (const pieces of readJsonPieces(file.stream(), { file: file.name, keys })) {
    for (const { key, value, index } of pieces) {
      if (key === 'key') {
        cloud.key = asText(value)
        continue
      }
      if (index === undefined) throw new FormatError('a list is needed', { file: file.name, field: key })
      const members = createMemberReader(value, { file: file.name, item: `${key}[${index}]` })
      if (key === 'figures') cloud.figures.push(members)
      else cloud.objects.set(members.require('key', asText), readObject(members))
    }
  }
  return cloud
}

function readObject(members: Members): SlyObject {
  const tags = members.value('tags') ?? []
  if (!Array.isArray(tags)) throw members.fail('tags', 'a list is needed')
  const values = new Map<string, string>()
  for (const tag of tags) {
    const { name, value } = asObject(tag) ?? {}
    if (typeof name !== 'string') throw members.fail('tags', 'a tag needs a name')
    if (value !== null && value !== undefined && typeof value !== 'object') values.set(name, String(value))
  }
  return { classTitle: members.require('classTitle', asText), values }
}
