// Labels of points, and lines, areas and key points in space: one tab, two groups of tools, one book that saves them.
import { t } from '../../editor/i18n/message'
import { GroundDrawing } from '../ground-shapes/ground-drawing'
import { makeGroundPanel } from '../ground-shapes/ground-panel'
import { makeGroundTools } from '../ground-shapes/ground-tools'
import type { ScenePart } from '../workspace'
import { openBook } from './open-book'
import { noteSegmenter } from './segment-commands'
import { makeSegmentTools } from './segment-tools'
import { Segmenter } from './segmenter'
import { makeSegmentsPanel } from './segments-panel'

export const segmentsPart: ScenePart = (scene) => {
  const { editor } = scene
  const book = openBook(editor)
  const segmenter = new Segmenter(scene, book)
  const drawing = new GroundDrawing(scene, book)
  noteSegmenter(editor, segmenter)
  if (segmenter.labels.length > 0) {
    scene.addTools(makeSegmentTools(segmenter))
    scene.addTools(makeGroundTools(drawing))
  }
  const element = makeSegmentsPanel(segmenter, makeGroundPanel(drawing))
  scene.addPanel({ id: 'segments', title: t('Points'), icon: 'brush', element, place: 'side' })
  // What tools show of themselves goes with them.
  let { toolId } = editor.state
  editor.store.subscribe(['toolId', 'frame'], (state) => {
    if (state.toolId !== toolId) {
      scene.draw('segment-tool', null)
      if (drawing.draft) {
        drawing.draft = null
        drawing.draw()
      }
      if (state.toolId.startsWith('segment-') || state.toolId.startsWith('ground-'))
        editor.store.set({ sideTab: 'part-segments' })
    }
    toolId = state.toolId
  })
  // What is half drawn belongs to the frame on which it was begun.
  editor.store.subscribe(['frame'], ({ toolState }) => {
    const { id } = editor.stage.tool
    if ((id.startsWith('segment-') || id.startsWith('ground-')) && toolState.at !== 'waiting' && toolState.at !== 'idle')
      editor.stage.send({ type: 'cancel' })
  })
  editor.store.subscribe(['cursor'], ({ cursor }) => {
    if (
      !cursor &&
      editor.stage.mode !== 'edit' &&
      editor.state.toolId.startsWith('segment-') &&
      editor.state.toolState.at === 'waiting'
    )
      scene.draw('segment-tool', null)
  })
}
