// Tools that gather objects by clicks or a drawn box and then do something to all of them: merge, split, group, join, select.

import type { Content, EditorObject } from '../document/object'
import { splitTrack } from '../document/operations/cut-tracks'
import { joinMasks } from '../document/operations/join'
import { mergeObjects } from '../document/operations/merge'
import type { Box, Point } from '../view/geometry'
import { defineTool, type Mode, type Target, type Tool, type ToolContext } from './tool'

type State = { at: 'idle'; chosen: readonly number[] } | { at: 'boxing'; chosen: readonly number[]; from: Point; to: Point }

type PickTool = Pick<Tool, 'id' | 'title' | 'icon'> & {
  mode: Mode
  hint: string
  /** Why an object cannot be gathered, or null. */
  refuse: (object: EditorObject, chosen: readonly EditorObject[]) => string | null
  /** Does it; true when that worked. */
  finish: (chosen: readonly EditorObject[], context: ToolContext) => boolean
  roams?: boolean
  /** Finishes with the first one. */
  single?: boolean
}

const dragDistance = 4

const boxOf = (a: Point, b: Point): Box => ({
  left: Math.min(a.x, b.x),
  top: Math.min(a.y, b.y),
  right: Math.max(a.x, b.x),
  bottom: Math.max(a.y, b.y),
})

const find = (ids: readonly number[], context: ToolContext): EditorObject[] => ids.flatMap((id) => context.object(id) ?? [])

const makePickTool = (given: PickTool): Tool => {
  const none: State = { at: 'idle', chosen: [] }

  const toggle = (state: State, target: Target, context: ToolContext): State => {
    if (state.chosen.includes(target.clientId)) {
      return { at: 'idle', chosen: state.chosen.filter((id) => id !== target.clientId) }
    }
    const object = context.object(target.clientId)
    const refusal = object && given.refuse(object, find(state.chosen, context))
    if (!object || refusal) {
      if (refusal) context.explain(refusal)
      return { ...state, at: 'idle', chosen: state.chosen }
    }
    return { at: 'idle', chosen: [...state.chosen, target.clientId] }
  }

  const finish = (state: State, context: ToolContext): State => {
    const chosen = find(state.chosen, context)
    if (!given.finish(chosen, context)) return { at: 'idle', chosen: given.single ? [] : state.chosen }
    context.leave()
    return none
  }

  return defineTool<State>({
    id: given.id,
    title: given.title,
    icon: given.icon,
    cursor: 'pointer',
    picks: true,
    ...(given.roams && { roams: true }),
    start: (context) => ({ at: 'idle', chosen: context?.selected().map((one) => one.clientId) ?? [] }),
    on(state, event, context) {
      switch (event.type) {
        case 'cancel':
          context.leave()
          return none
        case 'finish':
          return finish(state, context)
        case 'down': {
          if (event.button === 'right') return state
          const target = context.targetAt(event.at)
          if (!target) return { at: 'boxing', chosen: state.chosen, from: event.at, to: event.at }
          const next = toggle(state, target, context)
          return given.single && next.chosen.length > 0 ? finish(next, context) : next
        }
        case 'move':
          return state.at === 'boxing' ? { ...state, to: event.at } : state
        case 'up': {
          if (state.at !== 'boxing') return state
          const far = Math.hypot(event.at.x - state.from.x, event.at.y - state.from.y) * context.scale > dragDistance
          let next: State = { at: 'idle', chosen: state.chosen }
          if (!far || given.single) return next
          for (const target of context.listTargets(boxOf(state.from, event.at))) {
            if (!next.chosen.includes(target.clientId)) next = toggle(next, target, context)
          }
          return next
        }
        default:
          return state
      }
    },
    mode: () => given.mode,
    hint: () => given.hint,
    preview: (state) => {
      const box = state.at === 'boxing' ? { box: boxOf(state.from, state.to) } : {}
      const count = state.chosen.length
      return { marks: state.chosen, ...box, ...(count > 0 && { text: String(count) }) }
    },
    canFinish: (state) => !given.single && state.chosen.length > 0,
  })
}

