// Asks what becomes of edits that clash with somebody else's, and of edits left over from a closed tab.
import type { Editor } from '../editor'
import { adoptServer, type Choice, compareWithServer } from '../save/merge'
import type { SaveState } from '../save/saver'
import { openDialog } from './dialog'
import { h } from './dom'

const countObjects = (count: number): string => `${count} ${count === 1 ? 'object' : 'objects'}`

/** Shows the conflict dialog whenever saving stops with one. */
export const attachConflictDialog = (editor: Editor, root: HTMLElement): void => {
  let shownFor: SaveState | null = null
  const resolve = (choice: Choice, state: Extract<SaveState, { at: 'conflict' }>) => {
    const comparison = compareWithServer(editor.document, state.theirs)
    const edit = adoptServer(editor.document, comparison, choice, editor.state.frame)
    // Steps from before would put back states that nobody has any more.
    editor.history.clear()
    editor.saver.rebase(state.revision)
    editor.noteChange(edit.patches.map((patch) => patch.clientId))
    editor.redrawAll()
    void editor.save()
  }
  const ask = (state: Extract<SaveState, { at: 'conflict' }>) => {
    const found = compareWithServer(editor.document, state.theirs)
    const facts = [
      found.clashes.length > 0
        ? `${countObjects(found.clashes.length)} changed on both sides`
        : 'No object was changed on both sides',
      `${countObjects(found.taken.length + found.added.length)} changed by them only`,
      `${countObjects(found.kept)} changed by you only`,
    ]
    openDialog(root, {
      testId: 'conflict-dialog',
      title: 'Somebody else saved this job',
      body: [
        h('p', { text: 'Nothing was overwritten. What only one side changed is kept; choose for the rest.' }),
        h('ul', {}, ...facts.map((text) => h('li', { text }))),
      ],
      choices: [
        {
          testId: 'conflict-both',
          title: 'Keep both',
          note: 'Theirs stay, yours are added as new objects',
          tone: 'accent',
          run: () => resolve('both', state),
        },
        {
          testId: 'conflict-mine',
          title: 'Keep mine',
          note: 'Overwrites theirs where both changed the same',
          run: () => resolve('mine', state),
        },
        {
          testId: 'conflict-theirs',
          title: 'Keep theirs',
          note: 'Drops your edits where both changed the same',
          run: () => resolve('theirs', state),
        },
      ],
    })
  }
  editor.store.subscribe(['save'], (state) => {
    if (state.save.at !== 'conflict' || state.save === shownFor) return
    shownFor = state.save
    ask(state.save)
  })
}

/** Resolves with whether the edits shall come back. */
export const askRestore = (root: HTMLElement, count: number, since: Date): Promise<boolean> =>
  new Promise((resolve) => {
    const when = since.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })
    openDialog(root, {
      testId: 'restore-dialog',
      title: 'Unsaved edits were found',
      body: [h('p', { text: `${countObjects(count)} were changed in this browser and never saved (opened ${when}).` })],
      choices: [
        { testId: 'dialog-cancel', title: 'Discard them', tone: 'danger', run: () => resolve(false) },
        { testId: 'dialog-ok', title: 'Restore', tone: 'accent', run: () => resolve(true) },
      ],
    })
  })

/** Saves, asks, and sets the job's state to completed. */
export const askFinish = async (editor: Editor, root: HTMLElement): Promise<void> => {
  await editor.save()
  if (editor.document.pendingCount > 0) {
    editor.explain('The job is not finished: its changes are not saved yet', 'error')
    return
  }
  openDialog(root, {
    testId: 'dialog',
    title: 'Finish this job?',
    body: [h('p', { text: 'Its state becomes “completed”. It can be opened again at any time.' })],
    onDismiss: () => {},
    choices: [
      { testId: 'dialog-cancel', title: 'Not yet', run: () => {} },
      {
        testId: 'dialog-ok',
        title: 'Finish',
        tone: 'accent',
        run: async () => {
          try {
            const job = await editor.api.updateJob({ state: 'completed' })
            editor.store.set({ jobState: job.state })
            editor.explain('The job is completed')
          } catch (error) {
            editor.explain(`The job was not finished: ${(error as Error).message}`, 'error')
          }
        },
      },
    ],
  })
}
