// Tells the server what the person does in the editor: frames, edits, saves, faults, and that somebody is there at all.
import type { Editor } from '../editor'
import { call } from '../save/api'
import { ActivityLog } from './activity-log'

const flushMs = 60_000
const maxFaults = 20

export const reportActivity = (editor: Editor, loadMs: number): ActivityLog => {
  const { info } = editor.job
  const log = new ActivityLog(
    { job_id: info.id, task_id: info.task_id, project_id: info.project_id ?? null },
    async (batch, isLeaving) => {
      await call('/api/events', { method: 'POST', body: JSON.stringify(batch), keepalive: isLeaving })
    },
  )
  log.note('load:job', { duration: loadMs })
  log.noteFrame()
  let savingSince: number | null = null
  editor.store.subscribe(['frame'], () => log.noteFrame())
  editor.store.subscribe(['save'], ({ save }) => {
    if (save.at === 'saving') savingSince ??= performance.now()
    else if (savingSince !== null) {
      if (save.at === 'saved' || save.at === 'unsaved') log.note('save:job', { duration: performance.now() - savingSince })
      savingSince = null
    }
  })
  editor.onEdit.push(() => log.noteActivity())
  for (const name of ['pointerdown', 'keydown', 'wheel'] as const)
    window.addEventListener(name, () => log.noteActivity(), { passive: true, capture: true })
  let faults = 0
  const noteFault = (text: string) => {
    if (++faults <= maxFaults) log.note('send:exception', { payload: JSON.stringify({ message: text.slice(0, 500) }) })
  }
  window.addEventListener('error', ({ message }) => noteFault(message))
  window.addEventListener('unhandledrejection', ({ reason }) => noteFault(String(reason)))
  setInterval(() => void log.flush(), flushMs)
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) void log.flush(true)
  })
  window.addEventListener('pagehide', () => void log.flush(true))
  return log
}
