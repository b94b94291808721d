// Values as lines of JSON in one compressed stream, written and read in constant memory.
import { Readable } from 'node:stream'
import { createZstdCompress, createZstdDecompress } from 'node:zlib'

const blockLength = 1 << 16

/** One line a value; `count` is told how many there were. */
export const writeLines = (
  values: AsyncIterable<unknown> | Iterable<unknown>,
  count: (n: number) => void = () => {},
): ReadableStream<Uint8Array> => {
  const blocks = async function* () {
    let block = ''
    let lines = 0
    for await (const value of values) {
      block += `${JSON.stringify(value)}\n`
      lines++
      if (block.length < blockLength) continue
      yield Buffer.from(block)
      block = ''
    }
    if (block) yield Buffer.from(block)
    count(lines)
  }
  const source = Readable.from(blocks(), { objectMode: false })
  const packed = createZstdCompress()
  source.on('error', (error) => packed.destroy(error))
  return Readable.toWeb(source.pipe(packed)) as unknown as ReadableStream<Uint8Array>
}

/** What writeLines wrote. Throws an Error that names the file when the stream is cut off or damaged. */
export async function* readValues<T>(stream: ReadableStream<Uint8Array>, name: string): AsyncGenerator<T> {
  const source = Readable.fromWeb(stream as any)
  const unpacked = source.pipe(createZstdDecompress())
  source.on('error', (error) => unpacked.destroy(error))
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for await (const block of unpacked) {
      const lines = (rest + decoder.decode(block, { stream: true })).split('\n')
      rest = lines.pop()!
      for (const line of lines) yield JSON.parse(line) as T
    }
  } catch (error) {
    throw new Error(`${name} is damaged: ${(error as Error).message}`)
  }
  if (rest) throw new Error(`${name} is damaged: its last line is cut off`)
}
