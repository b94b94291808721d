// The embedding of a frame for a decoder in the browser: a short header of JSON, then the tensors as they are.
import type { Who } from '../policy/who'
import { createComplaint } from './check-found'
import { FunctionError, type FunctionInfo } from './contract'
import { loadFrameImage } from './frame-image'
import { openPlace, requireInJob } from './place'
import { askFunction } from './providers'
import { type Input, readFrameNumber } from './read-input'

const maxBytes = 256 * 2 ** 20
const sizes = { float32: 4, float16: 2, int64: 8, int32: 4, uint8: 1 } as const

/**
 * The body: length of the header (4 bytes, little-endian), header, tensors. The header is `{ tensors: [{ name, type, dims, offset,
 * bytes }], facts, width, height, roi, version }`; offsets count from the end of the header, each a multiple of 8.
 */
export const packEmbedding = async (who: Who, info: FunctionInfo, input: Input, signal: AbortSignal): Promise<Response> => {
  if (info.kind !== 'interactor') throw new FunctionError('input', `"${info.name}" makes no embeddings.`)
  const place = await openPlace(who, input)
  const frame = readFrameNumber(input)
  requireInJob(place, frame)
  const { image, roi } = await loadFrameImage(place.task.id, frame, input.roi, who.user.id)
  const { tensors, facts } = await askFunction<'embed'>(info, { do: 'embed', image }, signal)
  const complain = createComplaint(info)
  let offset = 0
  const described = Object.entries(tensors ?? {}).map(([name, { type, dims, data }]) => {
    const bytes = dims.reduce((product, side) => product * side, 1) * sizes[type]
    if (bytes !== data.byteLength) throw complain(`tensor ${name} has ${data.byteLength} bytes, its shape asks for ${bytes}`)
    const one = { name, type, dims, offset, bytes }
    offset += Math.ceil(bytes / 8) * 8
    return one
  })
  if (!described.length || offset > maxBytes) throw complain(`its embedding has ${offset} bytes`)
  const { width, height } = image
  const header = new TextEncoder().encode(
    JSON.stringify({ tensors: described, facts, width, height, roi, version: info.version }),
  )
  const body = new Uint8Array(4 + header.length + offset)
  new DataView(body.buffer).setUint32(0, header.length, true)
  body.set(header, 4)
  for (const { name, offset } of described) body.set(tensors[name]!.data, 4 + header.length + offset)
  return new Response(body, { headers: { 'content-type': 'application/octet-stream', 'cache-control': 'private, max-age=3600' } })
}
