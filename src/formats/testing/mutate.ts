// Damages datasets in the ways in which files go wrong: bytes, numbers, names and structure, always the same way for a seed.

import { collectFiles, createFile, type DatasetFiles } from '../io/dataset-files'

export type Random = () => number

/** A small seeded generator (mulberry32). */
export const createRandom =
  (seed: number): Random =>
  () => {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }

export type LooseFile = { name: string; content: Uint8Array }

const pick = <T>(list: readonly T[], random: Random): T => list[Math.floor(random() * list.length)]!
const upTo = (most: number, random: Random) => Math.floor(random() * (most + 1))

type Damage = (bytes: Buffer, random: Random) => Buffer

const odd = [
  'NaN',
  '1e999',
  '-1',
  '0',
  '-0',
  '99999999999999999999',
  '1e-320',
  'null',
  'true',
  '"x"',
  '[]',
  '{}',
  '',
  'Infinity',
  '0x10',
  '٣',
]
const words = [
  '<!DOCTYPE a [<!ENTITY b "c">]>',
  '&b;',
  '\u0000',
  '\ufeff',
  '../',
  '\\',
  '"',
  "'",
  '<',
  '>',
  ',',
  ']',
  '}',
  '\n',
  '%',
  '😀',
  '__proto__',
]

const flip: Damage = (bytes, random) => {
  for (let n = upTo(3, random); n >= 0 && bytes.length; n--) bytes[Math.floor(random() * bytes.length)]! ^= 1 << upTo(7, random)
  return bytes
}
const cut: Damage = (bytes, random) => bytes.subarray(0, upTo(bytes.length, random))
const drop: Damage = (bytes, random) => {
  const at = upTo(bytes.length, random)
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + upTo(40, random))])
}
const repeat: Damage = (bytes, random) => {
  const at = upTo(bytes.length, random)
  const part = bytes.subarray(at, at + upTo(200, random))
  return Buffer.concat([bytes.subarray(0, at), ...Array.from({ length: 1 + upTo(20, random) }, () => part), bytes.subarray(at)])
}
const insert: Damage = (bytes, random) => {
  const at = upTo(bytes.length, random)
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(pick(words, random)), bytes.subarray(at)])
}
/** Replaces the number that is nearest behind some place. */
const renumber: Damage = (bytes, random) => {
  const from = upTo(bytes.length, random)
  const text = bytes.toString('latin1', from, from + 400)
  const found = /-?\d+(\.\d+)?/.exec(text)
  if (!found) return insert(bytes, random)
  const at = from + found.index
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(pick(odd, random)), bytes.subarray(at + found[0].length)])
}
/** Swaps the names, tags or keys nearest behind two places. */
const rename: Damage = (bytes, random) => {
  const find = () => {
    const from = upTo(bytes.length, random)
    const found = /[A-Za-z_]{2,}/.exec(bytes.toString('latin1', from, from + 200))
    return found && { at: from + found.index, word: found[0] }
  }
  const [one, other] = [find(), find()]
  if (!one || !other) return flip(bytes, random)
  return Buffer.concat([bytes.subarray(0, one.at), Buffer.from(other.word), bytes.subarray(one.at + one.word.length)])
}

const damages: readonly Damage[] = [flip, cut, drop, repeat, insert, renumber, renumber, renumber, rename, rename]

/** A copy of the files with something wrong: mostly in one file, at times in which files there are. */
export const mutate = (files: readonly LooseFile[], random: Random): LooseFile[] => {
  const copy = files.map((file) => ({ ...file }))
  const at = Math.floor(random() * copy.length)
  const chance = random()
  if (chance < 0.04) return copy.filter((_, index) => index !== at)
  if (chance < 0.08) {
    copy[at]!.name = Buffer.from(pick(damages, random)(Buffer.from(copy[at]!.name), random)).toString('latin1') || 'x'
    return copy
  }
  if (chance < 0.1) {
    copy[at]!.content = pick(files, random).content
    return copy
  }
  let bytes: Buffer = Buffer.from(copy[at]!.content)
  for (let n = upTo(2, random); n >= 0; n--) bytes = pick(damages, random)(bytes, random)
  copy[at]!.content = bytes
  return copy
}

/** Opens loose files as an upload. */
export const openLoose = (files: readonly LooseFile[]): DatasetFiles =>
  collectFiles(
    false,
    files.map(({ name, content }) =>
      createFile(name, content.length, async function* () {
        yield content
      }),
    ),
  )

/** Damages an archive as a whole: its directory, its sizes, its end. */
export const mutateBytes = (bytes: Uint8Array, random: Random): Buffer => {
  let damaged: Buffer = Buffer.from(bytes)
  for (let n = upTo(2, random); n >= 0; n--) damaged = pick([flip, flip, cut, drop, repeat], random)(damaged, random)
  return damaged
}
