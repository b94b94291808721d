// The commands of the 3D workspace: those of the editor that make sense in space, and its own for cameras and cuboids.
import type { Cuboid } from '../../formats/geometry3d/cuboid'
import type { Command } from '../editor/commands/command'
import type { Intent } from '../editor/document/intent'
import type { Editor } from '../editor/editor'
import { t } from '../editor/i18n/message'
import { toBody, toCuboid } from './cuboid-body'
import type { SceneScreen } from './scene-screen'
import { scaleVector } from './views/matrix'
import { axisOf, growCuboid, moveCuboid, turnCuboid } from './views/projection'

/** What speaks of pixels, pictures, masks and lines. */
const flatOnly =
  /^(nudge-|resize-|rotate-|mask-|to-|unite|subtract|intersect|join|slice|lasso|bordering|switch-orientation|reset-perspective|model-|verify-|follow|fit$|zoom-)/

export const chooseSceneCommands = (all: readonly Command[], own: readonly Command[]): readonly Command[] => [
  ...own,
  ...all.filter((command) => !flatOnly.test(command.id)),
]

const turnStep = Math.PI / 36
const panStep = 40
const edits: NonNullable<Command['workspaces']> = ['standard', 'single_shape']

/** Metres and radians of one press. */
const moveStep = 0.05
const farStep = 0.5
const angleStep = Math.PI / 180

type Change = (cuboid: Cuboid) => Cuboid

const change = (editor: Editor, title: string, to: Change): void => {
  const intents = editor.chosenIds.flatMap((clientId): Intent[] => {
    const item = editor.scene.items.get(clientId)
    const cuboid = toCuboid(item?.body)
    if (!item || !cuboid) return []
    if (item.object.locked || (item.object.pinned && title === 'Move cuboid')) {
      editor.explain(item.object.locked ? 'Locked: L unlocks it' : 'Pinned: P lets it move')
      return []
    }
    const { points, rotation } = toBody(to(cuboid))
    return [{ type: 'place', clientId, position: { points, rotation }, title }]
  })
  editor.do(...intents)
}

const hasCuboid = (editor: Editor): boolean =>
  editor.stage.mode === 'idle' && editor.chosenIds.some((id) => toCuboid(editor.scene.items.get(id)?.body) !== null)

const object = (id: string, title: string, keys: string[], step: string, to: Change): Command => ({
  id,
  title,
  group: 'Objects',
  keys,
  workspaces: edits,
  enabled: hasCuboid,
  run: (editor) => change(editor, step, to),
})

const along =
  (axis: 0 | 1 | 2, by: number): Change =>
  (cuboid) =>
    moveCuboid(cuboid, scaleVector(axisOf(cuboid, axis), by))
const turned =
  (axis: 0 | 1 | 2, by: number): Change =>
  (cuboid) =>
    turnCuboid(cuboid, axis, by)
/** Both ends go. */
const grown =
  (axis: 0 | 1 | 2, by: number): Change =>
  (cuboid) =>
    growCuboid(growCuboid(cuboid, axis, 1, by / 2), axis, -1, by / 2)

const moves: [string, string, string, 0 | 1 | 2, 1 | -1][] = [
  ['left', 'Move the cuboid back along its X', 'Left', 0, -1],
  ['right', 'Move the cuboid forward along its X', 'Right', 0, 1],
  ['up', 'Move the cuboid to the left along its Y', 'Up', 1, 1],
  ['down', 'Move the cuboid to the right along its Y', 'Down', 1, -1],
  ['raise', 'Raise the cuboid', 'PageUp', 2, 1],
  ['lower', 'Lower the cuboid', 'PageDown', 2, -1],
]

const sizes: [string, string, string, 0 | 1 | 2, 1 | -1][] = [
  ['shorter', 'Make the cuboid shorter', 'Ctrl+Left', 0, -1],
  ['longer', 'Make the cuboid longer', 'Ctrl+Right', 0, 1],
  ['wider', 'Make the cuboid wider', 'Ctrl+Up', 1, 1],
  ['narrower', 'Make the cuboid narrower', 'Ctrl+Down', 1, -1],
  ['higher', 'Make the cuboid higher', 'Ctrl+Alt+Up', 2, 1],
  ['flatter', 'Make the cuboid lower', 'Ctrl+Alt+Down', 2, -1],
]

