// Commands of the quick tools of point clouds.
import type { Command } from '../../editor/commands/command'
import type { Editor } from '../../editor/editor'
import { t } from '../../editor/i18n/message'
import { workspaceFacts } from '../../editor/workspaces/workspace'
import { toolsOf } from './assist-tools'
import { type Assistant, assistantOf } from './assistant'

const edits = (editor: Editor): boolean => workspaceFacts[editor.state.workspace].edits
const isIdle = (editor: Editor): boolean => editor.stage.mode === 'idle' && edits(editor)
const hasFree = (editor: Editor): boolean => isIdle(editor) && assistantOf(editor).listFree().length > 0
const hasTracks = (editor: Editor): boolean => isIdle(editor) && assistantOf(editor).listTracks().length > 0

/** Says why work that takes a while failed. */
const attempt =
  (work: (assistant: Assistant) => Promise<void>) =>
  async (editor: Editor): Promise<void> => {
    try {
      await work(assistantOf(editor))
    } catch (error) {
      editor.explain(t('The points could not be read: {reason}', { reason: (error as Error).message }), 'error')
    }
  }

const onCuboids = (id: string, title: string, keys: string[], run: Command['run']): Command => ({
  id: `cloud-${id}`,
  title,
  group: 'Objects',
  keys,
  run,
  enabled: hasFree,
})
const onTracks = (id: string, title: string, keys: string[], run: Command['run']): Command => ({
  ...onCuboids(id, title, keys, run),
  enabled: hasTracks,
})

export const assistCommands: readonly Command[] = [
  {
    id: 'cloud-one-click',
    title: 'Cuboid by one click',
    group: 'Drawing',
    keys: ['A C'],
    run: (e) => e.stage.setTool('one-click'),
    enabled: (e) => edits(e) && e.labelsFor('cuboid').length > 0,
  },
  onCuboids(
    'fit-all',
    'Fit the cuboid to its points',
    ['A A'],
    attempt((one) => one.fit('all')),
  ),
  onCuboids(
    'fit-size',
    'Fit the size, keep the heading',
    ['A S'],
    attempt((one) => one.fit('size')),
  ),
  onCuboids(
    'fit-place',
    'Fit the place, keep size and heading',
    ['A P'],
    attempt((one) => one.fit('place')),
  ),
  onCuboids(
    'ground',
    'Put the cuboid on the ground',
    ['A G'],
    attempt((one) => one.snapToGround()),
  ),
  onCuboids('turn-left', 'Turn the heading a quarter to the left', ['A L'], (e) => assistantOf(e).turn(1)),
  onCuboids('turn-right', 'Turn the heading a quarter to the right', ['A R'], (e) => assistantOf(e).turn(3)),
  onCuboids('turn-back', 'Turn the heading round', ['A T'], (e) => assistantOf(e).turn(2)),
  onTracks('turn-track', 'Turn the heading round along the track', [], (e) => assistantOf(e).turnTracks(2)),
  onTracks('motion-yaw', 'Headings from the motion of the track', ['A M'], (e) => assistantOf(e).alignTracks()),
  onTracks('motion-yaw-back', 'Headings from the motion, driving backwards', [], (e) =>
    assistantOf(e).alignTracks({ isReversing: true }),
  ),
  onTracks('motion-yaw-on', 'Headings from the motion, from this frame on', [], (e) =>
    assistantOf(e).alignTracks({ range: [e.state.frame, e.frames.stop] }),
  ),
  onTracks('size-spread', 'This size on all key frames', ['A Z'], (e) => assistantOf(e).spreadSize('shown')),
  onTracks('size-median', 'The median size on all key frames', [], (e) => assistantOf(e).spreadSize('median')),
  onTracks('size-lock', 'Lock or unlock the size along the track', ['A K'], (e) => toolsOf(e).toggleSizeLock()),
  {
    id: 'cloud-world-bake',
    title: 'Key frames for the way in the world',
    group: 'Objects',
    keys: ['A W'],
    run: (e) => toolsOf(e).bakeWorld(),
    enabled: (e) => isIdle(e) && toolsOf(e).world.isPossible,
  },
  {
    id: 'cloud-duplicates',
    title: 'Find duplicates on the frame',
    group: 'Objects',
    keys: ['A D'],
    run: (e) => toolsOf(e).openDuplicates(),
  },
]
