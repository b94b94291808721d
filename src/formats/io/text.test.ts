// Streams of text: spool, JSON pieces, XML events.

import { describe, expect, test } from 'bun:test'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FormatError } from '../format-error'
import { formatHundredths } from '../geometry/rounding'
import { type JsonPiece, readJsonPieces } from './json-reader'
import { formatFloat, formatFloats } from './json-text'
import { createSpool } from './spool'
import { readXml } from './xml-reader'
import { createXmlWriter, xmlDeclaration } from './xml-writer'

/** The text as chunks of a few bytes, so that every border between chunks is met. */
async function* split(text: string, chunkBytes: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes)
}

describe('spool', () => {
  test('gives back everything, from memory or from a file, and leaves nothing behind', async () => {
    const tempDir = mkdtempSync(join(tmpdir(), 'spool-test-'))
    for (const memoryBytes of [1 << 20, 1000]) {
      const spool = createSpool(tempDir, memoryBytes)
      const lines = Array.from({ length: 30_000 }, (_, at) => `line ${at} ü\n`)
      for (const line of lines) spool.append(line)
      const bytes = Buffer.concat(await Array.fromAsync(spool.read()))
      expect(bytes.toString()).toBe(lines.join(''))
      expect(readdirSync(tempDir).length).toBe(memoryBytes === 1000 ? 1 : 0)
      spool.dispose()
    }
    expect(readdirSync(tempDir)).toEqual([])
    rmSync(tempDir, { recursive: true })
  })
})

describe('JSON', () => {
  const keys = new Set(['list', 'name', 'nested'])
  const read = async (text: string, chunkBytes = 1000, options = {}): Promise<JsonPiece[]> =>
    (await Array.fromAsync(readJsonPieces(split(text, chunkBytes), { file: 'x.json', keys, ...options }))).flat()

  test('lists come element by element, whatever the chunks', async () => {
    const list = [1, 'a"]}\\', { b: [2, { c: '{' }] }, null, [], -1.5e3, 'ü']
    const whole = { skipped: [{ x: '],' }], name: 'n', list, nested: { list: [1] }, other: 3 }
    for (const text of [JSON.stringify(whole), JSON.stringify(whole, null, 2), `\ufeff${JSON.stringify(whole)}`]) {
      for (const chunkBytes of [1, 2, 3, 7, 1000]) {
        expect(await read(text, chunkBytes)).toEqual([
          { key: 'name', value: 'n' },
          ...list.map((value, index) => ({ key: 'list', value, index })),
          { key: 'nested', value: { list: [1] } },
        ])
      }
    }
  })

  test('empty objects and lists are fine', async () => {
    expect(await read('{}')).toEqual([])
    expect(await read('{"list": []}', 1)).toEqual([])
  })

  const faults = ['', '[', '[1]', '{', '{"list":[1,]}', '{"list":[1 2]}', '{"list":[1}', '{"list":[1]', '{"list" [1]}']
  const more = [
    '{"list":[nan]}',
    '{"name":"a",}',
    '{"name":"a"} x',
    '{name:1}',
    '{"list":[{"a":1]]}',
    '{"list":[,1]}',
    '"a"',
    '{,}',
  ]
  test.each([...faults, ...more])('%s is refused', async (text) => {
    for (const chunkBytes of [1, 1000]) await expect(read(text, chunkBytes)).rejects.toBeInstanceOf(FormatError)
  })

  test('depth and size are bounded', async () => {
    await expect(read(`{"list":[${'['.repeat(100)}`)).rejects.toThrow("x.json, field 'list[0]': The JSON is nested too deeply")
    await expect(read(`{"other":${'['.repeat(100)}`)).rejects.toThrow('nested too deeply')
    await expect(read(`{"name":"${'x'.repeat(500)}"}`, 10, { maxPieceBytes: 100 })).rejects.toThrow('larger than 100 bytes')
  })

  test('floats are written as floats', () => {
    expect([0, 7, -2, 0.1, 1e21, 33.333].map(formatFloat)).toEqual(['0.0', '7.0', '-2.0', '0.1', '1e+21', '33.333'])
    expect(() => formatFloats([1, Number.NaN])).toThrow(RangeError)
    expect(() => formatHundredths(Infinity)).toThrow(RangeError)
    expect(formatFloats([0, 7, 7.5, 7.05, 0.07, -1.25, 12345.67, 1.005])).toBe('[0.0,7.0,7.5,7.05,0.07,-1.25,12345.67,1.005]')
  })
})

describe('XML', () => {
  const read = async (text: string, chunkBytes = 1000, options = {}) =>
    (await Array.fromAsync(readXml(split(text, chunkBytes), { file: 'x.xml', ...options }))).flat()

  test('what is written is read, with every character that XML can hold', async () => {
    const value = 'a <b> & "c" \'d\' ü\t\r\n😀'
    const xml = createXmlWriter()
    xml.open('root', { value })
    xml.leaf('leaf', `${value}\0\x01`)
    xml.close()
    const written = xmlDeclaration + xml.take()
    for (const chunkBytes of [1, 5, 1000]) {
      const events = await read(written, chunkBytes)
      expect(events.find(({ kind }) => kind === 'open')).toMatchObject({ name: 'root', attributes: { value } })
      const texts = events.flatMap((event) => (event.kind === 'text' ? [event.text] : []))
      expect(texts.join('').trim()).toBe(value)
    }
  })

  test('document types and entities are refused', async () => {
    const bomb = '<!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>'
    await expect(read(bomb)).rejects.toThrow('x.xml, line 1: The XML must not have a document type')
    await expect(read('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>')).rejects.toThrow('document type')
    await expect(read('<a>&b;</a>')).rejects.toThrow('malformed')
    await expect(read('<!DOCTYPE a><a/>')).rejects.toThrow('document type')
    expect(await read('<!DOCTYPE a><a/>', 1000, { allowBareDoctype: true })).toHaveLength(2)
    await expect(read(bomb, 1000, { allowBareDoctype: true })).rejects.toThrow('document type')
  })

  test.each(['', '<a>', '<a></b>', '<a b=1/>', '<a/><b/>', 'text', '<a b="1" b="2"/>'])('%s is refused', async (text) => {
    await expect(read(text)).rejects.toBeInstanceOf(FormatError)
  })

  test('depth, size and encoding are checked', async () => {
    await expect(read('<a>'.repeat(100))).rejects.toThrow('nested too deeply')
    await expect(read(`<a b="${'x'.repeat(500)}"/>`, 10, { maxPieceBytes: 100 })).rejects.toThrow('larger than 100 bytes')
    const latin1 = (async function* () {
      yield Uint8Array.of(0x3c, 0x61, 0x3e, 0xe9, 0x3c, 0x2f, 0x61, 0x3e)
    })()
    await expect(Array.fromAsync(readXml(latin1, { file: 'x.xml' }))).rejects.toThrow('UTF-8')
  })
})
