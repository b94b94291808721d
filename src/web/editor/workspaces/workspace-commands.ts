// Commands that exist in one workspace only, and those that switch between them.
import type { Command } from '../commands/command'
import type { Editor } from '../editor'
import { stepConflict } from '../review/conflict-menu'
import { chooseWorkspace } from './attach-workspaces'
import { pickValue, stepAttribute, stepObject } from './attribute-focus'
import { beginDrawing, goOn } from './single-shape'
import { addTag, listTagLabels, toggleTag } from './tagging'
import { workspaceFacts, workspaces } from './workspace'

const digits = Array.from({ length: 10 }, (_, index) => ({ index, digit: String((index + 1) % 10) }))

const attribute = (command: Omit<Command, 'group' | 'workspaces'>): Command => ({
  ...command,
  group: 'Attributes',
  workspaces: ['attributes'],
})

const attributeCommands: Command[] = [
  attribute({ id: 'attribute-object-next', title: 'Next object', keys: ['Tab'], run: (e) => stepObject(e, 1) }),
  attribute({ id: 'attribute-object-prev', title: 'Previous object', keys: ['Shift+Tab'], run: (e) => stepObject(e, -1) }),
  attribute({ id: 'attribute-next', title: 'Next attribute', keys: ['Down'], run: (e) => stepAttribute(e, 1) }),
  attribute({ id: 'attribute-prev', title: 'Previous attribute', keys: ['Up'], run: (e) => stepAttribute(e, -1) }),
  ...digits.map(({ index, digit }) =>
    attribute({
      id: `attribute-value-${index + 1}`,
      title: `Value ${index + 1} of the attribute`,
      keys: [digit],
      run: (e) => pickValue(e, index),
    }),
  ),
]

const tagAt = (editor: Editor, index: number): number | undefined => listTagLabels(editor)[index]?.id

const chosenTag = (editor: Editor): number | undefined =>
  listTagLabels(editor).find((label) => label.id === editor.state.tagLabelId)?.id ?? tagAt(editor, 0)

const tag = (command: Omit<Command, 'group' | 'workspaces'>): Command => ({ ...command, group: 'Tags', workspaces: ['tags'] })

const tagCommands: Command[] = [
  tag({ id: 'tag-add', title: 'Add the chosen tag', keys: ['N'], run: (e) => addTag(e, chosenTag(e) ?? 0) }),
  ...digits.map(({ index, digit }) =>
    tag({
      id: `tag-${index + 1}`,
      title: `Tag ${index + 1} on or off`,
      keys: [digit],
      run: (e) => toggleTag(e, tagAt(e, index) ?? 0),
    }),
  ),
]

const single = (command: Omit<Command, 'group' | 'workspaces'>): Command => ({
  ...command,
  group: 'Drawing',
  workspaces: ['single_shape'],
})

const singleCommands: Command[] = [
  single({
    id: 'single-draw',
    title: 'Draw again, or finish drawing',
    keys: ['N'],
    run: (e) => (e.stage.tool.draws ? e.stage.send({ type: 'finish' }) : beginDrawing(e)),
  }),
  single({ id: 'single-skip', title: 'Skip the frame', keys: [], run: (e) => goOn(e) }),
]

const review = (command: Omit<Command, 'group' | 'workspaces'>): Command => ({
  ...command,
  group: 'Review',
  workspaces: ['review'],
})

const goToIssue = (editor: Editor, direction: 1 | -1): void => {
  const from = editor.state.wantedFrame
  const found = [
    editor.issues.findFrame(from, direction),
    editor.state.appearance.groundTruth ? editor.conflicts.findFrame(from, direction) : null,
  ].filter((one) => one !== null)
  const frame = found.sort((a, b) => (a - b) * direction)[0]
  if (frame === undefined)
    editor.explain(direction === 1 ? 'No later frame has issues or conflicts' : 'No earlier frame has issues or conflicts')
  else void editor.player.goTo(frame)
}

const reviewCommands: Command[] = [
  review({ id: 'issue-open', title: 'Open an issue', keys: ['N'], run: (e) => e.stage.setTool('issue') }),
]

const issueCommands: Command[] = [
  { id: 'issues-next', title: 'Next frame with issues or conflicts', group: 'Review', keys: [], run: (e) => goToIssue(e, 1) },
  {
    id: 'issues-prev',
    title: 'Previous frame with issues or conflicts',
    group: 'Review',
    keys: [],
    run: (e) => goToIssue(e, -1),
  },
]

const conflictStep = (id: string, title: string, key: string, direction: 1 | -1): Command => ({
  id,
  title,
  group: 'Review',
  keys: [key],
  run: (editor) => void stepConflict(editor, direction).catch((error) => editor.explain((error as Error).message, 'error')),
})
const conflictCommands: Command[] = [
  conflictStep('conflict-next', 'Next conflict with the ground truth', 'Shift+F', 1),
  conflictStep('conflict-prev', 'Previous conflict with the ground truth', 'Shift+D', -1),
]

const switches: Command[] = workspaces.map((name) => ({
  id: `workspace-${name}`,
  title: `Workspace: ${workspaceFacts[name].title}`,
  group: 'View',
  keys: [],
  run: (editor) => chooseWorkspace(editor, name),
}))

export const workspaceCommands: readonly Command[] = [
  ...attributeCommands,
  ...tagCommands,
  ...singleCommands,
  ...reviewCommands,
  ...issueCommands,
  ...conflictCommands,
  ...switches,
]
