// Calls of functions for somebody who waits for the answer: what each kind is asked, and how the answer looks in the API.

import { decodeMask } from '../../formats/geometry/mask'
import { tx } from '../db/open'
import { recordChange } from '../events/service'
import { invalid, refused } from '../http/errors'
import type { Who } from '../policy/who'
import { checkCount, checkDrawn, checkMatches, createComplaint } from './check-found'
import type { Box, Drawn, FunctionInfo, FunctionKind, GivenShape, Point } from './contract'
import { detectOnFrame } from './detect'
import { loadFrameImage } from './frame-image'
import { normaliseName, planLabelsOf } from './match-labels'
import { openPlace, type Place, requireInJob } from './place'
import { askFunction } from './providers'
import {
  type Input,
  readBox,
  readDistance,
  readFlag,
  readFrameNumber,
  readMapping,
  readPoints,
  readShapes,
  readStates,
  readText,
  readThreshold,
} from './read-input'
import { openState, signState } from './secrets'
import { outlineMask, shiftFound } from './to-annotations'

type Asked = { who: Who; info: FunctionInfo; place: Place; input: Input; signal: AbortSignal }
type Kind = (asked: Asked) => Promise<unknown>

const detect: Kind = async ({ who, info, place, input, signal }) => {
  const frame = readFrameNumber(input)
  requireInJob(place, frame)
  const mapping = readMapping(input)
  const { task, labels } = place
  const annotations = await detectOnFrame(
    {
      info,
      taskId: task.id,
      userId: who.user.id,
      labels,
      plan: planLabelsOf(info, labels, mapping),
      mapping,
      threshold: readThreshold(input),
      toPolygons: readFlag(input, 'conv_mask_to_poly'),
      roi: (input.roi ?? null) as Box | null,
      text: readText(input),
    },
    frame,
    signal,
  )
  return { version: 0, ...annotations, tracks: [] }
}

const requirePrompts = (info: FunctionInfo, positive: Point[], negative: Point[], box: Box | null) => {
  const { minPositivePoints = 1, minNegativePoints = -1, startsWithBox = false, boxIsOptional = false } = info.interaction ?? {}
  if (!box && positive.length < minPositivePoints)
    throw invalid({ pos_points: `"${info.name}" wants ${minPositivePoints} or more points.` })
  if (negative.length && minNegativePoints < 0)
    throw invalid({ neg_points: `"${info.name}" takes no points outside of objects.` })
  if (box && !startsWithBox && !boxIsOptional) throw invalid({ obj_bbox: `"${info.name}" takes no box.` })
}

const toPairs = (points: readonly number[]): Point[] =>
  Array.from({ length: points.length >> 1 }, (_, i) => [points[2 * i]!, points[2 * i + 1]!])

/** Rows of the whole picture, 0 or 1, as clients of CVAT want a mask. */
const toRows = (points: readonly number[], { width, height }: { width: number; height: number }): number[][] => {
  const mask = decodeMask(points)
  const rows = Array.from({ length: height }, () => new Array<number>(width).fill(0))
  for (let row = 0; row < mask.height; row++)
    for (let column = 0; column < mask.width; column++)
      if (mask.data[row * mask.width + column]) rows[row + mask.top]![column + mask.left] = 1
  return rows
}

/** The first shape as CVAT's clients read it: its outline, and the mask if it is one. */
const showFirst = (drawn: Drawn[], full: { width: number; height: number }) => {
  const [first] = drawn
  if (!first) return { points: [] }
  if (first.type !== 'mask') return { points: toPairs(first.points) }
  return { points: toPairs(outlineMask(first.points) ?? []), mask: toRows(first.points, full) }
}

const shiftPoint = ([x, y]: Point, roi: Box | null): Point => (roi ? [x - roi[0], y - roi[1]] : [x, y])
const shiftBox = (box: Box, [left, top]: Box): Box => [box[0] - left, box[1] - top, box[2] - left, box[3] - top]

const interact: Kind = async ({ who, info, place, input, signal }) => {
  const frame = readFrameNumber(input)
  requireInJob(place, frame)
  const text = readText(input)
  const [positive, negative] = [readPoints(input, 'pos_points'), readPoints(input, 'neg_points')]
  const box = readBox(input, 'obj_bbox')
  if (!text) requirePrompts(info, positive, negative, box)
  const { image, full, roi } = await loadFrameImage(place.task.id, frame, input.roi, who.user.id)
  const answer = await askFunction<'interact'>(
    info,
    {
      do: 'interact',
      image,
      positive: positive.map((point) => shiftPoint(point, roi)),
      negative: negative.map((point) => shiftPoint(point, roi)),
      box: box && roi ? shiftBox(box, roi) : box,
      ...(text && { text }),
    },
    signal,
  )
  const shapes = checkDrawn(info, image, answer).map((one) => shiftFound(one, roi))
  return { shapes, ...(!readFlag(input, 'compact') && showFirst(shapes, full)) }
}

const requireShapeTypes = ({ name, shapeTypes = ['rectangle'] }: FunctionInfo, shapes: GivenShape[]) => {
  const odd = shapes.find(({ type }) => !shapeTypes.includes(type))
  if (odd) throw refused(`"${name}" does not support shapes of type "${odd.type}"`)
}