const cuboidCommands: Command[] = [
  ...moves.map(([id, title, key, axis, sign]) => object(`move-${id}`, title, [key], 'Move cuboid', along(axis, sign * moveStep))),
  ...moves.map(([id, title, , axis, sign]) =>
    object(`move-${id}-far`, `${title}, 10 times as far`, [], 'Move cuboid', along(axis, sign * farStep)),
  ),
  ...sizes.map(([id, title, key, axis, sign]) =>
    object(`size-${id}`, title, [key], 'Resize cuboid', grown(axis, sign * moveStep)),
  ),
  object('turn-left', 'Turn the cuboid to the left', ['['], 'Rotate cuboid', turned(2, angleStep)),
  object('turn-right', 'Turn the cuboid to the right', [']'], 'Rotate cuboid', turned(2, -angleStep)),
  object('turn-quarter', 'Turn the cuboid by a quarter', ['Alt+['], 'Rotate cuboid', turned(2, Math.PI / 2)),
  object('turn-half', 'Turn the cuboid front to back', ['Alt+]'], 'Rotate cuboid', turned(2, Math.PI)),
  object('roll-left', 'Roll the cuboid about its X', [], 'Rotate cuboid', turned(0, angleStep)),
  object('pitch-up', 'Pitch the cuboid about its Y', [], 'Rotate cuboid', turned(1, angleStep)),
  object('level', 'Set the cuboid level', [], 'Rotate cuboid', (cuboid) => ({
    ...cuboid,
    rotation: [0, 0, Math.atan2(axisOf(cuboid, 0)[1], axisOf(cuboid, 0)[0])],
  })),
]

export const sceneCommands = (screen: () => SceneScreen): Command[] => {
  const view = (id: string, title: string, keys: string[], run: (editor: Editor) => void): Command => ({
    id,
    title,
    group: 'View',
    keys,
    run,
  })
  const { turn, pan, zoom } = {
    turn: (yaw: number, pitch: number) => screen().turn(yaw, pitch),
    pan: (dx: number, dy: number) => screen().pan(dx, dy),
    zoom: (factor: number) => screen().zoom(factor),
  }
  return [
    view('camera-tilt-up', 'Camera: roll +', ['Shift+Up'], () => turn(0, turnStep)),
    view('camera-tilt-down', 'Camera: roll −', ['Shift+Down'], () => turn(0, -turnStep)),
    view('camera-turn-left', 'Camera: pitch −', ['Shift+Left'], () => turn(-turnStep, 0)),
    view('camera-turn-right', 'Camera: pitch +', ['Shift+Right'], () => turn(turnStep, 0)),
    view('camera-up', 'Camera: up', ['Alt+U'], () => pan(0, panStep)),
    view('camera-down', 'Camera: down', ['Alt+O'], () => pan(0, -panStep)),
    view('camera-left', 'Camera: left', ['Alt+J'], () => pan(panStep, 0)),
    view('camera-right', 'Camera: right', ['Alt+L'], () => pan(-panStep, 0)),
    view('zoom-in', 'Zoom in', ['Alt+I'], () => zoom(1.25)),
    view('zoom-out', 'Zoom out', ['Alt+K'], () => zoom(0.8)),
    view('fit', 'Fit the view', [], () => screen().fit()),
    view('fit-object', 'Fit the object', [], (editor) => screen().fitItem(editor.activeItem)),
    view('look-from-above', 'Look from above', [], () => screen().lookFrom({ pitch: Math.PI / 2 })),
    view('look-from-behind', 'Look from behind the object', [], () => screen().lookAlong()),
    view('save-view', 'Save the view as a picture', [], (editor) => void screen().savePicture(editor)),
    view('layout-reset', 'Reset the layout of the views', [], () => screen().resetLayout()),
    view('orientation-arrows', 'Orientation arrows on or off', [], (editor) => {
      const { appearance } = editor.state
      editor.store.set({ appearance: { ...appearance, orientation: !appearance.orientation } })
      editor.explain(appearance.orientation ? t('Orientation arrows are off') : t('Orientation arrows are on'))
    }),
    ...cuboidCommands,
  ]
}
