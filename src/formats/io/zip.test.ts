// Archives: what is written can be read, and what could harm is refused.

import { describe, expect, test } from 'bun:test'
import { deflateRawSync } from 'node:zlib'
import { FormatError } from '../format-error'
import { openBytes } from './byte-source'
import { openDatasetFiles } from './dataset-files'
import { openZip } from './zip-reader'
import { type ArchiveEntry, writeZip } from './zip-writer'

const now = new Date('2025-11-03T10:20:30Z')

async function pack(entries: ArchiveEntry[]): Promise<Uint8Array> {
  return Buffer.concat(await Array.fromAsync(writeZip(entries, now)))
}

async function* repeat(text: string, count: number): AsyncGenerator<string> {
  for (let at = 0; at < count; at++) yield text
}

async function openAll(bytes: Uint8Array, limits = {}): Promise<string[]> {
  const { list } = await openDatasetFiles(openBytes(bytes), limits)
  return Promise.all(list.map(async (file) => `${file.name}=${Buffer.from(await file.bytes()).toString()}`))
}

/** An archive of one stored entry whose name, attributes or flags are of the caller's making. */
function forge({ name = 'a.txt', mode = 0o100644, flags = 0, size = 2, method = 0 } = {}): Uint8Array {
  const [nameBytes, data] = [Buffer.from(name), Buffer.from('hi')]
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(nameBytes.length, 26)
  const record = Buffer.alloc(46)
  record.writeUInt32LE(0x02014b50, 0)
  record.writeUInt16LE(0x0314, 4)
  record.writeUInt16LE(flags, 8)
  record.writeUInt16LE(method, 10)
  record.writeUInt32LE(Bun.hash.crc32(data), 16)
  record.writeUInt32LE(data.length, 20)
  record.writeUInt32LE(size, 24)
  record.writeUInt16LE(nameBytes.length, 28)
  record.writeUInt32LE(mode * 0x10000, 38)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(46 + nameBytes.length, 12)
  end.writeUInt32LE(30 + nameBytes.length + data.length, 16)
  return Buffer.concat([local, nameBytes, data, record, nameBytes, end])
}

describe('writing and reading', () => {
  test('a blob is stored as it is, in pieces', async () => {
    const media = crypto.getRandomValues(new Uint8Array(60_000))
    const bytes = await pack([{ name: 'a.bin', content: new Blob([media, media, media, media, media, media]) }])
    expect(bytes.length).toBe(360_000 + 2 * 5 + 30 + 46 + 22)
    const [entry] = await openZip(openBytes(bytes))
    expect(
      Buffer.concat(await Array.fromAsync(entry!.stream()))
        .subarray(300_000)
        .equals(media),
    ).toBe(true)
  })

  test('stored, deflated and streamed entries come back', async () => {
    const media = crypto.getRandomValues(new Uint8Array(5000))
    const bytes = await pack([
      { name: 'images/ü x.png', content: media, store: true },
      { name: 'text.txt', content: 'ab'.repeat(5000) },
      { name: 'stream.json', content: repeat('0123456789', 100_000) },
      { name: 'empty', content: '' },
    ])
    const { bare, list, get } = await openDatasetFiles(openBytes(bytes))
    expect(bare).toBe(false)
    expect(list.map(({ name, size }) => [name, size])).toEqual([
      ['images/ü x.png', 5000],
      ['text.txt', 10_000],
      ['stream.json', 1_000_000],
      ['empty', 0],
    ])
    expect(await get('images/ü x.png')!.bytes()).toEqual(media)
    expect(Buffer.from(await get('stream.json')!.bytes()).toString()).toBe('0123456789'.repeat(100_000))
    expect(bytes.length).toBeLessThan(20_000)
  })

  test('equal entries and time give equal bytes', async () => {
    const write = () => pack([{ name: 'a', content: repeat('x', 10) }])
    expect(await write()).toEqual(await write())
  })

  test('more than 65535 entries need zip64', async () => {
    const bytes = await pack(Array.from({ length: 65_540 }, (_, at) => ({ name: String(at), content: '' })))
    const entries = await openZip(openBytes(bytes))
    expect(entries.length).toBe(65_540)
    expect(entries.at(-1)!.name).toBe('65539')
  })

  test('names that climb are made harmless', async () => {
    const names = ['../../etc/x', '/abs/x', 'C:\\x', 'a\\..\\b', 'fine/..name/x..']
    const entries = await openZip(openBytes(await pack(names.map((name) => ({ name, content: '' })))))
    expect(entries.map(({ name }) => name)).toEqual(['__/__/etc/x', 'abs/x', 'C_/x', 'a/__/b', 'fine/..name/x..'])
  })

  test('a failing source fails the archive', async () => {
    const failing = (async function* () {
      yield 'x'
      throw new Error('disk gone')
    })()
    await expect(pack([{ name: 'a', content: failing }])).rejects.toThrow('disk gone')
  })

  test('a bare file is a list of one', async () => {
    const { bare, list } = await openDatasetFiles(openBytes(Buffer.from('{"a":1}')))
    expect([bare, list.length, list[0]!.size]).toEqual([true, 1, 7])
  })

  test('the forged archives of this file are sound but for the fault', async () => {
    expect(await openAll(forge())).toEqual(['a.txt=hi'])
  })
})

