// What the page and the worker that runs a decoder say to each other; plain data only.
import type { Mask } from '../../formats/geometry/mask'
import type { Prompt, PromptFacts } from '../../formats/geometry/prompted-masks'

/** As the server packs it; `data` are the bytes of the numbers, little-endian. */
export type EmbeddingTensor = { type: string; dims: number[]; data: Uint8Array<ArrayBuffer> }
export type LookedAt = { tensors: Record<string, EmbeddingTensor>; facts: PromptFacts }
export type Decoded = { mask: Mask /** 0…1. */; score: number }

export type ToWorker =
  /** The runtime's WebAssembly and the decoder's ONNX file. */
  | { id: number; do: 'open'; runtime: ArrayBuffer; model: ArrayBuffer }
  /** What later prompts are about. */
  | { id: number; do: 'look'; at: LookedAt }
  | { id: number; do: 'decode'; prompt: Prompt }
export type FromWorker = { id: number; value: Decoded | null } | { id: number; problem: string }
