// Bad archives for every reader: each is refused in words, or read without the bad part; nothing else ever happens.
import { beforeAll, describe, expect, test } from 'bun:test'
import { crc32 } from 'node:zlib'
import { nameFormat } from '../../src/formats/format'
import { FormatError } from '../../src/formats/format-error'
import { openBytes } from '../../src/formats/io/byte-source'
import { createFrameLookup, createLabelLookup } from '../../src/formats/match'
import { importDataset, readDataset } from '../../src/formats/registry'
import { importers, loadSeeds, type Seed } from '../../src/formats/testing/fuzz'
import { type LooseFile, openLoose } from '../../src/formats/testing/mutate'
import { packZip } from '../../src/formats/testing/sample'

type Outcome = { count: number; error?: FormatError }

const isText = ({ name }: LooseFile) => /\.(json|xml|txt|csv|ya?ml|data|names|meta)$/i.test(name)
const isXml = ({ name }: LooseFile) => /\.xml$/i.test(name)
const edit = (files: readonly LooseFile[], fits: (file: LooseFile) => boolean, change: (text: string) => string) =>
  files.map((file) => (fits(file) ? { ...file, content: Buffer.from(change(Buffer.from(file.content).toString())) } : file))

describe.each(importers.map((format) => [nameFormat(format), format] as const))('%s', (_, format) => {
  let seed: Seed
  let whole: number
  beforeAll(async () => {
    seed = (await loadSeeds(format)).at(-1)!
    whole = (await readFiles(seed.files)).count
  })

  const target = () => ({ labels: createLabelLookup(seed.labels), frames: createFrameLookup({ frames: seed.frames }) })
  const collect = async (findings: AsyncIterable<unknown>): Promise<Outcome> => {
    let count = 0
    try {
      for await (const finding of findings) {
        count++
        expect(JSON.stringify(finding)).not.toMatch(/"points":\[[^\]]*null/)
      }
    } catch (error) {
      if (!(error instanceof FormatError)) throw error
      expect(error.message.length).toBeGreaterThan(8)
      expect(error.message).not.toMatch(/\n\s+at /)
      return { count, error }
    }
    return { count }
  }
  const readFiles = (files: readonly LooseFile[]) => collect(readDataset(format, openLoose(files), target()))
  const readBytes = (bytes: Uint8Array) =>
    collect(importDataset(format, openBytes(bytes), { labels: seed.labels, frames: target().frames }))

  test('truncated archives are refused', async () => {
    for (const share of [0.1, 0.5, 0.9, 0.999]) {
      const { error } = await readBytes(seed.archive.subarray(0, Math.floor(seed.archive.length * share)))
      expect([share, error?.message]).toEqual([share, expect.any(String)])
    }
  })

  test('paths that leave the archive are refused', async () => {
    const entries = Object.fromEntries(seed.files.map(({ name, content }) => [name, content]))
    for (const [place, bad] of [
      ['aa/evil.txt', '../evil.txt'],
      ['aevil.txt', '/evil.txt'],
      ['a/aa/bb/x', 'a/../../x'],
    ] as const) {
      const packed = Buffer.from(await packZip({ ...entries, [place]: 'x' }))
      const bytes = Buffer.from(packed.toString('latin1').replaceAll(place, bad), 'latin1')
      expect((await readBytes(bytes)).error?.message).toMatch(/'\.\.'|absolute path/)
    }
  })

  test('a document type in XML is refused', async () => {
    if (!seed.files.some(isXml)) return
    const bomb = '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]>'
    const files = edit(seed.files, isXml, (text) =>
      text.replace(/<!DOCTYPE[^>]*>\s*/, '').replace(/(<\?xml[^>]*\?>\s*)?/, `$&${bomb}`),
    )
    expect((await readFiles(files)).error?.message).toContain('document type')
  })

  test('no number that is none becomes a coordinate', async () => {
    for (const odd of ['NaN', 'Infinity', '1e999', '"x"', '-', '']) {
      const files = edit(seed.files, isText, (text) => text.replaceAll(/(?<![\w.#])-?\d+\.\d+/g, odd))
      const { error, count } = await readFiles(files)
      expect([odd, error !== undefined || count <= whole]).toEqual([odd, true])
    }
  })

  test('values of other types are refused or left out', async () => {
    const swaps: [RegExp, string][] = [
      [/\[/g, '{"a":['],
      [/:\s*"[^"]*"/g, ':7'],
      [/:\s*\d+/g, ':null'],
      [/:\s*\[/g, ':[[['],
    ]
    const isJson = ({ name }: LooseFile) => /\.json$/i.test(name)
    if (!seed.files.some(isJson)) return
    for (const [pattern, text] of swaps) {
      const { error, count } = await readFiles(edit(seed.files, isJson, (whole) => whole.replaceAll(pattern, text)))
      expect(error !== undefined || count <= whole).toBe(true)
    }
  })

  test('each file may be missing or empty', async () => {
    for (const [at] of seed.files.entries()) {
      const without = await readFiles(seed.files.filter((_, index) => index !== at))
      expect(without.error !== undefined || without.count <= whole).toBe(true)
      const empty = seed.files.map((file, index) => (index === at ? { ...file, content: new Uint8Array() } : file))
      const blank = await readFiles(empty)
      expect(blank.error !== undefined || blank.count <= whole).toBe(true)
    }
    expect((await readFiles([{ name: 'readme.md', content: Buffer.from('x') }])).error).toBeDefined()
  })

  test('pictures of absurd sizes are refused before they are unpacked', async () => {
    const files = seed.files.map((file) => (/\.png$/i.test(file.name) ? { ...file, content: enlarge(file.content) } : file))
    if (!files.some(({ name }) => /\.png$/i.test(name))) return
    const started = process.memoryUsage.rss()
    const { error } = await readFiles(files)
    expect(error?.message).toMatch(/pixels|too large|damaged/)
    expect(process.memoryUsage.rss() - started).toBeLessThan(300 * 2 ** 20)
  })

  test('nesting without end is refused', async () => {
    const deep = { json: '['.repeat(200_000), xml: '<a>'.repeat(200_000) }
    const isKind = (kind: string) => (file: LooseFile) => file.name.toLowerCase().endsWith(`.${kind}`)
    for (const [kind, text] of Object.entries(deep)) {
      if (!seed.files.some(isKind(kind))) continue
      const files = edit(seed.files, isKind(kind), () =>
        kind === 'json' ? `{"items":${text},"images":${text},"key":${text}` : text,
      )
      // What a reader does not look at may be as it likes.
      const { error, count } = await readFiles(files)
      expect(error !== undefined || count <= whole).toBe(true)
    }
  })
})

/** A PNG whose header declares 60,000 × 60,000 pixels. */
const enlarge = (content: Uint8Array): Uint8Array => {
  const bytes = Buffer.from(content)
  bytes.writeUInt32BE(60_000, 16)
  bytes.writeUInt32BE(60_000, 20)
  bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29)
  return bytes
}
