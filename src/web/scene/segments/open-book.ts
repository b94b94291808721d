// The book of a job's clouds, one for all parts that draw in it.
import type { Editor } from '../../editor/editor'
import { t, tn } from '../../editor/i18n/message'
import { openDialog } from '../../editor/ui/dialog'
import { createJournal } from './change-journal'
import { openCloudApi } from './cloud-api'
import { CloudBook } from './cloud-book'
import type { Clashes } from './frame-book'

const askClash = (editor: Editor, { points, shapes }: Clashes): Promise<'mine' | 'theirs'> =>
  new Promise((resolve) => {
    const facts = [
      ...(points > 0 ? [tn(points, 'One point has got another label', '{count} points have got other labels')] : []),
      ...(shapes.length > 0 ? [tn(shapes.length, 'One line or area was changed', '{count} lines or areas were changed')] : []),
    ]
    openDialog(editor.screen.root, {
      testId: 'cloud-conflict',
      title: t('Somebody else changed the same points'),
      body: [`${facts.join(', ')}.`],
      choices: [
        {
          testId: 'cloud-conflict-theirs',
          title: t('Keep theirs'),
          note: t('Your other changes are saved'),
          run: () => resolve('theirs'),
        },
        {
          testId: 'cloud-conflict-mine',
          title: t('Keep mine'),
          note: t('Theirs are painted over; what else they did stays'),
          tone: 'accent',
          run: () => resolve('mine'),
        },
      ],
    })
  })

const books = new WeakMap<Editor, CloudBook>()

/** Opened with the first question for it. */
export const openBook = (editor: Editor): CloudBook => {
  const there = books.get(editor)
  if (there) return there
  const book = new CloudBook({
    api: openCloudApi(editor.job.info.id),
    journal: createJournal(),
    askClash: (clashes) => askClash(editor, clashes),
    onFailure: (error) =>
      editor.explain(t('Points and lines were not saved: {reason}', { reason: (error as Error).message }), 'error'),
    onWork: (by) => editor.store.set({ working: editor.state.working + by }),
    onPending: () => editor.store.set({ pending: editor.pendingCount }),
  })
  editor.cloudBook = book
  books.set(editor, book)
  return book
}
