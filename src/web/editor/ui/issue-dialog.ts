// What is said about an issue, and new words: opening one, answering, resolving, reopening, removing.
import type { Editor } from '../editor'
import { readLanguage, t } from '../i18n/message'
import type { Comment } from '../review/issue-book'
import { type OpenDialog, openDialog } from './dialog'
import { h } from './dom'

const explainFailure = (editor: Editor, error: unknown): void =>
  editor.explain(t('The issue was not stored: {reason}', { reason: (error as Error).message }), 'error')

const makeField = (words: string, submit: () => void): HTMLTextAreaElement =>
  h('textarea', {
    class: 'ed-input ed-issue-field',
    rows: 3,
    'data-testid': 'issue-text',
    'aria-label': words,
    placeholder: words,
    on: {
      keydown: (event) => {
        if (event.key !== 'Enter' || event.shiftKey) return
        event.preventDefault()
        submit()
      },
    },
  })

/** Asks for the words of a new issue about a place of the shown frame. */
export const askIssue = (editor: Editor, position: number[]): void => {
  const { frame } = editor.state
  let dialog: OpenDialog
  const submit = async (message: string) => {
    if (message.trim() === '') return
    dialog.close()
    try {
      await editor.issues.load()
      await editor.issues.create({ frame, position, message: message.trim() })
    } catch (error) {
      explainFailure(editor, error)
    }
  }
  const field = makeField(t('What is wrong?'), () => void submit(field.value))
  const recalled = editor.issues.recall()
  const quick = recalled.map((message) =>
    h('button', { type: 'button', class: 'ed-chip', on: { click: () => void submit(message) } }, message),
  )
  dialog = openDialog(editor.screen.root, {
    testId: 'dialog',
    title: t('New issue on frame {frame}', { frame }),
    body: [
      field,
      quick.length > 0 ? h('div', { class: 'ed-chips', role: 'group', 'aria-label': t('Written before') }, ...quick) : '',
    ],
    onDismiss: () => {},
    choices: [
      { testId: 'dialog-cancel', title: t('Cancel'), run: () => {} },
      { testId: 'issue-submit', title: t('Open issue'), tone: 'accent', stays: true, run: () => void submit(field.value) },
    ],
  })
  field.focus()
}

/** Opens an issue at once, with words that need no typing. */
export const quickIssue = async (editor: Editor, position: number[], message: string): Promise<void> => {
  try {
    await editor.issues.load()
    await editor.issues.create({ frame: editor.state.frame, position, message })
    editor.explain(t('Issue opened: {text}', { text: message }))
  } catch (error) {
    explainFailure(editor, error)
  }
}

const makeComment = (comment: Comment): HTMLElement => {
  const when = new Date(comment.created_date).toLocaleString(readLanguage(), { dateStyle: 'medium', timeStyle: 'short' })
  return h(
    'div',
    { class: 'ed-comment', role: 'listitem' },
    h(
      'div',
      { class: 'ed-comment-head' },
      h('strong', { text: comment.owner?.username ?? t('somebody') }),
      h('time', { text: when }),
    ),
    h('p', { text: comment.message, dir: 'auto' }),
  )
}

/** Goes to the frame of an issue and shows what is said about it. */
export const openIssue = async (editor: Editor, id: number): Promise<void> => {
  const book = editor.issues
  const issue = book.get(id)
  if (!issue) return
  await editor.player.goTo(issue.frame)
  const talk = h('div', { class: 'ed-comments', role: 'list', 'aria-label': t('Comments') })
  const show = () => talk.replaceChildren(...book.commentsOf(id).map(makeComment))
  show()
  let dialog: OpenDialog
  const attempt = async (work: () => Promise<void>, closes: boolean) => {
    try {
      await work()
      if (closes) dialog.close()
      else show()
    } catch (error) {
      explainFailure(editor, error)
    }
  }
  const answer = () => {
    const message = field.value.trim()
    if (message === '') return
    void attempt(async () => {
      await book.comment(id, message)
      field.value = ''
    }, false)
  }
  const field = makeField(t('Write a comment'), answer)
  dialog = openDialog(editor.screen.root, {
    testId: 'dialog',
    title: issue.resolved ? t('Issue {id}, resolved', { id }) : t('Issue {id}', { id }),
    body: [talk, field],
    onDismiss: () => {},
    choices: [
      {
        testId: 'issue-remove',
        title: t('Remove'),
        tone: 'danger',
        stays: true,
        run: () => void attempt(() => book.remove(id), true),
      },
      {
        testId: 'issue-resolve',
        title: issue.resolved ? t('Reopen') : t('Resolve'),
        stays: true,
        run: () => void attempt(() => book.setResolved(id, !issue.resolved), true),
      },
      { testId: 'dialog-cancel', title: t('Close'), run: () => {} },
      { testId: 'issue-submit', title: t('Comment'), tone: 'accent', stays: true, run: answer },
    ],
  })
  field.focus()
}
