// Commands that go to other frames.
import type { Editor } from '../editor'
import type { Command } from './command'

const isLater = (editor: Editor): boolean => editor.state.wantedFrame < editor.frames.frames.at(-1)!
const isEarlier = (editor: Editor): boolean => editor.state.wantedFrame > editor.frames.frames[0]!
const isDeleted = (editor: Editor): boolean => editor.frames.deleted.has(editor.state.frame)
const hasChapters = (editor: Editor): boolean => (editor.job.meta.chapters?.length ?? 0) > 0
const nothingActive = (editor: Editor): boolean => editor.state.activeId === null

const frame = (command: Omit<Command, 'group'>): Command => ({ ...command, group: 'Frames' })

/** Next or previous key frame of the active track. */
const findKeyFrame = (editor: Editor, direction: 1 | -1): number | null => {
  const object = editor.activeItem?.object
  if (object?.kind !== 'track') return null
  const frames = object.data.shapes.map((shape) => shape.frame).sort((a, b) => (a - b) * direction)
  return frames.find((one) => (one - editor.state.frame) * direction > 0) ?? null
}

const goToKeyFrame = (editor: Editor, direction: 1 | -1): void => {
  const found = findKeyFrame(editor, direction)
  if (found !== null) void editor.player.goTo(found)
}

export const frameCommands: Command[] = [
  frame({ id: 'frame-next', title: 'Next frame', keys: ['F'], run: (e) => e.player.stepByMode(1), enabled: isLater }),
  frame({ id: 'frame-prev', title: 'Previous frame', keys: ['D'], run: (e) => e.player.stepByMode(-1), enabled: isEarlier }),
  frame({
    id: 'frame-forward',
    title: 'Forward by the step',
    keys: ['V'],
    run: (e) => e.player.step(e.state.settings.step),
    enabled: isLater,
  }),
  frame({
    id: 'frame-back',
    title: 'Back by the step',
    keys: ['C'],
    run: (e) => e.player.step(-e.state.settings.step),
    enabled: isEarlier,
  }),
  frame({
    id: 'frame-next-object',
    title: 'Next frame with objects',
    keys: ['Right'],
    run: (e) => e.player.stepToObject(1),
    enabled: nothingActive,
  }),
  frame({
    id: 'frame-prev-object',
    title: 'Previous frame with objects',
    keys: ['Left'],
    run: (e) => e.player.stepToObject(-1),
    enabled: nothingActive,
  }),
  frame({
    id: 'frame-first',
    title: 'First frame',
    keys: [],
    run: (e) => e.player.goTo(e.frames.frames[0]!),
    enabled: isEarlier,
  }),
  frame({
    id: 'frame-last',
    title: 'Last frame',
    keys: [],
    run: (e) => e.player.goTo(e.frames.frames.at(-1)!),
    enabled: isLater,
  }),
  frame({ id: 'frame-next-empty', title: 'Next frame without objects', keys: [], run: (e) => e.player.stepToEmpty(1) }),
  frame({ id: 'frame-prev-empty', title: 'Previous frame without objects', keys: [], run: (e) => e.player.stepToEmpty(-1) }),
  frame({ id: 'chapter-next', title: 'Next chapter', keys: ['B'], run: (e) => e.player.stepToChapter(1), enabled: hasChapters }),
  frame({
    id: 'chapter-prev',
    title: 'Previous chapter',
    keys: ['X'],
    run: (e) => e.player.stepToChapter(-1),
    enabled: hasChapters,
  }),
  frame({
    id: 'frame-delete',
    title: 'Delete the frame',
    keys: ['Alt+Del'],
    run: (e) => e.setFrameDeleted(e.state.frame, true),
    enabled: (e) => !isDeleted(e),
  }),
  frame({
    id: 'frame-restore',
    title: 'Restore the frame',
    keys: [],
    run: (e) => e.setFrameDeleted(e.state.frame, false),
    enabled: isDeleted,
  }),
  frame({ id: 'frame-search', title: 'Find a frame by its file name', keys: [], run: (e) => e.screen.openFrameSearch() }),
  frame({ id: 'play', title: 'Play or pause', keys: ['Space'], run: (e) => e.player.toggle() }),
  frame({ id: 'frame-field', title: 'Type a frame number', keys: ['`', '~', 'Shift+`'], run: (e) => e.screen.focusFrameField() }),
  frame({
    id: 'keyframe-next',
    title: 'Next key frame of the track',
    keys: ['R'],
    run: (e) => goToKeyFrame(e, 1),
    enabled: (e) => findKeyFrame(e, 1) !== null,
  }),
  frame({
    id: 'keyframe-prev',
    title: 'Previous key frame of the track',
    keys: ['E'],
    run: (e) => goToKeyFrame(e, -1),
    enabled: (e) => findKeyFrame(e, -1) !== null,
  }),
]
