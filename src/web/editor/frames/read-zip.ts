// The files of a ZIP archive, stored or deflated, by its central directory.

export type ZipFile = { name: string; data: Uint8Array }

const endMark = 0x06054b50
const entryMark = 0x02014b50

const inflate = async (bytes: Uint8Array): Promise<Uint8Array> => {
  const stream = new Blob([bytes as BlobPart]).stream().pipeThrough(new DecompressionStream('deflate-raw'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

/** Files in the order of the archive; throws when the bytes are no ZIP archive or use another packing. */
export const readZip = async (bytes: Uint8Array): Promise<ZipFile[]> => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let end = bytes.length - 22
  while (end >= 0 && view.getUint32(end, true) !== endMark) end -= 1
  if (end < 0) throw new Error('The answer is no ZIP archive')
  const count = view.getUint16(end + 10, true)
  let at = view.getUint32(end + 16, true)
  const files: ZipFile[] = []
  for (let i = 0; i < count; i++) {
    if (view.getUint32(at, true) !== entryMark) throw new Error('The ZIP archive is damaged')
    const method = view.getUint16(at + 10, true)
    const size = view.getUint32(at + 20, true)
    const nameLength = view.getUint16(at + 28, true)
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength))
    const local = view.getUint32(at + 42, true)
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true)
    const packed = bytes.subarray(start, start + size)
    if (method !== 0 && method !== 8) throw new Error(`${name} is packed in an unknown way`)
    if (!name.endsWith('/')) files.push({ name, data: method === 0 ? packed : await inflate(packed) })
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  return files
}
