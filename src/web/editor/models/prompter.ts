// Asks interactors: by a decoder in the browser where the model has one, else the server. Of many questions only the newest counts.
import { encodeMask } from '../../../formats/geometry/mask'
import type { Decoder } from '../../models/decoder'
import type { Embedding } from '../../models/read-embedding'
import type { Found, Model, ModelApi, Region } from './model-api'

/** What was clicked, x y pairs, and the box if there is one. */
export type Prompts = {
  inside: readonly number[]
  outside: readonly number[]
  box: { left: number; top: number; right: number; bottom: number } | null
}
export type PrompterPorts = {
  api: Pick<ModelApi, 'interact' | 'embed'>
  /** What is asked now; null: no model is chosen. */
  chosen: () => { model: Model; frame: number; region: Region; text: string } | null
  openDecoder: (url: string) => Promise<Decoder>
  onAnswer: (found: Found | null) => void
  onFailure: (reason: string) => void
}

const toPairs = (points: readonly number[]): [number, number][] =>
  Array.from({ length: points.length >> 1 }, (_, i) => [points[2 * i]!, points[2 * i + 1]!])

/** Embeddings are some megabytes each. */
const keptEmbeddings = 6

export class Prompter {
  private next: Prompts | null = null
  private isRunning = false
  private readonly decoders = new Map<string, Promise<Decoder>>()
  private readonly embeddings = new Map<string, Promise<Embedding>>()

  constructor(private readonly ports: PrompterPorts) {}

  ask(prompts: Prompts): void {
    this.next = prompts
    void this.run()
  }

  /** Drops what was asked and not answered yet. */
  forget(): void {
    this.next = null
    this.generation += 1
  }
  private generation = 0

  /** Looks at the picture ahead of the first click, so that it is answered at once. */
  prepare(): void {
    const chosen = this.ports.chosen()
    if (!chosen?.model.decoder) return
    this.embed(chosen).catch(() => {})
    this.open(chosen.model.decoder.url).catch(() => {})
  }

  private open(url: string): Promise<Decoder> {
    const known = this.decoders.get(url)
    if (known) return known
    const opening = this.ports.openDecoder(url)
    this.decoders.set(url, opening)
    opening.catch(() => this.decoders.delete(url))
    return opening
  }

  private embed({ model, frame, region }: { model: Model; frame: number; region: Region }): Promise<Embedding> {
    const key = [model.id, model.version, frame, region ?? ''].join(' ')
    const known = this.embeddings.get(key)
    this.embeddings.delete(key)
    const embedding = known ?? this.ports.api.embed(model.id, frame, region)
    // Most recently used last.
    this.embeddings.set(key, embedding)
    embedding.catch(() => this.embeddings.delete(key))
    for (const old of this.embeddings.keys()) if (this.embeddings.size > keptEmbeddings) this.embeddings.delete(old)
    return embedding
  }

  private async run(): Promise<void> {
    if (this.isRunning) return
    this.isRunning = true
    try {
      while (this.next) {
        const { next, generation } = this
        this.next = null
        const found = await this.answer(next)
        if (generation === this.generation && !this.next) this.ports.onAnswer(found)
      }
    } catch (error) {
      this.next = null
      this.ports.onFailure(error instanceof Error ? error.message : String(error))
    } finally {
      this.isRunning = false
    }
  }

  private async answer(prompts: Prompts): Promise<Found | null> {
    const chosen = this.ports.chosen()
    if (!chosen) return null
    const { model, text } = chosen
    if (model.decoder && !text) {
      const decoder = await this.open(model.decoder.url).catch(() => null)
      // A browser that cannot run it asks the server instead.
      if (decoder) return this.decode(decoder, await this.embed(chosen), prompts)
    }
    const { inside, outside, box } = prompts
    const question = {
      frame: chosen.frame,
      pos_points: toPairs(inside),
      neg_points: toPairs(outside),
      obj_bbox: box
        ? ([
            [box.left, box.top],
            [box.right, box.bottom],
          ] as const)
        : [],
      roi: chosen.region,
      ...(text && { text }),
    }
    return (await this.ports.api.interact(model.id, question))[0] ?? null
  }

  private async decode(decoder: Decoder, embedding: Embedding, { inside, outside, box }: Prompts): Promise<Found | null> {
    const [left, top] = embedding.roi ?? [0, 0]
    const shift = (points: readonly number[]) => toPairs(points).map(([x, y]) => [x - left, y - top] as const)
    const { mask, score } = await decoder.decode(embedding, {
      positive: shift(inside),
      negative: shift(outside),
      box: box && [box.left - left, box.top - top, box.right - left, box.bottom - top],
    })
    const points = encodeMask({ ...mask, left: mask.left + left, top: mask.top + top })
    return points ? { type: 'mask', points, score } : null
  }
}