const remove = (objects: readonly EditorObject[]) => objects.map(({ clientId }) => ({ clientId, content: null }))

export const mergeTool = makePickTool({
  id: 'merge',
  title: 'Merge shapes and tracks of several frames into one track',
  icon: 'merge',
  mode: 'merge',
  roams: true,
  hint: 'Click objects of one label on different frames; M merges them, Esc cancels',
  refuse: (object, chosen) => {
    if (object.locked) return 'Locked: L unlocks it'
    if (object.kind === 'tag') return 'Tags cannot be merged'
    const [first] = chosen
    if (first && first.data.label_id !== object.data.label_id) return 'Only objects with the same label can be merged'
    return object.kind === 'shape' && object.data.type === 'mask'
      ? 'Masks cannot be merged into a track; Join makes one mask of several'
      : null
  },
  finish: (chosen, context) => {
    const outcome = mergeObjects(chosen as readonly Content[], context.labels, context.stopFrame)
    if ('refusal' in outcome) {
      context.explain(outcome.refusal)
      return false
    }
    context.dispatch({ type: 'rewrite', title: 'Merge', changes: remove(chosen), adds: [{ kind: 'track', data: outcome.done }] })
    return true
  },
})

export const splitTool = makePickTool({
  id: 'split',
  title: 'Split a track on this frame',
  icon: 'split',
  mode: 'split',
  single: true,
  roams: true,
  hint: 'Click the track that ends on this frame and goes on as a new one, Esc cancels',
  refuse: (object) => {
    if (object.locked) return 'Locked: L unlocks it'
    return object.kind === 'track' ? null : 'Only tracks can be split'
  },
  finish: ([object], context) => {
    if (object?.kind !== 'track') return false
    const outcome = splitTrack(object.data, context.frame)
    if ('refusal' in outcome) {
      context.explain(outcome.refusal)
      return false
    }
    const [head, tail] = outcome.done
    const changes = [{ clientId: object.clientId, content: { kind: 'track' as const, data: head } }]
    context.dispatch({ type: 'rewrite', title: 'Split track', changes, adds: [{ kind: 'track', data: tail }] })
    return true
  },
})

export const setGroup = (objects: readonly EditorObject[], group: number) =>
  objects
    .filter((object) => object.data.group !== group)
    .map((object) => ({ clientId: object.clientId, content: { kind: object.kind, data: { ...object.data, group } } as Content }))

export const groupTool = makePickTool({
  id: 'group',
  title: 'Group objects',
  icon: 'group',
  mode: 'group',
  hint: 'Click objects or drag a box; G groups them, Shift+G takes them out of groups',
  refuse: () => null,
  finish: (chosen, context) => {
    if (chosen.length === 0) {
      context.explain('Choose the objects of the group first')
      return false
    }
    const changes = setGroup(chosen, context.nextGroup())
    context.dispatch({ type: 'rewrite', title: 'Group', changes })
    return true
  },
})

export const joinTool = makePickTool({
  id: 'join',
  title: 'Join masks',
  icon: 'combine',
  mode: 'join',
  hint: 'Click masks of one label; J joins them, Esc cancels',
  refuse: (object, [first]) => {
    if (object.locked) return 'Locked: L unlocks it'
    if (object.kind !== 'shape' || object.data.type !== 'mask') return 'Only masks can be joined'
    return first && first.data.label_id !== object.data.label_id ? 'Only masks with the same label can be joined' : null
  },
  finish: (chosen, context) => {
    const outcome = joinMasks(chosen, context.labels)
    if ('refusal' in outcome) {
      context.explain(outcome.refusal)
      return false
    }
    context.dispatch({
      type: 'rewrite',
      title: 'Join masks',
      changes: remove(chosen),
      adds: [{ kind: 'shape', data: outcome.done }],
    })
    return true
  },
})
