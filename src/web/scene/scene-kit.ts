// The editor of point clouds: its tools and commands, how frames are loaded, and the views that show them.
import { FrameCache, type Picture } from '../editor/frames/frame-cache'
import { germanScene } from '../editor/i18n/german-scene'
import { addTexts } from '../editor/i18n/message'
import type { EditorKit } from '../editor/kit'
import { groupTool, mergeTool, splitTool } from '../editor/tools/pick-tools'
import { tagTool } from '../editor/tools/tag-tool'
import { assistCommands } from './assist/assist-commands'
import { batchCommands } from './batch/batch-commands'
import { cardBlock } from './card-block'
import { toBody } from './cuboid-body'
import { type OpenScene, openScene } from './open-scene'
import { makeSceneIssueTool } from './review/scene-issue-tool'
import { chooseSceneCommands, sceneCommands } from './scene-commands'
import { segmentCommands } from './segments/segment-commands'
import { makeCuboidTool } from './tools/cuboid-tool'
import { makeCursorTool } from './tools/cursor-tool'
import { sceneMoveTool } from './tools/move-tool'
import { makePasteTool } from './tools/paste-tool'

/** Without Shift a drag turns the view. */
const groupHint = 'Click objects, or drag a box with Shift; G groups them, Shift+G takes them out of groups'

/** Stands for a frame whose points are loaded. */
type Token = Picture & CanvasImageSource

export const makeSceneKit = (): EditorKit => {
  addTexts('de', germanScene)
  let opened: OpenScene | null = null
  const scene = () => opened!
  const inView = { turnsView: true } as const
  return {
    traits: { dimension: '3d', turns: false, models: false, layers: false, card: cardBlock },
    rail: [
      [makeCursorTool(() => scene().cursor), sceneMoveTool],
      [makeCuboidTool(() => scene().drawing), tagTool],
      [
        { ...mergeTool, ...inView },
        { ...splitTool, ...inView },
        { ...groupTool, ...inView, hint: () => groupHint },
      ],
    ],
    tools: [
      makePasteTool(() => scene().drawing),
      makeSceneIssueTool(() => {
        const { screen } = scene()
        return {
          placeAt: (at) => screen.placeAt(at),
          cuboidAt: (at) => {
            const [found] = screen.findAt('perspective', at)
            const cuboid = found === undefined ? null : screen.cuboidOf(found)
            return cuboid && toBody(cuboid).points
          },
        }
      }),
    ],
    chooseCommands: (all) =>
      chooseSceneCommands(all, [...sceneCommands(() => scene().screen), ...assistCommands, ...batchCommands, ...segmentCommands]),
    openPictures: () =>
      new FrameCache<Token>({
        load: async (frame, signal) => {
          await scene().prepare(frame, signal)
          return { width: 1, height: 1 } as Token
        },
        // As many as the layer of points keeps: others are prepared anew before they are shown.
        limitBytes: 4 * 12,
      }),
    openArea: (editor, root) => {
      opened = openScene(editor, root)
      return opened.area
    },
  }
}
