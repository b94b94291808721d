// Commands of the viewing aids.
import type { Command } from '../../editor/commands/command'
import type { Editor } from '../../editor/editor'
import { t } from '../../editor/i18n/message'
import { type ColourMode, colourModes, rampNames } from './cloud-aids'
import { colourTitles, type LookSettings, mostFrames, sizeLimits } from './look-settings'

export const changeLook = (editor: Editor, part: Partial<LookSettings>): void =>
  editor.store.set({ settings: { ...editor.state.settings, ...part } })

const colourKeys: Readonly<Record<ColourMode, string>> = {
  height: 'W H',
  intensity: 'W I',
  distance: 'W D',
  return: 'W R',
  stored: 'W S',
  classification: 'W C',
  plain: 'W P',
  label: 'W L',
}
const colourCommands: Readonly<Record<ColourMode, string>> = {
  height: 'Colour points by height',
  intensity: 'Colour points by intensity',
  distance: 'Colour points by distance',
  return: 'Colour points by return',
  stored: 'Colour points as stored',
  classification: 'Colour points by classification',
  plain: 'Colour points alike',
  label: 'Colour points by the labels of cuboids',
}

const next = <T>(list: readonly T[], value: T): T => list[(list.indexOf(value) + 1) % list.length]!

type Ports = { showsFrames: () => boolean }

/** @param ports what only the opened workspace knows */
export const makeLookCommands = (ports: Ports): Command[] => {
  const view = (id: string, title: string, key: string | null, run: Command['run']): Command => ({
    id: `look-${id}`,
    title,
    group: 'View',
    keys: key ? [key] : [],
    run,
  })
  const size = (by: number) => (editor: Editor) => {
    const now = editor.state.settings.scenePointSize
    changeLook(editor, { scenePointSize: Math.min(Math.max(now + by, sizeLimits[0]), sizeLimits[1]) })
  }
  const frames = (by: number) => (editor: Editor) => {
    if (!ports.showsFrames()) {
      editor.explain('Without poses of the scanner frames cannot be put together: give the task calibration files')
      return
    }
    const now = editor.state.settings.sceneFrames
    changeLook(editor, { sceneFrames: Math.min(Math.max(now + by, 0), mostFrames) })
  }
  return [
    ...colourModes.map((mode) =>
      view(`colour-${mode}`, colourCommands[mode], colourKeys[mode], (editor) => {
        changeLook(editor, { sceneColour: mode })
        editor.explain(t('Points by: {name}', { name: t(colourTitles[mode]) }))
      }),
    ),
    view('ramp', 'Next colour ramp', 'W T', (editor) =>
      changeLook(editor, { sceneRamp: next<string>(rampNames, editor.state.settings.sceneRamp), sceneRange: '' }),
    ),
    view('larger', 'Larger points', 'W +', size(0.5)),
    view('smaller', 'Smaller points', 'W -', size(-0.5)),
    view('ground', 'Ground on or off', 'W G', (editor) => {
      const { sceneGroundOff } = editor.state.settings
      changeLook(editor, { sceneGroundOff: !sceneGroundOff })
      editor.explain(sceneGroundOff ? 'The ground is shown' : 'The ground is not shown')
    }),
    view('clip', 'Clip to the surroundings of the cuboid, or show all', 'W B', (editor) =>
      changeLook(editor, { sceneClip: editor.state.settings.sceneClip === 'off' ? 'object' : 'off' }),
    ),
    view('eye-dome', 'Eye-dome lighting on or off', 'W E', (editor) => {
      const isOn = editor.state.settings.sceneEyeDome === 'on'
      changeLook(editor, { sceneEyeDome: isOn ? 'off' : 'on' })
    }),
    view('grid', 'Grid on the ground on or off', 'W N', (editor) =>
      changeLook(editor, { sceneGrid: !editor.state.settings.sceneGrid }),
    ),
    view('more-frames', 'One more frame before and after', 'W A', frames(1)),
    view('fewer-frames', 'One frame before and after less', 'W Z', frames(-1)),
    view('measure', 'Measure between two points', 'W M', (editor) => editor.stage.setTool('measure')),
  ]
}
