// Commands on tracks: splitting, ending, swapping, thinning, key frames.
import type { Track } from '../../../formats/model'
import type { Intent } from '../document/intent'
import type { EditorObject } from '../document/object'
import { finishTrack, splitTrack, swapTracks, trimTrack } from '../document/operations/cut-tracks'
import type { Outcome } from '../document/operations/outcome'
import { thinKeyFrames } from '../document/operations/thin-track'
import { placeObject } from '../document/place'
import { listKeyFrames } from '../document/tracks'
import type { Editor } from '../editor'
import type { Command } from './command'

type TrackObject = EditorObject & { kind: 'track'; data: Track }

const track = (command: Omit<Command, 'group'>): Command => ({ ...command, group: 'Objects' })

const find = (editor: Editor, clientId: number | null): TrackObject | null => {
  const object = editor.document.get(clientId)
  return object?.kind === 'track' ? (object as TrackObject) : null
}

const chosenTracks = (editor: Editor): TrackObject[] => editor.chosenIds.flatMap((id) => find(editor, id) ?? [])

const rewrite = (editor: Editor, title: string, changes: [number, Track][], adds: Track[] = []): void => {
  editor.do({
    type: 'rewrite',
    title,
    changes: changes.map(([clientId, data]) => ({ clientId, content: { kind: 'track', data } })),
    adds: adds.map((data) => ({ kind: 'track', data })),
  })
}

const explainRefusal = <T>(editor: Editor, outcome: Outcome<T>): T | null => {
  if ('done' in outcome) return outcome.done
  editor.explain(outcome.refusal)
  return null
}

/** Cuts a track on a frame; the first part keeps its number. */
export const splitAt = (editor: Editor, clientId: number, frame = editor.state.frame): void => {
  const object = find(editor, clientId)
  const done = object && explainRefusal(editor, splitTrack(object.data, frame))
  if (done) rewrite(editor, 'Split track', [[clientId, done[0]]], [done[1]])
}

/** Ends tracks: outside from `frame` on. */
export const finishTracks = (editor: Editor, clientIds: readonly number[], frame = editor.state.frame): void => {
  const changes = clientIds.flatMap((clientId): [number, Track][] => {
    const object = find(editor, clientId)
    const done = object && explainRefusal(editor, finishTrack(object.data, frame))
    return done ? [[clientId, done]] : []
  })
  if (changes.length > 0) rewrite(editor, 'End track here', changes)
}

/** Takes a track away on a range of frames (inclusive). */
export const trimAt = (editor: Editor, clientId: number, from: number, to: number): void => {
  const object = find(editor, clientId)
  if (!object) return
  const done = trimTrack(object.data, from, to, editor.frames.stop)
  if (done) rewrite(editor, 'Remove track on frames', [[clientId, done]])
  else editor.do({ type: 'remove', clientIds: [clientId] })
}

/** From `frame` on two tracks go on as each other. */
export const swapAt = (editor: Editor, [a, b]: readonly [number, number], frame = editor.state.frame): void => {
  const [one, other] = [find(editor, a), find(editor, b)]
  if (!one || !other) return
  const done = explainRefusal(editor, swapTracks(one.data, other.data, frame))
  if (!done) return
  rewrite(editor, 'Swap tracks from here', [
    [a, done[0]],
    [b, done[1]],
  ])
}

/** Drops key frames that interpolation makes up for within `tolerance` pixels; returns how many went. */
export const thinTracks = (editor: Editor, clientIds: readonly number[], tolerance: number): number => {
  let dropped = 0
  const changes = clientIds.flatMap((clientId): [number, Track][] => {
    const object = find(editor, clientId)
    if (!object) return []
    const thinned = thinKeyFrames(object.data, tolerance)
    const fewer = listKeyFrames(object.data).length - listKeyFrames(thinned).length
    dropped += fewer
    return fewer > 0 ? [[clientId, thinned]] : []
  })
  if (changes.length > 0) rewrite(editor, 'Thin key frames', changes)
  return dropped
}

const isIdle = (editor: Editor): boolean => editor.stage.mode === 'idle'
const hasFreeTrack = (editor: Editor): boolean => isIdle(editor) && chosenTracks(editor).some((one) => !one.locked)
const freeIds = (editor: Editor): number[] =>
  chosenTracks(editor)
    .filter((one) => !one.locked)
    .map((one) => one.clientId)

/** Gives tracks the position they have on the frame before, points of skeletons too. */
const repeatPosition = (editor: Editor): void => {
  const { frame, deletedFrames } = editor.state
  const before = editor.frames.step(frame, -1)
  const intents = chosenTracks(editor).flatMap((object): Intent[] => {
    const placed = object.locked || before === frame ? null : placeObject(object, before, deletedFrames)
    if (!placed?.body) return []
    const { points, rotation } = placed.body
    const elements = placed.elements.length > 0 ? { elements: placed.elements as never } : {}
    return [{ type: 'place', clientId: object.clientId, position: { points, rotation, ...elements }, title: 'Repeat position' }]
  })
  if (intents.length > 0) editor.do(...intents)
  else editor.explain('The track is not on the frame before')
}

const goToEnd = (editor: Editor, last: boolean): void => {
  const keys = chosenTracks(editor).flatMap((one) => listKeyFrames(one.data))
  const frame = last ? Math.max(...keys) : Math.min(...keys)
  if (Number.isFinite(frame)) void editor.player.goTo(frame)
}

/** Pixels within which a key frame is taken to be superfluous. */
const thinTolerance = 1

export const trackCommands: Command[] = [
  track({
    id: 'track-split',
    title: 'Split the track here',
    keys: [],
    run: (e) => splitAt(e, e.state.activeId!),
    enabled: (e) => isIdle(e) && find(e, e.state.activeId)?.locked === false,
  }),
  track({
    id: 'track-end',
    title: 'End the track here',
    keys: ['Alt+O'],
    run: (e) => finishTracks(e, freeIds(e)),
    enabled: hasFreeTrack,
  }),
  track({
    id: 'track-swap',
    title: 'Swap two tracks from here',
    keys: [],
    run: (e) => swapAt(e, freeIds(e) as unknown as [number, number]),
    enabled: (e) => isIdle(e) && freeIds(e).length === 2,
  }),
  track({
    id: 'track-thin',
    title: 'Thin key frames',
    keys: [],
    run: (e) => {
      const dropped = thinTracks(e, freeIds(e), thinTolerance)
      e.explain(
        dropped === 0
          ? 'No key frame is superfluous'
          : `${dropped} superfluous key ${dropped === 1 ? 'frame' : 'frames'} removed`,
      )
    },
    enabled: hasFreeTrack,
  }),
  track({
    id: 'track-repeat',
    title: 'Take the position of the frame before',
    keys: [],
    run: repeatPosition,
    enabled: hasFreeTrack,
  }),
  track({
    id: 'keyframe-first',
    title: 'First key frame of the track',
    keys: [],
    run: (e) => goToEnd(e, false),
    enabled: (e) => chosenTracks(e).length > 0,
  }),
  track({
    id: 'keyframe-last',
    title: 'Last key frame of the track',
    keys: [],
    run: (e) => goToEnd(e, true),
    enabled: (e) => chosenTracks(e).length > 0,
  }),
]
