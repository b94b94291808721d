// Follows the active track over the next frames: each gets a key frame where the object went, until it is lost or stopped.
import type { ShapeBody } from '../../../formats/model'
import type { Motion, TrackMethod } from '../../vision/vision'
import { bodyOf } from '../document/scene'
import type { Editor } from '../editor'
import { t } from '../i18n/message'
import { shapeKinds } from '../shapes/registry'
import type { Body } from '../shapes/shape-kind'
import { openDialog } from '../ui/dialog'
import { h } from '../ui/dom'
import { type Box, roundPoints } from '../view/geometry'

/** A model is named by its id. */
export type FollowWish = { count: number; method: TrackMethod | { model: string } }

/** Points scaled about the middle of the old box, then moved. Kinds whose points are runs or radii move only. */
export const movePoints = (points: readonly number[], box: Box, { dx, dy, scale }: Motion): number[] => {
  const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2]
  return roundPoints(points.map((value, i) => (i % 2 ? y + (value - y) * scale + dy : x + (value - x) * scale + dx)))
}

const followable = new Set<ShapeBody['type']>(['rectangle', 'polygon', 'polyline', 'points', 'ellipse', 'cuboid'])

export const canFollow = (editor: Editor): boolean => {
  const item = editor.activeItem
  if (item?.object.kind !== 'track' || !item.body || item.body.outside || item.object.locked) return false
  return followable.has(item.body.type) && editor.state.frame < editor.frames.frames.at(-1)!
}

/** Where the object is on the frame that is shown now; null when it is lost. */
type Pursue = (body: Body) => Promise<readonly number[] | null>

const pursueByMotion = async (editor: Editor, body: Body, method: TrackMethod): Promise<Pursue> => {
  const { left, top, right, bottom } = shapeKinds[body.type].bounds(body)
  await editor.assist.follow('follow', { box: { x: left, y: top, width: right - left, height: bottom - top }, method })
  return async (before) => {
    const motion = await editor.assist.next()
    return motion && movePoints(before.points, shapeKinds[before.type].bounds(before), motion)
  }
}

const pursueByModel = async (editor: Editor, body: Body, id: string): Promise<Pursue> => {
  const { api } = editor.models
  let { states } = await api.startTracking(id, editor.state.frame, { type: body.type, points: body.points })
  return async () => {
    const answer = await api.track(id, editor.state.frame, states)
    states = answer.states
    const [found] = answer.shapes
    return found ? roundPoints(found.points) : null
  }
}

/** What one step on one frame did: went on, or why not. */
const followOnce = async (editor: Editor, clientId: number, pursue: Pursue): Promise<string | null> => {
  const before = editor.scene.items.get(clientId)
  const body = before && bodyOf(before)
  if (!body) return t('The object is not on this frame')
  await editor.player.step(1)
  const points = await pursue(body)
  if (!points) return t('The object was lost on frame {frame}', { frame: editor.state.frame })
  const inside = points.some((value, i) => value > 0 && value < (i % 2 ? editor.state.size.height : editor.state.size.width))
  if (!inside) return t('The object left the picture on frame {frame}', { frame: editor.state.frame })
  editor.do({ type: 'place', clientId, position: { points: [...points], rotation: body.rotation }, title: 'Follow object' })
  return null
}

/** Resolves with the number of frames that got a key frame. Stops when another frame or object is chosen by hand. */
export const followObject = async (editor: Editor, { count, method }: FollowWish): Promise<number> => {
  const item = editor.activeItem
  const body = item && bodyOf(item)
  if (!item || !body) return 0
  const pursue =
    typeof method === 'string' ? await pursueByMotion(editor, body, method) : await pursueByModel(editor, body, method.model)
  const last = editor.frames.frames.at(-1)!
  for (let done = 0; done < count; done++) {
    const { frame } = editor.state
    if (frame >= last || editor.state.activeId !== item.clientId) return done
    const reason = await followOnce(editor, item.clientId, pursue)
    if (reason) {
      editor.explain(reason)
      return done
    }
    editor.activate(item.clientId)
    editor.explain(t('Following: {done} of {count} frames; choosing another object stops it', { done: done + 1, count }))
  }
  return count
}

const run = async (editor: Editor, wish: FollowWish): Promise<void> => {
  try {
    editor.store.set({ working: editor.state.working + 1 })
    const done = await followObject(editor, wish)
    if (done === wish.count) editor.explain(t('Followed over {count} frames', { count: done }))
  } catch (error) {
    editor.explain(t('The vision tools failed: {reason}', { reason: (error as Error).message }), 'error')
  } finally {
    editor.store.set({ working: editor.state.working - 1 })
  }
}

export const openFollow = (editor: Editor): void => {
  const left = editor.frames.frames.filter((frame) => frame > editor.state.frame).length
  const count = h('input', {
    class: 'ed-input',
    type: 'number',
    min: 1,
    max: left,
    'data-testid': 'follow-count',
    value: String(Math.min(left, 10)),
  })
  const method = h(
    'select',
    { class: 'ed-select', 'data-testid': 'follow-method' },
    h('option', { value: 'flow', text: t('Optical flow: quick, follows size') }),
    h('option', { value: 'mil', text: t('MIL: slower, holds on to weak texture') }),
  )
  void editor.models.load().then(() => {
    const type = editor.activeItem?.body?.type ?? ''
    for (const model of editor.models.list('track'))
      if (model.supported_shape_types?.includes(type))
        method.append(h('option', { value: `model ${model.id}`, text: t('{name} (model)', { name: model.name }) }))
  })
  openDialog(editor.screen.root, {
    testId: 'follow-dialog',
    title: t('Follow the object'),
    body: [
      h('p', { text: t('The next frames get a key frame each where the object went. Correct one and follow on from there.') }),
      h('label', { class: 'ed-setting' }, h('span', { text: t('Frames') }), count),
      h('label', { class: 'ed-setting' }, h('span', { text: t('Method') }), method),
    ],
    onDismiss: () => {},
    choices: [
      { testId: 'dialog-cancel', title: t('Cancel'), run: () => {} },
      {
        testId: 'dialog-ok',
        title: t('Follow'),
        tone: 'accent',
        run: () =>
          void run(editor, {
            count: Math.min(Math.max(Math.floor(Number(count.value)) || 1, 1), left),
            method: method.value.startsWith('model ') ? { model: method.value.slice(6) } : (method.value as TrackMethod),
          }),
      },
    ],
  })
}
