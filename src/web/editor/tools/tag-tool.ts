// Puts a tag on the frame: chosen in the fly-out, or again with N; each label at most once a frame.
import { defineTool } from './tool'

type State = { at: 'waiting' }

export const tagTool = defineTool<State>({
  id: 'tag',
  title: 'Tag',
  icon: 'tag',
  cursor: 'default',
  draws: 'tag',
  start: () => ({ at: 'waiting' }),
  on(state, event, context) {
    if (event.type === 'finish') context.dispatch({ type: 'tag', labelId: context.template.labelId })
    if (event.type === 'finish' || event.type === 'cancel') context.leave()
    return state
  },
  mode: () => 'idle',
  hint: () => 'N puts the tag on this frame, Esc cancels',
  preview: () => null,
})
