// Commands on the active or selected objects.
import type { Intent } from '../document/intent'
import type { EditorObject, Flags } from '../document/object'
import { bodyOf } from '../document/scene'
import type { Editor } from '../editor'
import { colorOf, nextColor } from '../render/color'
import { shapeKinds } from '../shapes/registry'
import { askRemoveTracks } from '../tools/panels/remove-tracks-dialog'
import type { Command } from './command'

const object = (command: Omit<Command, 'group'>): Command => ({ enabled: hasChosen, ...command, group: 'Objects' })

const hasChosen = (editor: Editor): boolean => editor.chosenIds.length > 0
const hasTrack = (editor: Editor): boolean => editor.activeItem?.object.kind === 'track'
const hasObjects = (editor: Editor): boolean => editor.scene.items.size > 0

const chosen = (editor: Editor): EditorObject[] => editor.chosenIds.flatMap((id) => editor.document.get(id) ?? [])

type Flag = 'locked' | 'hidden' | 'pinned'

const verbs: Record<Flag, [string, string]> = { locked: ['Lock', 'Unlock'], hidden: ['Hide', 'Show'], pinned: ['Pin', 'Unpin'] }

/** All get the flag unless all have it. Hiding everything passes over locked objects. */
export const toggleFlag = (editor: Editor, flag: Flag, objects: readonly EditorObject[]): void => {
  const on = !objects.every((one) => one[flag])
  const ids = objects.filter((one) => one[flag] !== on).map((one) => one.clientId)
  if (ids.length === 0) return
  const flags: Partial<Flags> = { [flag]: on }
  editor.do({ type: 'flag', clientIds: ids, flags, title: verbs[flag][on ? 0 : 1] })
}

const onFrame = (editor: Editor): EditorObject[] => [...editor.scene.items.values()].map((item) => item.object)

/** Occluded and outside belong to the position on this frame. */
export const toggleMark = (editor: Editor, mark: 'occluded' | 'outside', clientIds: readonly number[]): void => {
  const items = clientIds.flatMap((clientId) => editor.scene.items.get(clientId) ?? [])
  const free = items.filter((item) => item.body && !item.object.locked)
  if (free.length < items.length) editor.explain('Locked: L unlocks it')
  const on = !free.every((item) => item.body?.[mark])
  const title = on ? `Set ${mark}` : `Clear ${mark}`
  editor.do(...free.map(({ clientId }): Intent => ({ type: 'mark', clientId, mark: { [mark]: on }, title })))
}

/** The point of a skeleton under the pointer, if there is one. */
const hasPart = (editor: Editor): boolean => editor.state.activePart !== null && editor.activeItem?.object.locked === false

const togglePart = (editor: Editor, mark: 'occluded' | 'outside'): void => {
  const { activePart, activeId } = editor.state
  const element = activePart === null ? undefined : editor.activeItem?.elements[activePart]
  if (!element || activeId === null || activePart === null) return
  const title = `${element[mark] ? 'Clear' : 'Set'} ${mark} of a point`
  editor.do({ type: 'element', clientId: activeId, part: activePart, change: { [mark]: !element[mark] }, title })
}

export const removeObjects = (editor: Editor, ids: readonly number[], force: boolean): void => {
  const free = ids.filter((id) => force || !editor.document.get(id)?.locked)
  const tracks = free.filter((id) => editor.document.get(id)?.kind === 'track')
  if (tracks.length > 0 && !force && editor.state.settings.askTracks) {
    askRemoveTracks(
      editor,
      tracks,
      free.filter((id) => !tracks.includes(id)),
    )
    return
  }
  if (free.length > 0) editor.do({ type: 'remove', clientIds: free })
  if (free.length < ids.length) editor.explain('Locked objects stay: Shift+Del deletes them too')
}

const setLayer = (editor: Editor, direction: 1 | -1): void => {
  const layers = [...new Set([...editor.scene.items.values()].flatMap((item) => (item.body ? [item.body.z_order] : [])))]
  const z_order = direction === 1 ? Math.max(...layers) + 1 : Math.min(...layers) - 1
  const title = direction === 1 ? 'To the foreground' : 'To the background'
  editor.do(...editor.chosenIds.map((clientId): Intent => ({ type: 'mark', clientId, mark: { z_order }, title })))
}

const nudge = (editor: Editor, dx: number, dy: number): void => {
  const intents = editor.chosenIds.flatMap((clientId): Intent[] => {
    const item = editor.scene.items.get(clientId)
    const body = item && bodyOf(item)
    if (!item || !body) return []
    if (item.object.locked) {
      editor.explain('Locked: L unlocks it')
      return []
    }
    const { points, rotation, elements } = shapeKinds[body.type].translate(body, dx, dy, editor.state.size)
    const position = { points, rotation, ...(body.type === 'skeleton' && elements ? { elements: elements as never } : {}) }
    return [{ type: 'place', clientId, position, title: `Move ${body.type}` }]
  })
  editor.do(...intents)
}

