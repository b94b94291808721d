// Writes the journal of this session: touched objects only, at once, nothing before the first edit.
import type { Document } from '../document/document'
import type { Shipment } from './delta'
import type { JournalEntry, JournalSession, JournalStore } from './journal'

export type JournalPorts = {
  /** How many writes are not on disk yet. */
  onProgress: (open: number) => void
  onFailure: (error: unknown) => void
}

export class JournalWriter {
  private opened = false
  private revision = 0
  private shipment: Shipment | null = null
  private readonly open = new Set<Promise<void>>()

  constructor(
    private readonly store: JournalStore,
    private readonly document: Document,
    private readonly identity: { session: string; owner: string; startedAt: number },
    private readonly ports: JournalPorts,
  ) {}

  /** Writes down the state of objects that may have changed. The write begins before this returns: a tab may die any moment. */
  touch(clientIds: Iterable<number>): void {
    const put: JournalEntry[] = []
    const drop: number[] = []
    const { session } = this.identity
    for (const clientId of clientIds) {
      const change = this.document.describe(clientId)
      if (change) put.push({ session, clientId, change, base: this.document.stored.get(clientId)?.server ?? null })
      else drop.push(clientId)
    }
    if (put.length === 0 && (drop.length === 0 || !this.opened)) return
    const record = this.opened ? null : this.describeSession()
    this.opened = true
    this.begin(this.store.write(session, record, put, drop))
  }

  /** The base of the edits, or what is on its way to the server, changed. */
  setBase(revision: number, shipment: Shipment | null): void {
    if (revision === this.revision && shipment === this.shipment) return
    this.revision = revision
    this.shipment = shipment
    if (this.opened) this.begin(this.store.write(this.identity.session, this.describeSession(), [], []))
  }

  /** Resolves when everything so far is on disk. */
  async flush(): Promise<void> {
    while (this.open.size > 0) await Promise.all(this.open)
  }

  private describeSession(): JournalSession {
    return { ...this.identity, revision: this.revision, shipment: this.shipment }
  }

  private begin(write: Promise<void>): void {
    const done = write
      .catch((error) => this.ports.onFailure(error))
      .finally(() => {
        this.open.delete(done)
        this.ports.onProgress(this.open.size)
      })
    this.open.add(done)
    this.ports.onProgress(this.open.size)
  }
}
