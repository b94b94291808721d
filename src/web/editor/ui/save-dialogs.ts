// Asks what becomes of edits that clash with somebody else's, and of edits left over from a closed tab.
import type { Editor } from '../editor'
import { readLanguage, t, tn } from '../i18n/message'
import { describeCheck, finishJob, readCheck } from '../review/finish-job'
import { adoptServer, type Choice, compareWithServer } from '../save/merge'
import type { SaveState } from '../save/saver'
import { type DialogChoice, openDialog } from './dialog'
import { h } from './dom'

/** Longer lists of clashes are decided by one choice for all. */
const shownClashes = 50

const choiceWords: Record<Choice, string> = { both: 'Both', mine: 'Mine', theirs: 'Theirs' }

/** One line for each object that both changed: what it is, where, and what becomes of it. */
const makeClashList = (editor: Editor, clientIds: readonly number[]) => {
  const picks = new Map<number, HTMLSelectElement>()
  const rows = clientIds.slice(0, shownClashes).map((clientId) => {
    const object = editor.document.get(clientId)
    const stored = editor.document.stored.get(clientId)
    const content = object ?? stored?.content
    const label = content && editor.job.labels.get(content.data.label_id)?.name
    const name = `${label ?? '?'} ${clientId}${object ? '' : ` (${t('deleted by you')})`}`
    const select = h(
      'select',
      { class: 'ed-select ed-small', 'data-testid': `conflict-choice-${clientId}`, 'aria-label': name },
      ...(['both', 'mine', 'theirs'] as const).map((value) => h('option', { value, text: t(choiceWords[value]) })),
    )
    picks.set(clientId, select)
    const place = content ? t('Frame {frame}', { frame: content.data.frame }) : ''
    return h(
      'div',
      { class: 'ed-clash', role: 'listitem' },
      h('span', { text: name, dir: 'auto' }),
      h('span', { class: 'ed-count', text: place }),
      select,
    )
  })
  const element = h('div', { class: 'ed-clashes', role: 'list', 'aria-label': t('Objects changed on both sides') }, ...rows)
  return { element, read: (clientId: number): Choice => (picks.get(clientId)?.value ?? 'both') as Choice }
}

/** Shows the conflict dialog whenever saving stops with one. */
export const attachConflictDialog = (editor: Editor, root: HTMLElement): void => {
  let shownFor: SaveState | null = null
  const resolve = (choice: Choice | ((clientId: number) => Choice), state: Extract<SaveState, { at: 'conflict' }>) => {
    const comparison = compareWithServer(editor.document, state.theirs)
    const edit = adoptServer(editor.document, comparison, choice, editor.state.frame)
    editor.store.set({ conflicted: [] })
    editor.saver.rebase(state.revision)
    editor.noteChange(edit.patches.map((patch) => patch.clientId))
    editor.redrawAll()
    void editor.save()
  }
  const ask = (state: Extract<SaveState, { at: 'conflict' }>) => {
    const found = compareWithServer(editor.document, state.theirs)
    const facts = [
      found.clashes.length > 0
        ? tn(found.clashes.length, 'One object changed on both sides', '{count} objects changed on both sides')
        : t('No object was changed on both sides'),
      tn(found.taken.length + found.added.length, 'One object changed by them only', '{count} objects changed by them only'),
      tn(found.kept, 'One object changed by you only', '{count} objects changed by you only'),
    ]
    const list = makeClashList(
      editor,
      found.clashes.map((clash) => clash.clientId),
    )
    const each: DialogChoice = {
      testId: 'conflict-each',
      title: t('As chosen above'),
      note: t('Each object by itself'),
      run: () => resolve(list.read, state),
    }
    openDialog(root, {
      testId: 'conflict-dialog',
      title: t('Somebody else saved this job'),
      body: [
        h('p', { text: t('Nothing was overwritten. What only one side changed is kept; choose for the rest.') }),
        h('ul', {}, ...facts.map((text) => h('li', { text }))),
        found.clashes.length > 1 ? list.element : '',
      ],
      choices: [
        ...(found.clashes.length > 1 ? [each] : []),
        {
          testId: 'conflict-both',
          title: t('Keep both'),
          note: t('Theirs stay, yours are added as new objects'),
          tone: 'accent',
          run: () => resolve('both', state),
        },
        {
          testId: 'conflict-mine',
          title: t('Keep mine'),
          note: t('Overwrites theirs where both changed the same'),
          run: () => resolve('mine', state),
        },
        {
          testId: 'conflict-theirs',
          title: t('Keep theirs'),
          note: t('Drops your edits where both changed the same'),
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
    const when = since.toLocaleString(readLanguage(), { dateStyle: 'medium', timeStyle: 'short' })
    openDialog(root, {
      testId: 'restore-dialog',
      title: t('Unsaved edits were found'),
      body: [
        h('p', {
          text: tn(
            count,
            'One object was changed in this browser and never saved (opened {when}).',
            '{count} objects were changed in this browser and never saved (opened {when}).',
            { when },
          ),
        }),
      ],
      choices: [
        { testId: 'dialog-cancel', title: t('Discard them'), tone: 'danger', run: () => resolve(false) },
        { testId: 'dialog-ok', title: t('Restore'), tone: 'accent', run: () => resolve(true) },
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
  const check = await readCheck(editor)
  const note = t('Its state becomes “completed”. It can be opened again at any time.')
  openDialog(root, {
    testId: 'dialog',
    title: t('Finish this job?'),
    body: [h('p', { text: check ? describeCheck(check) : note })],
    onDismiss: () => {},
    choices: [
      { testId: 'dialog-cancel', title: t('Not yet'), run: () => {} },
      { testId: 'dialog-ok', title: t('Finish'), tone: 'accent', run: () => void finishJob(editor, root, check) },
    ],
  })
}
