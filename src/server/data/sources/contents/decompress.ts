// Unpacks compressed streams; which kind it is tell the first bytes.
import { Readable } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { MediaError } from '../../../media/media'

type Bytes = AsyncIterable<Uint8Array>
type Kind = { starts: string; unpack: (path: string) => Promise<Bytes> }

const blockBytes = 1 << 18
const open = (path: string): Bytes => Bun.file(path).stream() as unknown as Bytes

const through = (path: string, transform: NodeJS.ReadWriteStream): Bytes => {
  const source = Readable.from(open(path))
  source.on('error', (error) => (transform as unknown as { destroy: (e: Error) => void }).destroy(error))
  return source.pipe(transform) as unknown as Bytes
}

/** An old kind of stream has neither back pressure nor an iterator: it is fed block by block. */
const unpackBzip2 = async function* (path: string): AsyncGenerator<Uint8Array> {
  const { default: unbzip2 } = await import('unbzip2-stream')
  const stream = unbzip2()
  const ready: Uint8Array[] = []
  let failure: Error | undefined
  stream.on('data', (bytes: Uint8Array) => void ready.push(bytes))
  stream.on('error', (error: Error) => {
    failure = error
  })
  for await (const block of open(path)) {
    for (let at = 0; at < block.length; at += blockBytes) {
      stream.write(Buffer.from(block.subarray(at, at + blockBytes)))
      yield* ready.splice(0)
      if (failure) throw failure
    }
  }
  stream.end()
  yield* ready.splice(0)
  if (failure) throw failure
}

/** Only one can be unpacked at a time: the next waits until this one has ended or was cancelled. */
const unpackXz = async function* (path: string): AsyncGenerator<Uint8Array> {
  const { XzReadableStream } = await import('xz-decompress')
  const reader = new XzReadableStream(Bun.file(path).stream()).getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    // Fails when it was in the middle of a piece, which does no harm.
    await reader.cancel().catch(() => {})
  }
}

const kinds: Kind[] = [
  { starts: '\x1f\x8b', unpack: async (path) => through(path, createGunzip({ chunkSize: blockBytes })) },
  { starts: '\x28\xb5\x2f\xfd', unpack: async (path) => through(path, createZstdDecompress({ chunkSize: blockBytes })) },
  { starts: 'BZh', unpack: async (path) => unpackBzip2(path) },
  { starts: '\xfd7zXZ\0', unpack: async (path) => unpackXz(path) },
]

/** The unpacked bytes of a file; its own bytes when it is not compressed. Throws MediaError when it is damaged. */
export const decompress = async function* (path: string): AsyncGenerator<Uint8Array> {
  const head = Buffer.from(await Bun.file(path).slice(0, 8).bytes()).toString('latin1')
  const kind = kinds.find(({ starts }) => head.startsWith(starts))
  if (!kind) {
    yield* open(path)
    return
  }
  try {
    yield* await kind.unpack(path)
  } catch (error) {
    if (error instanceof MediaError) throw error
    throw new MediaError('the archive is damaged or cut off')
  }
}