/** States that one call may go on with. */
const maxStates = 256

const track: Kind = async ({ who, info, place, input, signal }) => {
  const frame = readFrameNumber(input)
  requireInJob(place, frame)
  const { image } = await loadFrameImage(place.task.id, frame, null, who.user.id)
  const scope = { functionId: info.id, version: info.version, taskId: place.task.id, userId: who.user.id }
  const sign = (states: unknown[]) => Promise.all(states.map((state) => signState(state, scope)))
  if (input.states === undefined || (Array.isArray(input.states) && !input.states.length)) {
    const shapes = readShapes(input, 'shapes')
    requireShapeTypes(info, shapes)
    const given = shapes.map(({ type, points, rotation }) => ({ type, points, ...(rotation !== undefined && { rotation }) }))
    const answer = await askFunction<'start-tracking'>(info, { do: 'start-tracking', image, shapes: given }, signal)
    return { shapes: given, states: await sign(checkCount(info, 'states', answer?.states, shapes.length)) }
  }
  const signed = readStates(input)
  if (signed.length > maxStates) throw invalid({ states: `At most ${maxStates} states.` })
  const states: unknown[] = []
  for (const state of signed) states.push(await openState(state, scope))
  const answer = await askFunction<'track'>(info, { do: 'track', image, states }, signal)
  const followed = checkCount(info, 'shapes', answer?.shapes, states.length) as (GivenShape | null)[]
  checkDrawn(
    info,
    image,
    followed.filter((shape) => shape !== null),
  )
  return {
    shapes: followed.map((shape) => shape && { type: shape.type, points: shape.points }),
    states: await sign(checkCount(info, 'states', answer.states, states.length)),
  }
}

const match: Kind = async ({ info, place, input, signal }) => {
  const numbers = [readFrameNumber(input, 'frame0'), readFrameNumber(input, 'frame1')] as const
  requireInJob(place, numbers[0], 'start frame')
  requireInJob(place, numbers[1], 'end frame')
  const boxes: [GivenShape[], GivenShape[]] = [readShapes(input, 'boxes0'), readShapes(input, 'boxes1')]
  const [first, second] = [await loadFrameImage(place.task.id, numbers[0]), await loadFrameImage(place.task.id, numbers[1])]
  const answer = await askFunction<'match'>(
    info,
    {
      do: 'match',
      images: [first.image, second.image],
      boxes,
      threshold: readThreshold(input),
      maxDistance: readDistance(input),
    },
    signal,
  )
  return checkMatches(info, answer, [boxes[0].length, boxes[1].length])
}

const fill: Kind = async ({ info, place, input, signal }) => {
  const frame = readFrameNumber(input)
  requireInJob(place, frame)
  const given = readShapes(input, 'shapes')
  const labels = given.map(({ label_id }) => place.labels.find(({ id }) => id === label_id))
  const shapes = given.map(({ type, points, rotation }, i) => ({ type, points, rotation, label: labels[i]?.name }))
  const { image } = await loadFrameImage(place.task.id, frame)
  const answer = await askFunction<'fill'>(info, { do: 'fill', image, shapes }, signal)
  const lists = checkCount(info, 'attributes', answer, shapes.length)
  const complain = createComplaint(info)
  return {
    attributes: lists.map((list, i) => {
      if (!Array.isArray(list)) throw complain(`[${i}] is not a list of attributes`)
      return list.flatMap(({ name, value }) => {
        if (typeof name !== 'string' || typeof value !== 'string') throw complain(`[${i}] has an attribute without name or value`)
        const spec = labels[i]?.attributes.find((attribute) => normaliseName(attribute.name) === normaliseName(name))
        return spec ? [{ spec_id: spec.id, value }] : []
      })
    }),
  }
}

const kinds: Record<FunctionKind, Kind> = {
  detector: detect,
  classifier: detect,
  interactor: interact,
  tracker: track,
  reid: match,
  attributes: fill,
}

const frameParameters = ['frame', 'frame0', 'frame1'] as const

const record = (who: Who, info: FunctionInfo, { task, job }: Place, input: Input) =>
  tx((t) =>
    recordChange(t, who, {
      action: 'call',
      resource: 'function',
      id: info.id,
      organizationId: task.organizationId,
      projectId: task.projectId,
      taskId: task.id,
      jobId: job?.id ?? null,
      after: {
        name: info.name,
        function: { id: info.id, version: info.version },
        category: 'interactive',
        parameters: Object.fromEntries(
          frameParameters.flatMap((name) => (input[name] === undefined ? [] : [[name, input[name]]])),
        ),
      },
    }),
  )

/** Asks a function about frames of a task or job that the person may see, and answers as CVAT does. Stores nothing. */
export const callFunction = async (who: Who, info: FunctionInfo, input: Input, signal: AbortSignal): Promise<unknown> => {
  const place = await openPlace(who, input)
  const answer = await kinds[info.kind]({ who, info, place, input, signal })
  await record(who, info, place, input)
  return answer
}
