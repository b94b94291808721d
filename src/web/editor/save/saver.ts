// Sends pending changes: one save at a time, repeated as it was until an answer comes, never dropping an edit.
import type { Annotations } from '../../../formats/model'
import type { Document } from '../document/document'
import { type Api, ApiError } from './api'
import { packShipment, type Shipment, settleShipment } from './delta'

export type SaveState =
  | { at: 'saved' }
  | { at: 'unsaved' }
  | { at: 'saving' }
  | { at: 'offline'; attempt: number; retryAt: number; reason: string }
  | { at: 'conflict'; theirs: Annotations; revision: number }
  | { at: 'refused'; reason: string }

export type SaverPorts = {
  api: Pick<Api, 'save' | 'getAnnotations'>
  document: Document
  /** Called on every change of state or of the base; `shipment` is what is on its way. */
  onChange: (state: SaveState, base: { revision: number; shipment: Shipment | null }, settled: Iterable<number>) => void
  now: () => number
  schedule: (run: () => void, delayMs: number) => () => void
}

const firstDelayMs = 1_000
const longestDelayMs = 30_000

export const retryDelay = (attempt: number): number => Math.min(firstDelayMs * 2 ** (attempt - 1), longestDelayMs)

export class Saver {
  state: SaveState = { at: 'saved' }
  private shipment: Shipment | null = null
  private running: Promise<void> | null = null
  private cancelRetry: (() => void) | null = null
  private attempt = 0

  constructor(
    private readonly ports: SaverPorts,
    public revision: number,
  ) {}

  /** To be called after every edit. */
  noteEdit(): void {
    if (this.state.at === 'saved' || this.state.at === 'unsaved' || this.state.at === 'refused') this.rest()
  }

  /** Saves until nothing is pending; resolves when saved, or when it cannot go on without waiting. */
  save(): Promise<void> {
    if (this.state.at === 'conflict') return Promise.resolve()
    this.cancelRetry?.()
    this.cancelRetry = null
    this.running ??= this.run().finally(() => {
      this.running = null
    })
    return this.running
  }

  /** The document was merged with this revision of the server: edits count from there. */
  rebase(revision: number): void {
    this.shipment = null
    this.attempt = 0
    this.revision = revision
    this.rest()
  }

  /** Edits of an earlier session clash with what the server holds: the user decides before anything is sent. */
  enterConflict(theirs: Annotations, revision: number): void {
    this.to({ at: 'conflict', theirs, revision })
  }

  /** Last chance when the page goes away: sends what is small enough for the browser to finish alone. */
  flushOnLeave(limitBytes = 60_000): Shipment | null {
    if (this.state.at === 'conflict' || (this.ports.document.pendingCount === 0 && !this.shipment)) return null
    const shipment = this.shipment ?? packShipment(this.ports.document.listPending(), this.revision)
    if (shipment.text.length > limitBytes) return null
    this.shipment = shipment
    this.ports.onChange(this.state, { revision: this.revision, shipment }, [])
    this.ports.api.save(shipment.text, shipment.revision, true).catch(() => {})
    return shipment
  }

  private async run(): Promise<void> {
    // An answer of "unreachable" leaves the loop; the scheduled retry enters it again.
    while (this.shipment || this.ports.document.pendingCount > 0) {
      this.shipment ??= packShipment(this.ports.document.listPending(), this.revision)
      this.to({ at: 'saving' })
      try {
        const shipment = this.shipment
        const answer = await this.ports.api.save(shipment.text, shipment.revision)
        settleShipment(this.ports.document, shipment, answer)
        this.revision = answer.revision
        this.shipment = null
        this.attempt = 0
        this.to(
          { at: 'saving' },
          shipment.changes.map((change) => change.clientId),
        )
      } catch (error) {
        await this.fail(error)
        return
      }
    }
    this.rest()
  }

  private async fail(error: unknown): Promise<void> {
    const known = error instanceof ApiError ? error : new ApiError('unreachable', String(error), 0)
    if (known.reason === 'stale') {
      try {
        const { annotations, revision } = await this.ports.api.getAnnotations()
        this.shipment = null
        this.to({ at: 'conflict', theirs: annotations, revision })
      } catch {
        this.retryLater('The server cannot be reached')
      }
      return
    }
    if (known.reason === 'refused') {
      this.shipment = null
      this.to({ at: 'refused', reason: known.message })
      return
    }
    this.retryLater(known.message)
  }

  private retryLater(reason: string): void {
    this.attempt += 1
    const delayMs = retryDelay(this.attempt)
    this.to({ at: 'offline', attempt: this.attempt, retryAt: this.ports.now() + delayMs, reason })
    this.cancelRetry = this.ports.schedule(() => {
      this.cancelRetry = null
      void this.save()
    }, delayMs)
  }

  private rest(): void {
    this.to({ at: this.ports.document.pendingCount > 0 ? 'unsaved' : 'saved' })
  }

  private to(state: SaveState, settled: Iterable<number> = []): void {
    this.state = state
    this.ports.onChange(state, { revision: this.revision, shipment: this.shipment }, settled)
  }
}
