// Writes the journal of this session: touched objects only, one transaction at a time, nothing before the first edit.
import type { Document } from '../document/document'
import type { Shipment } from './delta'
import type { JournalEntry, JournalSession, JournalStore } from './journal'

export class JournalWriter {
  private touched = new Set<number>()
  private sessionDirty = false
  private opened = false
  private running: Promise<void> | null = null
  private revision = 0
  private shipment: Shipment | null = null

  constructor(
    private readonly store: JournalStore,
    private readonly document: Document,
    private readonly identity: { session: string; owner: string; startedAt: number },
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** Notes that objects may have changed; what is written is their state when the write begins. */
  touch(clientIds: Iterable<number>): void {
    for (const clientId of clientIds) this.touched.add(clientId)
    this.start()
  }

  setBase(revision: number, shipment: Shipment | null): void {
    this.revision = revision
    this.shipment = shipment
    this.sessionDirty = true
    if (this.opened || shipment) this.start()
  }

  /** Resolves when everything noted so far is on disk. */
  async flush(): Promise<void> {
    while (this.running) await this.running
  }

  private start(): void {
    this.running ??= this.run().finally(() => {
      this.running = null
      if (this.touched.size > 0) this.start()
    })
  }

  private async run(): Promise<void> {
    try {
      while (this.touched.size > 0 || (this.sessionDirty && (this.opened || this.shipment))) await this.writeOnce()
    } catch (error) {
      this.touched.clear()
      this.onFailure(error)
    }
  }

  private async writeOnce(): Promise<void> {
    const { session } = this.identity
    if (!this.opened || this.sessionDirty) {
      this.opened = true
      this.sessionDirty = false
      const record: JournalSession = { ...this.identity, revision: this.revision, shipment: this.shipment }
      await this.store.putSession(record)
    }
    const ids = [...this.touched]
    this.touched.clear()
    const put: JournalEntry[] = []
    const drop: number[] = []
    for (const clientId of ids) {
      const change = this.document.describe(clientId)
      if (change) put.push({ session, clientId, change, base: this.document.stored.get(clientId)?.server ?? null })
      else drop.push(clientId)
    }
    if (ids.length > 0) await this.store.writeEntries(session, put, drop)
  }
}
