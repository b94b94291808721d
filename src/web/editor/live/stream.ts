// Listens to what others do in this job: who is here, and what they saved; what they saved is merged at a quiet moment.
import type { Editor } from '../editor'
import { t } from '../i18n/message'
import { mergeSaved } from './merge-saved'

type Person = { id: number; username: string }
type SaveEvent = { revision: number; user?: Person | null }
type PresenceEvent = { state: 'join' | 'leave'; user: Person; present: Person[] }
type HelloEvent = { revision?: number; state?: string; present?: Person[] }
type JobEvent = { state?: string; stage?: string }

/** A page that nobody looks at gives its connection back after so long; browsers allow few for one server. */
const hiddenMs = 30_000
const retryMs = 700

/** Takes over what others saved, once nothing is half done here and no save is on its way. */
export class Merger {
  private wanted = 0
  private who: string | undefined
  private timer: ReturnType<typeof setTimeout> | null = null
  private running = false

  constructor(private readonly editor: Editor) {}

  /** Somebody made a revision. */
  note(revision: number, who?: string): void {
    if (revision <= this.editor.saver.revision) return
    this.wanted = Math.max(this.wanted, revision)
    this.who = who ?? this.who
    this.attempt()
  }

  private attempt(): void {
    if (this.timer || this.running) return
    const { editor } = this
    if (this.wanted <= editor.saver.revision || editor.state.save.at === 'conflict') return
    if (editor.stage.isMidway || editor.state.save.at === 'saving' || editor.state.working > 0) {
      this.timer = setTimeout(() => {
        this.timer = null
        this.attempt()
      }, retryMs)
      return
    }
    this.running = true
    const { wanted, who } = this
    this.wanted = 0
    this.who = undefined
    mergeSaved(editor, who)
      .catch(() => {
        this.wanted = Math.max(this.wanted, wanted)
        this.timer = setTimeout(() => {
          this.timer = null
          this.attempt()
        }, 10 * retryMs)
      })
      .finally(() => {
        this.running = false
        if (this.wanted > 0) this.attempt()
      })
  }
}

const read = <T>(event: Event): T => JSON.parse((event as MessageEvent<string>).data) as T

export const attachStream = (editor: Editor, userId: number): void => {
  const merger = new Merger(editor)
  let source: EventSource | null = null
  const setPeople = (present: readonly Person[]) => {
    const people = present.filter((one) => one.id !== userId && one.username !== editor.job.user).map((one) => one.username)
    if (people.join() !== editor.state.people.join()) editor.store.set({ people })
  }
  const open = () => {
    if (source) return
    source = new EventSource(`/api/stream?job_id=${editor.job.info.id}`)
    source.addEventListener('hello', (event) => {
      const { revision, state, present } = read<HelloEvent>(event)
      if (present) setPeople(present)
      if (state && state !== editor.state.jobState) editor.store.set({ jobState: state })
      if (revision !== undefined) merger.note(revision)
      editor.cloudBook?.reload().catch(() => {})
    })
    source.addEventListener('presence', (event) => {
      const { state, user, present } = read<PresenceEvent>(event)
      setPeople(present)
      if (state === 'join' && user.id !== userId && user.username !== editor.job.user)
        editor.explain(t('{who} opened this job too', { who: user.username }))
    })
    source.addEventListener('save', (event) => {
      const { revision, user } = read<SaveEvent>(event)
      merger.note(revision, user?.username)
    })
    source.addEventListener('cloud', (event) => {
      const { revision, frames } = read<{ revision: number; frames: number[] | null }>(event)
      void editor.cloudBook?.refresh(revision, frames)
    })
    source.addEventListener('job', (event) => {
      const { state } = read<JobEvent>(event)
      if (state) editor.store.set({ jobState: state })
    })
    source.addEventListener('end', () => {
      close()
      if (!document.hidden) setTimeout(open, 10 * retryMs)
    })
  }
  const close = () => {
    source?.close()
    source = null
    setPeople([])
  }
  let hiding: ReturnType<typeof setTimeout> | null = null
  document.addEventListener('visibilitychange', () => {
    if (hiding) clearTimeout(hiding)
    hiding = null
    if (document.hidden) hiding = setTimeout(close, hiddenMs)
    else open()
  })
  window.addEventListener('pagehide', close)
  open()
}
