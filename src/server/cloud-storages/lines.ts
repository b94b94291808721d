// Lines of a text that arrives in pieces.
import { refused } from '../http/errors'

const maxBytes = 512 * 2 ** 20

/** The lines of a manifest. Throws 400 for one that is larger than 512 MiB. */
export async function* readLines(stream: ReadableStream<Uint8Array>, file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  let size = 0
  for await (const bytes of stream) {
    size += bytes.length
    if (size > maxBytes) throw refused(`The manifest "${file}" is larger than ${maxBytes} bytes`)
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n')
    rest = lines.pop()!
    yield* lines
  }
  yield rest + decoder.decode()
}
