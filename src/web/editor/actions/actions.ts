// What can be done to many objects of the job at once: over a range of frames, to those that pass the filter, as one undoable step.
import type { Track } from '../../../formats/model'
import { copyItem } from '../document/copy'
import type { Intent } from '../document/intent'
import { type Content, contentOf, type EditorObject } from '../document/object'
import { placeObject, placeTrack } from '../document/place'
import type { Editor } from '../editor'
import type { Logic } from '../filters/logic'

/** First and last frame, both meant. */
export type Range = { from: number; to: number }

export type ActionOptions = {
  range: Range
  filter: Logic | null
  /** Only this object. */
  clientId: number | null
  labelId: number
}

export type ActionName = 'remove-filtered' | 'relabel-filtered' | 'propagate' | 'remove-all' | 'remove-keyframes'

export type Action = {
  name: ActionName
  title: string
  needsLabel?: boolean
  plan: (editor: Editor, options: ActionOptions) => Intent[]
}

const isIn = ({ from, to }: Range, frame: number): boolean => frame >= from && frame <= to

/** Objects with a place in the range that passes the filter; tracks by their key frames there, or where the range begins. */
export const listTargets = (editor: Editor, { range, filter, clientId }: ActionOptions): EditorObject[] =>
  [...editor.document.objects.values()].filter((object) => {
    if (clientId !== null && object.clientId !== clientId) return false
    const own = object.kind === 'track' ? object.data.shapes.map((shape) => shape.frame) : [object.data.frame]
    const inside = own.filter((frame) => isIn(range, frame))
    const frames = object.kind === 'track' && inside.length === 0 && object.data.frame < range.from ? [range.from] : inside
    return frames.some((frame) => {
      const placed = placeObject(object, frame)
      return (
        placed !== null && !(inside.length === 0 && placed.body?.outside) && editor.passesFilter(placed, object.clientId, filter)
      )
    })
  })

const spansAll = (editor: Editor, { from, to }: Range): boolean => from <= editor.frames.start && to >= editor.frames.stop

/** The track without its part in the range: outside there, as before after it; null when nothing is left. */
export const trimTrack = (track: Track, { from, to }: Range, stop: number): Track | null => {
  const kept = track.shapes.filter((shape) => !isIn({ from, to }, shape.frame))
  const before = placeTrack(track, from)
  const after = to < stop ? placeTrack(track, to + 1) : null
  const shapes = [...kept]
  const isAway = kept.every((shape) => shape.frame > to)
  if (before && !isAway && !before.body.outside) shapes.push({ ...before.body, outside: true, frame: from })
  if (after && !after.body.outside && !kept.some((shape) => shape.frame === to + 1)) shapes.push({ ...after.body, frame: to + 1 })
  if (!shapes.some((shape) => !shape.outside)) return null
  shapes.sort((a, b) => a.frame - b.frame)
  return { ...track, shapes, frame: shapes[0]!.frame }
}

const dropKeys = (track: Track, range: Range): Track | null => {
  const shapes = track.shapes.filter((shape) => !isIn(range, shape.frame))
  return shapes.length > 0 ? { ...track, shapes, frame: Math.min(...shapes.map((shape) => shape.frame)) } : null
}

const planRemoval = (editor: Editor, options: ActionOptions): Intent[] => {
  const targets = listTargets(editor, options)
  const whole = targets.filter((object) => object.kind !== 'track' || spansAll(editor, options.range))
  const cut = targets.filter((object) => object.kind === 'track' && !spansAll(editor, options.range))
  const changes = cut.map((object): { clientId: number; content: Content | null } => {
    const track = object.kind === 'track' ? trimTrack(object.data, options.range, editor.frames.stop) : null
    return { clientId: object.clientId, content: track && { kind: 'track', data: track } }
  })
  return [
    { type: 'remove', clientIds: whole.map((object) => object.clientId) },
    ...(changes.length > 0 ? [{ type: 'rewrite', title: 'Delete objects', changes } as Intent] : []),
  ]
}

export const actions: readonly Action[] = [
  { name: 'remove-filtered', title: 'Delete the objects that pass the filter', plan: planRemoval },
  {
    name: 'relabel-filtered',
    title: 'Give a label to the objects that pass the filter',
    needsLabel: true,
    plan: (editor, options) => {
      const { labelId } = options
      const clientIds = listTargets(editor, options).map((object) => object.clientId)
      return [{ type: 'label', clientIds, labelId }]
    },
  },
  {
    name: 'propagate',
    title: 'Copy the shapes of this frame that pass the filter',
    plan: (editor, { range, filter, clientId }) => {
      const here = editor.state.frame
      const shown = [...editor.scene.items.values()].filter(
        (item) => (clientId === null || item.clientId === clientId) && editor.passesFilter(item, item.clientId, filter),
      )
      const contents = shown.flatMap((item) => copyItem(item, here) ?? [])
      const adds = editor.frames.frames
        .filter((frame) => isIn(range, frame) && frame !== here)
        .flatMap((frame) => contents.flatMap((content) => moveTo(content, frame)))
      return adds.length > 0 ? [{ type: 'rewrite', title: 'Propagate', changes: [], adds }] : []
    },
  },
  {
    name: 'remove-all',
    title: 'Delete everything',
    plan: (editor, options) => planRemoval(editor, { ...options, filter: null }),
  },
  {
    name: 'remove-keyframes',
    title: 'Delete the key frames of tracks',
    plan: (editor, { range, clientId }) => {
      const tracks = [...editor.document.objects.values()].flatMap((object) =>
        object.kind === 'track' &&
        (clientId === null || object.clientId === clientId) &&
        object.data.shapes.some((shape) => isIn(range, shape.frame))
          ? [object]
          : [],
      )
      const changes = tracks.map((object) => {
        const track = dropKeys(object.data, range)
        return { clientId: object.clientId, content: track && ({ kind: 'track', data: track } as Content) }
      })
      return changes.length > 0 ? [{ type: 'rewrite', title: 'Delete key frames', changes }] : []
    },
  },
]

const moveTo = (content: Content, frame: number): Content[] => {
  if (content.kind !== 'shape') return []
  const elements = content.data.elements.map((element) => ({ ...element, frame }))
  return [contentOf({ kind: 'shape', data: { ...content.data, frame, group: 0, elements } })]
}

/** How many objects an action would change or make; nothing is changed yet. */
export const countAction = (editor: Editor, action: Action, options: ActionOptions): number =>
  action.plan(editor, options).reduce((sum, intent) => {
    if (intent.type === 'rewrite') return sum + intent.changes.length + (intent.adds?.length ?? 0)
    return 'clientIds' in intent ? sum + intent.clientIds.length : sum
  }, 0)
