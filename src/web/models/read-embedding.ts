// Reads an embedding as the server sends it: length of a JSON header, the header, then the tensors as they are.
import type { PromptFacts } from '../../formats/geometry/prompted-masks'
import type { EmbeddingTensor, LookedAt } from './protocol'

export type Embedding = LookedAt & {
  /** Pixels of what was looked at, and the part of the frame that it is (left, top, right, bottom) unless it is all. */
  width: number
  height: number
  roi: [number, number, number, number] | null
  version: number
}
type Header = Omit<Embedding, 'tensors'> & {
  tensors: { name: string; type: string; dims: number[]; offset: number; bytes: number }[]
  facts: PromptFacts
}

/** Throws Error when the bytes are not what they should be. */
export const readEmbedding = (body: ArrayBuffer): Embedding => {
  const fail = (): never => {
    throw new Error('The embedding of the picture is damaged')
  }
  if (body.byteLength < 4) fail()
  const length = new DataView(body).getUint32(0, true)
  if (4 + length > body.byteLength) fail()
  const { tensors, ...rest } = JSON.parse(new TextDecoder().decode(new Uint8Array(body, 4, length))) as Header
  const start = 4 + length
  const read = tensors.map(({ name, type, dims, offset, bytes }): [string, EmbeddingTensor] => {
    if (start + offset + bytes > body.byteLength) fail()
    // A copy: numbers of several bytes have to begin at multiples of their size.
    return [name, { type, dims, data: new Uint8Array(body.slice(start + offset, start + offset + bytes)) }]
  })
  return { ...rest, tensors: Object.fromEntries(read) }
}
