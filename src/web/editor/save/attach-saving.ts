// Brings back edits of closed tabs, keeps the journal of this one, saves in intervals, and minds the page being left.
import type { Editor } from '../editor'
import { HistoryKeeper } from '../history/history-keeper'
import { openIndexedSteps } from '../history/step-store'
import { askRestore } from '../ui/save-dialogs'
import { ApiError } from './api'
import { isAutosaveDue } from './autosave'
import { makeSaveId } from './delta'
import { type JournalSession, type JournalStore, openIndexedStore, openMemoryStore } from './journal'
import { JournalWriter } from './journal-writer'
import { announceSession, listGone } from './living-sessions'
import { type Learnt, learnFromShipment, restoreEntries } from './restore'

const openStore = async (editor: Editor): Promise<JournalStore> => {
  try {
    return await openIndexedStore()
  } catch {
    editor.explain('This browser stores nothing: unsaved edits would be lost with the tab', 'error')
    return openMemoryStore()
  }
}

/** Asks for the answer of a save that a closed tab did not see: repeated as it was, it is stored once. */
const replayShipment = async (editor: Editor, session: JournalSession): Promise<Learnt> => {
  if (!session.shipment) return new Map()
  try {
    const answer = await editor.api.save(session.shipment.text, session.shipment.revision)
    return learnFromShipment(session.shipment, answer)
  } catch (error) {
    if (error instanceof ApiError && error.reason !== 'unreachable') return new Map()
    throw error
  }
}

const reload = async (editor: Editor): Promise<void> => {
  const { annotations, revision } = await editor.api.getAnnotations()
  editor.document.replaceAll(annotations)
  editor.history.clear()
  editor.saver.rebase(revision)
  editor.redrawAll()
}

const restoreSession = async (
  editor: Editor,
  store: JournalStore,
  session: JournalSession,
): Promise<ReadonlyMap<number, number>> => {
  const learnt = await replayShipment(editor, session)
  if (learnt.size > 0) await reload(editor)
  const entries = await store.listEntries(session.session)
  const { clashes, names } = restoreEntries(editor.document, entries, learnt)
  editor.redrawAll()
  editor.noteChange([...editor.document.listChanged()])
  // The edits now belong to this session's journal.
  await editor.journal?.flush()
  await store.removeSession(session.session)
  if (clashes === 0) return names
  const { annotations, revision } = await editor.api.getAnnotations()
  editor.saver.enterConflict(annotations, revision)
  return names
}

/** Asks about edits that were never saved; `onAsk` is told before the first question. */
const offerRestore = async (
  editor: Editor,
  store: JournalStore,
  owner: string,
  root: HTMLElement,
  onAsk: () => void,
): Promise<ReadonlyMap<string, ReadonlyMap<number, number>>> => {
  const left = await listGone(await store.listSessions(owner))
  const restored = new Map<string, ReadonlyMap<number, number>>()
  for (const session of left.sort((a, b) => a.startedAt - b.startedAt)) {
    const entries = await store.listEntries(session.session)
    if (entries.length === 0) {
      await store.removeSession(session.session)
      continue
    }
    onAsk()
    if (await askRestore(root, entries.length, new Date(session.startedAt)))
      restored.set(session.session, await restoreSession(editor, store, session))
    else await store.removeSession(session.session)
  }
  return restored
}

/** Steps of jobs that nobody opened here for so long are forgotten. */
const keptMs = 90 * 24 * 3_600_000

/** Undo goes on where ended sessions of the same person on this job stopped. */
const attachHistory = async (
  editor: Editor,
  identity: { session: string; owner: string; startedAt: number },
  offer: () => Promise<ReadonlyMap<string, ReadonlyMap<number, number>>>,
): Promise<void> => {
  const steps = await openIndexedSteps().catch(() => null)
  if (!steps) {
    await offer()
    return
  }
  const ended = await listGone(await steps.listSessions(identity.owner))
  for (const { session, owner } of await listGone(await steps.listBefore(Date.now() - keptMs)))
    if (owner !== identity.owner) await steps.removeSession(session)
  const restored = await offer()
  editor.steps = new HistoryKeeper(steps, editor.history, editor.document, identity, (open) =>
    editor.store.set({ unwrittenSteps: open }),
  )
  for (const { session } of ended.sort((a, b) => b.startedAt - a.startedAt))
    await editor.steps.adopt(session, restored.get(session))
  // Steps whose objects are no longer as they left them, e.g. after unsaved edits were dropped, lead nowhere.
  if (ended.length > 0) editor.history.trim((edit) => editor.isApplicable(edit))
  editor.store.set({ edition: editor.state.edition + 1 })
}

const attachAutosave = (editor: Editor): void => {
  let last = Date.now()
  setInterval(() => {
    const { settings, save } = editor.state
    const state = save.at === 'saved' && editor.pendingCount > 0 ? ({ at: 'unsaved' } as const) : save
    if (!isAutosaveDue(settings, state, Date.now() - last) || editor.stage.isMidway) return
    last = Date.now()
    void editor.save()
  }, 5_000)
}

const attachLeaving = (editor: Editor): void => {
  const isOpen = () => editor.pendingCount > 0 || editor.state.save.at === 'saving'
  window.addEventListener('beforeunload', (event) => {
    if (isOpen()) event.preventDefault()
  })
  window.addEventListener('pagehide', () => {
    if (isOpen() && editor.state.settings.autosave) editor.saver.flushOnLeave()
  })
  window.addEventListener('online', () => {
    if (editor.state.save.at === 'offline') void editor.save()
  })
}

export const attachSaving = async (editor: Editor, root: HTMLElement): Promise<void> => {
  const store = await openStore(editor)
  const owner = `${editor.job.user}/${editor.job.info.id}`
  const session = makeSaveId()
  announceSession(session)
  const onProgress = (open: number) => editor.store.set({ unwritten: open })
  const onFailure = () => editor.explain('The journal of unsaved edits cannot be written: save soon', 'error')
  editor.journal = new JournalWriter(store, editor.document, { session, owner, startedAt: Date.now() }, { onProgress, onFailure })
  editor.journal.setBase(editor.saver.revision, null)
  if (editor.document.pendingCount > 0) editor.journal.touch(editor.document.listChanged())
  attachAutosave(editor)
  attachLeaving(editor)
  const identity = { session, owner, startedAt: Date.now() }
  // The work that the editor began with ends here, or when it waits for an answer.
  let isWorking = true
  const endWork = () => {
    if (isWorking) editor.store.set({ working: editor.state.working - 1 })
    isWorking = false
  }
  await attachHistory(editor, identity, () => offerRestore(editor, store, owner, root, endWork))
  await editor.cloudBook?.restore(root, identity, endWork)
  endWork()
}
