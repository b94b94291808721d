// The single-shape workspace: one shape after the other, frame after frame, until the job is through.
import type { ShapeType } from '../../../formats/model'
import type { Editor } from '../editor'
import { isEmptyFrame } from '../filters/find-frame'
import { findTool } from '../tools/registry'

export type SingleOptions = {
  labelId: number
  type: ShapeType
  autoNext: boolean
  saveAtEnd: boolean
  onlyEmpty: boolean
  /** Number of points at which a line finishes by itself; 0 = none. */
  points: number
}

export const startSingle: SingleOptions = {
  labelId: 0,
  type: 'rectangle',
  autoNext: true,
  saveAtEnd: true,
  onlyEmpty: false,
  points: 0,
}

const drawable: readonly ShapeType[] = ['rectangle', 'polygon', 'polyline', 'points', 'ellipse', 'cuboid', 'mask', 'skeleton']

/** Shapes that a label allows and a tool draws. */
export const listTypes = (editor: Editor, labelId: number): ShapeType[] => {
  const label = editor.job.labels.get(labelId)
  const known = drawable.filter((type) => findTool(type).draws === type)
  return label ? known.filter((type) => label.type === type || (label.type === 'any' && type !== 'skeleton')) : []
}

export const listSingleLabels = (editor: Editor) =>
  [...editor.job.labels.values()].filter((label) => listTypes(editor, label.id).length > 0)

export const setSingle = (editor: Editor, part: Partial<SingleOptions>): void => {
  const next = { ...editor.state.single, ...part }
  const types = listTypes(editor, next.labelId)
  if (!types.includes(next.type)) next.type = types[0] ?? 'rectangle'
  editor.store.set({ single: next })
}

/** Takes the tool in hand. */
export const beginDrawing = (editor: Editor): void => {
  const { single } = editor.state
  if (!listTypes(editor, single.labelId).includes(single.type)) return
  editor.store.set({ drawAs: 'shape', drawLabelId: single.labelId })
  editor.stage.setTool(single.type)
  editor.store.set({ drawCount: single.points, drawLabelId: single.labelId })
}

/** Frames still to be done, the shown one not counted. */
export const countRemaining = (editor: Editor): number => {
  const { frame, single } = editor.state
  return editor.frames.frames.filter((one) => one > frame && (!single.onlyEmpty || isEmptyFrame(editor, one))).length
}

/** On to the next frame that is to be done; asks to finish when there is none. */
export const goOn = async (editor: Editor): Promise<void> => {
  const { single, wantedFrame } = editor.state
  const next = editor.frames.find(wantedFrame, 1, (frame) => !single.onlyEmpty || isEmptyFrame(editor, frame))
  editor.stage.setTool('cursor')
  if (next === null) editor.screen.askSubmit()
  else await editor.player.goTo(next)
}

/** Chooses what is drawn from the address or from the job's labels. */
export const prepareSingle = (editor: Editor, address: URL): void => {
  const labels = listSingleLabels(editor)
  const asked = labels.find((label) => label.name === address.searchParams.get('defaultLabel'))
  const kept = labels.find((label) => label.id === editor.state.single.labelId)
  const points = Math.max(Math.floor(Number(address.searchParams.get('defaultPointsCount'))) || 0, 0)
  const labelId = (asked ?? kept ?? labels[0])?.id ?? 0
  const type = editor.job.labels.get(labelId)?.type
  setSingle(editor, {
    labelId,
    ...(type && type !== 'any' && type !== 'tag' && type !== 'interval' && { type }),
    ...(points > 0 && { points }),
  })
}
