// Unpacks LZF, the compression inside PCD. Layout: control bytes below 32 begin literals, others name a distance and a length.
import { MediaError } from '../task-media'

/** Exactly `length` unpacked bytes. Throws MediaError for damaged input. */
export const unpackLzf = (packed: Uint8Array, length: number): Uint8Array => {
  const damaged = () => new MediaError('the compressed points are damaged')
  const out = new Uint8Array(length)
  let to = 0
  for (let at = 0; at < packed.length; ) {
    const control = packed[at++]!
    if (control < 32) {
      const end = at + control + 1
      if (end > packed.length || to + control + 1 > length) throw damaged()
      out.set(packed.subarray(at, end), to)
      to += control + 1
      at = end
      continue
    }
    let count = control >> 5
    if (count === 7) count += packed[at++] ?? 0
    count += 2
    const from = to - (((control & 31) << 8) | (packed[at++] ?? 0)) - 1
    if (from < 0 || to + count > length) throw damaged()
    // Source and target may overlap: byte by byte, in order.
    for (let i = 0; i < count; i++) out[to + i] = out[from + i]!
    to += count
  }
  if (to !== length) throw damaged()
  return out
}
