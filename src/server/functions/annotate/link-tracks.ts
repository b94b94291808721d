// Re-identification: joins the rectangles of neighbouring frames that show the same object into tracks, as CVAT does.
import { checkMatches } from '../check-found'
import type { FunctionInfo, GivenShape } from '../contract'
import { loadFrameImage } from '../frame-image'
import { askFunction } from '../providers'

/** A rectangle as the API has it; only what is used here. */
type Box = GivenShape & {
  frame: number
  label_id: number
  attributes: unknown[]
  occluded: boolean
  z_order: number
  group: number
}
type Shape = Box & { id?: number }
export type Annotations = { tags: unknown[]; shapes: Shape[]; tracks: unknown[] }

export type Linking = {
  info: FunctionInfo
  taskId: number
  frames: readonly number[]
  threshold: number | null
  maxDistance: number | null
}

/** Chains of boxes, one for each object: a box continues the chain of its match on the frame before. */
const chainBoxes = async (
  { info, taskId, frames, threshold, maxDistance }: Linking,
  boxes: Map<number, Box[]>,
  report: (share: number) => Promise<void>,
  signal: AbortSignal,
): Promise<Box[][]> => {
  const chains: Box[][] = []
  let open = new Map<Box, Box[]>()
  const start = (box: Box) => {
    const chain = [box]
    chains.push(chain)
    return chain
  }
  for (const [i, frame] of frames.entries()) {
    const here = boxes.get(frame) ?? []
    const before = i ? (boxes.get(frames[i - 1]!) ?? []) : []
    const matches = new Map<Box, Box>()
    if (here.length && before.length) {
      const images = [await loadFrameImage(taskId, frames[i - 1]!), await loadFrameImage(taskId, frame)] as const
      const call = {
        do: 'match',
        images: [images[0].image, images[1].image],
        boxes: [before, here],
        threshold,
        maxDistance,
      } as const
      const answer = await askFunction<'match'>(info, call as never, signal)
      for (const [at, place] of checkMatches(info, answer, [before.length, here.length]).entries())
        if (place >= 0) matches.set(here[place]!, before[at]!)
    }
    const next = new Map<Box, Box[]>()
    for (const box of here) {
      const chain = open.get(matches.get(box)!)
      if (chain) chain.push(box)
      next.set(box, chain ?? start(box))
    }
    open = next
    await report((i + 1) / frames.length)
  }
  return chains
}

const toKey = ({ frame, points, rotation, occluded, z_order }: Box, outside: boolean) => ({
  type: 'rectangle',
  frame,
  points,
  rotation: rotation ?? 0,
  occluded,
  z_order,
  outside,
  attributes: [],
})

/** A track ends on the frame after its last box, unless that is the last frame. */
const toTrack = (chain: Box[], frames: readonly number[]) => {
  const last = chain.at(-1)!
  const after = frames[frames.indexOf(last.frame) + 1]
  return {
    label_id: chain[0]!.label_id,
    frame: chain[0]!.frame,
    group: 0,
    source: 'auto',
    attributes: [],
    shapes: [...chain.map((box) => toKey(box, false)), ...(after === undefined ? [] : [toKey({ ...last, frame: after }, true)])],
  }
}

/** The annotations with tracks in the place of rectangles; nothing when there are no rectangles. */
export const linkTracks = async (
  linking: Linking,
  annotations: Annotations,
  report: (share: number) => Promise<void>,
  signal: AbortSignal,
): Promise<Annotations | undefined> => {
  const frames = new Set(linking.frames)
  const isBox = ({ type, frame }: Shape) => type === 'rectangle' && frames.has(frame)
  const boxes = Map.groupBy(annotations.shapes.filter(isBox), ({ frame }) => frame)
  const chains = await chainBoxes(linking, boxes, report, signal)
  if (!chains.length) return undefined
  return {
    ...annotations,
    shapes: annotations.shapes.filter((shape) => !isBox(shape)),
    tracks: [...annotations.tracks, ...chains.map((chain) => toTrack(chain, linking.frames))],
  }
}
