// Random access to bytes, wherever they lie: a file, an object in storage, memory.

/** Something whose bytes can be read at any place. */
export type ByteSource = {
  /** Bytes. */
  size: number
  /** Exactly `length` bytes from `offset`; the caller stays within `size`. */
  read(offset: number, length: number): Promise<Uint8Array>
}

/** A file, a slice of one, or anything else with the Blob interface (`Bun.file(path)`). */
export function openBlob(blob: Blob): ByteSource {
  return {
    size: blob.size,
    read: async (offset, length) => new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer()),
  }
}

export function openBytes(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: async (offset, length) => bytes.subarray(offset, offset + length) }
}

/** Chunks of at most `chunkBytes` from the whole source or a part of it. */
export async function* streamBytes(
  source: ByteSource,
  offset = 0,
  length = source.size,
  chunkBytes = 1 << 18,
): AsyncGenerator<Uint8Array> {
  const end = offset + length
  for (let at = offset; at < end; at += chunkBytes) yield source.read(at, Math.min(chunkBytes, end - at))
}
