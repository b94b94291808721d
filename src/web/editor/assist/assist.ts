// What the vision worker does for tools: keeps it at the frame that is shown, and answers only the last of many questions.
import type { Operation, Operations } from '../../vision/protocol'
import type { Vision } from '../../vision/vision'

type Asked = 'seed' | 'path' | 'cut' | 'regions'

/** A question of a tool; its answer comes back to it as an event. */
export type AssistAsk = {
  [O in Asked]: { operation: O; values: Operations[O]['ask'] }
}[Asked]
export type AssistAnswer = {
  [O in Asked]: { operation: O; value: Operations[O]['answer'] }
}[Asked]

export type AssistPorts = {
  vision: Pick<Vision, 'ask'>
  /** The picture of the shown frame, and a copy to be handed over. */
  picture: () => object | null
  copy: (picture: object) => Promise<ImageBitmap>
  onAnswer: (answer: AssistAnswer) => void
  onFailure: (reason: string) => void
}

/** Questions of which only the newest counts. */
const latestOnly: ReadonlySet<Operation> = new Set(['path', 'cut', 'regions'])

export class Assist {
  private shown: object | null = null
  private readonly waiting: AssistAsk[] = []
  private isRunning = false

  constructor(private readonly ports: AssistPorts) {}

  ask(ask: AssistAsk): void {
    const at = latestOnly.has(ask.operation) ? this.waiting.findIndex((one) => one.operation === ask.operation) : -1
    if (at >= 0) this.waiting.splice(at, 1)
    this.waiting.push(ask)
    void this.run()
  }

  /** Hands the shown picture to the worker, unless it has it. Throws when there is none. */
  async show(): Promise<void> {
    const picture = this.ports.picture()
    if (!picture) throw new Error('The picture of this frame is not there yet')
    if (picture === this.shown) return
    await this.ports.vision.ask('show', { picture: await this.ports.copy(picture) })
    this.shown = picture
  }

  /** Follows a box: the object moved from the shown picture to another, which is the shown one for the worker from then on. */
  async follow(...[operation, values]: ['follow', Operations['follow']['ask']]): Promise<void> {
    await this.show()
    await this.ports.vision.ask(operation, values)
  }

  async next(): Promise<Operations['next']['answer']> {
    const picture = this.ports.picture()
    if (!picture) throw new Error('The picture of this frame is not there yet')
    const motion = await this.ports.vision.ask('next', { picture: await this.ports.copy(picture) })
    this.shown = picture
    return motion
  }

  private async run(): Promise<void> {
    if (this.isRunning) return
    this.isRunning = true
    try {
      for (let ask = this.waiting.shift(); ask; ask = this.waiting.shift()) {
        await this.show()
        const value = await this.ports.vision.ask(ask.operation, ask.values as never)
        this.ports.onAnswer({ operation: ask.operation, value } as AssistAnswer)
      }
    } catch (error) {
      this.waiting.length = 0
      this.shown = null
      this.ports.onFailure(error instanceof Error ? error.message : String(error))
    } finally {
      this.isRunning = false
    }
  }
}
