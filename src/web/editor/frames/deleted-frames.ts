// Frames that people took out: what the server knows, what is wanted, and sending the difference.
import type { Api } from '../save/api'

export class DeletedFrames {
  private stored: ReadonlySet<number>
  private running: Promise<void> | null = null

  constructor(
    private readonly api: Pick<Api, 'saveDeletedFrames'>,
    private wanted: ReadonlySet<number>,
    /** Told when the number of changes that are not stored may have changed; with the reason of a failure. */
    private readonly onChange: (failure?: string) => void,
  ) {
    this.stored = wanted
  }

  get list(): ReadonlySet<number> {
    return this.wanted
  }

  get pendingCount(): number {
    const differs = (a: ReadonlySet<number>, b: ReadonlySet<number>) => [...a].filter((frame) => !b.has(frame)).length
    return differs(this.wanted, this.stored) + differs(this.stored, this.wanted)
  }

  set(frame: number, deleted: boolean): void {
    const next = new Set(this.wanted)
    if (deleted) next.add(frame)
    else next.delete(frame)
    this.wanted = next
    void this.save()
  }

  /** Sends until nothing differs; a failure leaves the changes for the next time. */
  save(): Promise<void> {
    this.running ??= this.send().finally(() => {
      this.running = null
    })
    return this.running
  }

  private async send(): Promise<void> {
    this.onChange()
    while (this.pendingCount > 0) {
      const sent = this.wanted
      try {
        await this.api.saveDeletedFrames([...sent].sort((a, b) => a - b))
      } catch (error) {
        this.onChange(error instanceof Error ? error.message : String(error))
        return
      }
      this.stored = sent
      this.onChange()
    }
  }
}
