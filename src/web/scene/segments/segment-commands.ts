// Commands and keys of the tools for points, lines and areas.
import type { Command } from '../../editor/commands/command'
import type { Editor } from '../../editor/editor'
import { workspaceFacts } from '../../editor/workspaces/workspace'
import { radiusLimits, type Segmenter } from './segmenter'

const segmenters = new WeakMap<Editor, Segmenter>()
export const noteSegmenter = (editor: Editor, segmenter: Segmenter): void => void segmenters.set(editor, segmenter)

const draws = (editor: Editor): boolean =>
  workspaceFacts[editor.state.workspace].draws && (segmenters.get(editor)?.labels.length ?? 0) > 0

const tool = (id: string, title: string, keys: string): Command => ({
  id,
  title,
  group: 'Drawing',
  keys: [keys],
  run: (editor) => editor.stage.setTool(id),
  enabled: draws,
})

const withSegmenter = (id: string, title: string, keys: string, run: (segmenter: Segmenter) => void): Command => ({
  id,
  title,
  group: 'Drawing',
  keys: [keys],
  run: (editor) => {
    const segmenter = segmenters.get(editor)
    if (segmenter) run(segmenter)
  },
  enabled: draws,
})

const resize = (by: number) => (segmenter: Segmenter) => {
  const radius = Math.round(segmenter.options.radius * by)
  segmenter.set({ radius: Math.min(Math.max(radius, radiusLimits.least), radiusLimits.most) })
}

export const segmentCommands: readonly Command[] = [
  tool('segment-brush', 'Brush for points', 'S B'),
  tool('segment-lasso', 'Lasso of points', 'S L'),
  tool('segment-prism', 'Polygon prism of points', 'S P'),
  tool('segment-region', 'Object around a point', 'S O'),
  tool('segment-eraser', 'Eraser for points', 'S E'),
  withSegmenter('segment-cuboids', 'Label the points in the chosen cuboids', 'S C', (one) => one.paintCuboids()),
  withSegmenter('segment-next', 'Next instance', 'S I', (one) => one.nextInstance()),
  withSegmenter('segment-larger', 'Larger brush for points', 'S +', resize(1.25)),
  withSegmenter('segment-smaller', 'Smaller brush for points', 'S -', resize(0.8)),
  tool('ground-line', 'Line on the ground', 'S W'),
  tool('ground-area', 'Area on the ground', 'S A'),
  tool('ground-points', 'Key points', 'S K'),
  tool('ground-edit', 'Vertices of lines and areas', 'S V'),
]