describe('refusals', () => {
  const faults: [string, Parameters<typeof forge>[0]][] = [
    ["'..'", { name: '../x' }],
    ["'..'", { name: 'a/../../x' }],
    ["'..'", { name: 'a\\..\\x' }],
    ['absolute path', { name: '/etc/passwd' }],
    ['absolute path', { name: 'C:/x' }],
    ['absolute path', { name: '\\\\host\\x' }],
    ['usable name', { name: 'a\0b' }],
    ['link', { mode: 0o120777 }],
    ['special file', { mode: 0o020666 }],
    ['encrypted', { flags: 1 }],
    ['method 12', { method: 12 }],
    ['damaged', { size: 3 }],
  ]
  for (const [reason, fault] of faults) {
    test(`${JSON.stringify(fault)} is refused`, async () => {
      const error = await openAll(forge(fault)).catch((caught) => caught)
      expect(error).toBeInstanceOf(FormatError)
      expect(error.message).toContain(reason)
    })
  }

  test('a truncated archive is refused wherever it ends', async () => {
    const whole = await pack([{ name: 'a.txt', content: 'hello '.repeat(100) }])
    for (const length of [whole.length - 1, whole.length - 30, 60, 10, 4]) {
      await expect(openAll(whole.subarray(0, length))).rejects.toBeInstanceOf(FormatError)
    }
  })

  test('damaged content is refused', async () => {
    const bytes = Uint8Array.from(await pack([{ name: 'a.txt', content: 'hello '.repeat(100) }]))
    bytes[40]! ^= 0xff
    await expect(openAll(bytes)).rejects.toThrow(/^a.txt: The archive is damaged/)
  })

  test('bounds on entries, size and ratio hold', async () => {
    const bytes = await pack([
      { name: 'a', content: 'a'.repeat(100_000) },
      { name: 'b', content: 'b' },
    ])
    await expect(openAll(bytes, { entries: 1 })).rejects.toThrow('more than 1 entries')
    await expect(openAll(bytes, { totalBytes: 1000 })).rejects.toThrow('more than 1000 bytes')
    await expect(openAll(bytes, { ratioFreeBytes: 1000, ratio: 100 })).rejects.toThrow('100 times')
  })

  test('an entry that unpacks to more than it declares is stopped', async () => {
    const bytes = Buffer.from(await pack([{ name: 'a', content: 'a'.repeat(100_000) }]))
    const record = bytes.lastIndexOf(Buffer.from('PK\x01\x02', 'latin1'))
    bytes.writeUInt32LE(500, record + 24)
    await expect(openAll(bytes)).rejects.toThrow('more than its declared size')
  })

  test('entries that share bytes are refused', async () => {
    const packed = deflateRawSync(Buffer.alloc(1000))
    const bytes = Buffer.from(
      await pack([
        { name: 'a', content: packed },
        { name: 'b', content: packed },
      ]),
    )
    const record = bytes.lastIndexOf(Buffer.from('PK\x01\x02', 'latin1'))
    bytes.writeUInt32LE(0, record + 42)
    await expect(openAll(bytes)).rejects.toThrow('overlap')
  })

  test('a name that occurs twice is refused', async () => {
    const bytes = await pack([
      { name: 'a', content: '1' },
      { name: 'a', content: '2' },
    ])
    await expect(openAll(bytes)).rejects.toThrow('a: The archive holds this file twice')
  })
})
