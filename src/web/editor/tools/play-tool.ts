// Plays a row of events to a tool and records what it asks for: how tests look at tools.

import type { Label } from '../../../formats/model'
import type { Intent } from '../document/intent'
import type { Content, EditorObject } from '../document/object'
import { sampleLabels } from '../document/sample'
import { type BrushOptions, startBrush } from '../state'
import type { Point } from '../view/geometry'
import type { Target, Tool, ToolContext, ToolEvent } from './tool'

export type Stage = {
  targets?: Target[]
  handle?: { target: Target; handle: string; at: Point }
  scale?: number
  count?: number
  paste?: Content[]
  redraws?: number
  objects?: EditorObject[]
  brush?: Partial<BrushOptions>
  bordering?: boolean
  label?: Label
  as?: 'shape' | 'track'
  selected?: Target[]
  asks?: boolean
  model?: Partial<NonNullable<ToolContext['model']>>
}

const plain = { shift: false, ctrl: false, alt: false }

export const down = (x: number, y: number, more: Partial<typeof plain> = {}): ToolEvent => ({
  type: 'down',
  button: 'left',
  at: { x, y },
  ...plain,
  ...more,
})
export const rightDown = (x: number, y: number): ToolEvent => ({ type: 'down', button: 'right', at: { x, y }, ...plain })
export const move = (x: number, y: number, more: Partial<typeof plain> = {}): ToolEvent => ({
  type: 'move',
  at: { x, y },
  ...plain,
  ...more,
})
export const up = (x: number, y: number): ToolEvent => ({ type: 'up', at: { x, y }, ...plain })
export const double = (x: number, y: number): ToolEvent => ({ type: 'double', at: { x, y }, ...plain })
export const click = (x: number, y: number): ToolEvent[] => [move(x, y), down(x, y), up(x, y)]

/** A picture of 200 × 100 pixels; a target is hit inside the box of its points. */
export const playTool = (tool: Tool, events: ToolEvent[], stage: Stage = {}) => {
  const intents: Intent[] = []
  const said: string[] = []
  const calls: string[] = []
  let brush: BrushOptions = { ...startBrush, ...stage.brush }
  const context: ToolContext = {
    scale: stage.scale ?? 1,
    size: { width: 200, height: 100 },
    frame: 0,
    stopFrame: 20,
    template: {
      as: stage.as ?? 'shape',
      labelId: stage.label?.id ?? 7,
      count: stage.count ?? 0,
      paste: stage.paste ?? [],
      redraws: stage.redraws ?? null,
      label: stage.label,
    },
    labels: sampleLabels,
    get brush() {
      return brush
    },
    setBrush: (part) => {
      brush = { ...brush, ...part }
    },
    bordering: stage.bordering ?? false,
    intelligentCrop: !stage.asks,
    approximation: 9,
    model: { minPoints: 1, takesNegative: true, takesBox: true, as: 'mask', ...stage.model },
    prompt: (prompts) => void calls.push(`prompt ${JSON.stringify(prompts)}`),
    forgetPrompt: () => void calls.push('forget'),
    assist: ({ operation, values }) => void calls.push(`assist ${operation} ${JSON.stringify(values)}`),
    listTargets: () => stage.targets ?? [],
    object: (clientId) => stage.objects?.find((one) => one.clientId === clientId) ?? null,
    nextGroup: () => 9,
    selected: () => stage.selected ?? [],
    select: (ids) => void calls.push(`select ${ids.join(' ')}`),
    again: () => void calls.push('again'),
    editMask: (clientId) => void calls.push(`edit mask ${clientId}`),
    hand: (toolId) => void calls.push(`hand ${toolId}`),
    dispatch: (...list) => void intents.push(...list),
    targetAt: (at) =>
      stage.targets?.find(({ body: { points } }) => {
        const [left = 0, top = 0, right = 0, bottom = 0] = points
        return at.x >= left && at.x <= right && at.y >= top && at.y <= bottom
      }) ?? null,
    handleAt: (at) => (stage.handle && Math.hypot(stage.handle.at.x - at.x, stage.handle.at.y - at.y) < 4 ? stage.handle : null),
    activate: (clientId) => void calls.push(`activate ${clientId}`),
    toggleSelected: (clientId) => void calls.push(`toggle ${clientId}`),
    selectBox: (box) => void calls.push(`box ${box.left} ${box.top} ${box.right} ${box.bottom}`),
    panBy: (dx, dy) => void calls.push(`pan ${dx} ${dy}`),
    zoomTo: (box) => void calls.push(box ? `zoom ${box.left} ${box.top} ${box.right} ${box.bottom}` : 'zoom out'),
    explain: (sentence) => void said.push(sentence),
    report: () => {},
    leave: () => void calls.push('leave'),
  }
  let state = tool.start(context)
  const path = [state.at]
  for (const event of events) {
    state = tool.on(state, event, context)
    if (path.at(-1) !== state.at) path.push(state.at)
  }
  return { state, path: path.join(' '), intents, said, calls, preview: tool.preview(state, context) }
}
