// Reads XML as a stream of events, without document types or entities of its own.

import { SaxesParser } from 'saxes'
import { FormatError } from '../format-error'

export type XmlEvent =
  | { kind: 'open'; name: string; attributes: Record<string, string>; line: number }
  | { kind: 'text'; text: string }
  | { kind: 'close'; name: string; line: number }

export type XmlReaderOptions = {
  /** Name of the file, for messages. */
  file: string
  maxDepth?: number
  /** Bytes between two events: bounds one attribute list or text. */
  maxPieceBytes?: number
  /** Let `<!DOCTYPE name>` pass; anything more in it is refused all the same. */
  allowBareDoctype?: boolean
}

/** Yields events in batches. Throws FormatError for malformed XML, document types, too deep nesting. */
export async function* readXml(stream: AsyncIterable<Uint8Array>, options: XmlReaderOptions): AsyncGenerator<XmlEvent[]> {
  const { file, maxDepth = 64, maxPieceBytes = 1 << 28, allowBareDoctype = false } = options
  const parser = new SaxesParser({ position: true })
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let events: XmlEvent[] = []
  let depth = 0
  let silentBytes = 0
  const fail = (reason: string) => new FormatError(reason, { file: file || undefined, line: parser.line })
  parser.on('error', (error) => {
    throw fail(`The XML is malformed (${error.message.replace(/^\d+:\d+: /, '')})`)
  })
  parser.on('doctype', (doctype) => {
    if (!allowBareDoctype || !/^\s*[\w.-]+\s*$/.test(doctype)) throw fail('The XML must not have a document type')
  })
  parser.on('opentag', ({ name, attributes }) => {
    depth++
    if (depth > maxDepth) throw fail('The XML is nested too deeply')
    events.push({ kind: 'open', name, attributes: attributes as Record<string, string>, line: parser.line })
  })
  parser.on('text', (text) => events.push({ kind: 'text', text }))
  parser.on('cdata', (text) => events.push({ kind: 'text', text }))
  parser.on('closetag', ({ name }) => {
    depth--
    events.push({ kind: 'close', name, line: parser.line })
  })
  const feed = (chunk?: Uint8Array) => {
    try {
      const text = decoder.decode(chunk, { stream: chunk !== undefined })
      if (text !== '') parser.write(text)
      if (chunk === undefined) parser.close()
    } catch (error) {
      throw error instanceof FormatError ? error : fail('The XML is not UTF-8 text')
    }
  }
  for await (const chunk of stream) {
    feed(chunk)
    silentBytes = events.length > 0 ? 0 : silentBytes + chunk.length
    if (silentBytes > maxPieceBytes) throw fail(`A part of the XML is larger than ${maxPieceBytes} bytes`)
    if (events.length > 0) yield events
    events = []
  }
  feed()
  if (events.length > 0) yield events
}
