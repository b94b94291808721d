// Takes what others saved into the document at once; objects that both changed wait for the conflict dialog of the next save.
import type { Editor } from '../editor'
import { t, tn } from '../i18n/message'
import { adoptServer, compareWithServer } from '../save/merge'

/** Before a save: known clashes are put to the person at once; returns whether the save may go on. */
export const settleClashes = async (editor: Editor): Promise<boolean> => {
  if (editor.state.conflicted.length === 0) return true
  try {
    // The clash may be gone, e.g. undone.
    if ((await mergeSaved(editor)) === 0) return true
    const { annotations, revision } = await editor.api.getAnnotations()
    editor.saver.enterConflict(annotations, revision)
    return false
  } catch {
    // The save itself says that the server is away.
    return true
  }
}

/** Reads the newest annotations and adopts them; returns how many objects both sides changed. */
export const mergeSaved = async (editor: Editor, who?: string): Promise<number> => {
  const { annotations, revision } = await editor.api.getAnnotations()
  // A save of our own may have ended meanwhile: then these are old news.
  if (revision <= editor.saver.revision || editor.saver.state.at === 'saving' || editor.saver.state.at === 'conflict') return 0
  const found = compareWithServer(editor.document, annotations)
  const edit = adoptServer(editor.document, { ...found, clashes: [] }, 'theirs', editor.state.frame)
  editor.store.set({ conflicted: found.clashes.map((clash) => clash.clientId) })
  // With a clash the base stays old, so that the next save finds it.
  if (found.clashes.length === 0) editor.saver.rebase(revision)
  editor.noteChange(edit.patches.map((patch) => patch.clientId))
  const changed = found.taken.length + found.added.length
  if (who && changed > 0) editor.explain(tn(changed, '{who} changed one object', '{who} changed {count} objects', { who }))
  if (found.clashes.length > 0)
    editor.explain(
      tn(
        found.clashes.length,
        '{who} changed an object that you are changing too',
        '{who} changed {count} objects that you are changing too',
        { who: who ?? t('somebody') },
      ),
      'error',
    )
  return found.clashes.length
}