const arrows: [string, string, number, number][] = [
  ['Left', 'left', -1, 0],
  ['Right', 'right', 1, 0],
  ['Up', 'up', 0, -1],
  ['Down', 'down', 0, 1],
]

const nudges = arrows.flatMap(([key, word, dx, dy]) => [
  object({ id: `nudge-${word}`, title: `Move 1 pixel ${word}`, keys: [key], run: (e) => nudge(e, dx, dy) }),
  object({
    id: `nudge-${word}-far`,
    title: `Move 10 pixels ${word}`,
    keys: [`Shift+${key}`],
    run: (e) => nudge(e, 10 * dx, 10 * dy),
  }),
])

const cycleColor = (editor: Editor): void => {
  const intents = chosen(editor).map((one): Intent => {
    const color = nextColor(one.color ?? colorOf(one, editor.job.labels, editor.state.appearance.colorBy))
    return { type: 'flag', clientIds: [one.clientId], flags: { color }, title: 'Change colour' }
  })
  editor.do(...intents)
}

export const objectCommands: Command[] = [
  object({ id: 'select-next', title: 'Next object', keys: ['Tab'], run: (e) => e.cycleActive(1), enabled: hasObjects }),
  object({
    id: 'select-previous',
    title: 'Previous object',
    keys: ['Shift+Tab'],
    run: (e) => e.cycleActive(-1),
    enabled: hasObjects,
  }),
  object({
    id: 'select-all',
    title: 'Select all objects of the frame',
    keys: ['Ctrl+A'],
    run: (e) => {
      const ids = [...e.scene.items.values()].filter((item) => item.body && !item.object.hidden).map((item) => item.clientId)
      e.store.set({ selection: ids.length > 1 ? ids : [], activeId: ids.at(-1) ?? null, activeStays: true })
    },
    enabled: (e) => e.stage.mode === 'idle' && hasObjects(e),
  }),
  ...nudges,
  object({ id: 'delete', title: 'Delete', keys: ['Del'], run: (e) => removeObjects(e, e.chosenIds, false) }),
  object({
    id: 'delete-forced',
    title: 'Delete even if locked',
    keys: ['Shift+Del'],
    run: (e) => removeObjects(e, e.chosenIds, true),
  }),
  object({ id: 'copy', title: 'Copy', keys: ['Ctrl+C'], run: (e) => e.copy() }),
  object({ id: 'paste', title: 'Paste', keys: ['Ctrl+V'], run: (e) => e.paste(), enabled: (e) => !e.stage.isMidway }),
  object({ id: 'lock', title: 'Lock or unlock', keys: ['L'], run: (e) => toggleFlag(e, 'locked', chosen(e)) }),
  object({
    id: 'lock-all',
    title: 'Lock or unlock all',
    keys: ['T L'],
    run: (e) => toggleFlag(e, 'locked', onFrame(e)),
    enabled: hasObjects,
  }),
  object({ id: 'hide', title: 'Hide or show', keys: ['H'], run: (e) => toggleFlag(e, 'hidden', chosen(e)) }),
  object({
    id: 'hide-all',
    title: 'Hide or show all',
    keys: ['T H'],
    run: (e) =>
      toggleFlag(
        e,
        'hidden',
        onFrame(e).filter((one) => !one.locked),
      ),
    enabled: hasObjects,
  }),
  object({ id: 'pin', title: 'Pin or unpin', keys: ['P'], run: (e) => toggleFlag(e, 'pinned', chosen(e)) }),
  object({
    id: 'occluded',
    title: 'Occluded',
    keys: ['Q', '/'],
    run: (e) => (hasPart(e) ? togglePart(e, 'occluded') : toggleMark(e, 'occluded', e.chosenIds)),
  }),
  object({
    id: 'outside',
    title: 'Outside from here',
    keys: ['O'],
    run: (e) => (hasPart(e) ? togglePart(e, 'outside') : toggleMark(e, 'outside', [e.state.activeId!])),
    enabled: (e) => hasTrack(e) || hasPart(e),
  }),
  object({
    id: 'keyframe',
    title: 'Key frame',
    keys: ['K'],
    run: (e) => e.do({ type: 'key-frame', clientId: e.state.activeId!, on: !e.activeItem?.keyframe }),
    enabled: hasTrack,
  }),
  object({ id: 'to-background', title: 'To the background', keys: ['-', '_'], run: (e) => setLayer(e, -1) }),
  object({ id: 'to-foreground', title: 'To the foreground', keys: ['+', '='], run: (e) => setLayer(e, 1) }),
  object({ id: 'next-color', title: 'Next colour', keys: ['Enter'], run: cycleColor }),
]
