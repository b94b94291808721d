// Plays a row of events to a tool and records what it asks for: how tests look at tools.

import type { Intent } from '../document/intent'
import type { Content } from '../document/object'
import type { Point } from '../view/geometry'
import type { Target, Tool, ToolContext, ToolEvent } from './tool'

export type Stage = {
  targets?: Target[]
  handle?: { target: Target; handle: string; at: Point }
  scale?: number
  count?: number
  paste?: Content[]
  redraws?: number
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
  const context: ToolContext = {
    scale: stage.scale ?? 1,
    size: { width: 200, height: 100 },
    template: { as: 'shape', labelId: 7, count: stage.count ?? 0, paste: stage.paste ?? [], redraws: stage.redraws ?? null },
    dispatch: (intent) => void intents.push(intent),
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
    leave: () => void calls.push('leave'),
  }
  let state = tool.start()
  const path = [state.at]
  for (const event of events) {
    state = tool.on(state, event, context)
    if (path.at(-1) !== state.at) path.push(state.at)
  }
  return { state, path: path.join(' '), intents, said, calls, preview: tool.preview(state, context) }
}
