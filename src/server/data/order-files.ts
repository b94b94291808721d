// In which order the files of a task become its frames.
import { invalid } from '../http/errors'
import type { DataParameters, SortingMethod } from './parameters'
import { type Manifest, orderByManifest } from './sources/origins/manifest'

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** Numbers of any length. */
const compareDigits = (a: string, b: string): number => {
  const [left, right] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')]
  return left.length - right.length || compareText(left, right)
}

const splitDigits = (text: string): string[] => text.match(/\d+|\D+/g) ?? []

/** Digits compare as numbers, the rest as text: `a2` comes before `a10`. */
const compareNatural = (a: string, b: string): number => {
  const [left, right] = [splitDigits(a), splitDigits(b)]
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [one, other] = [left[i]!, right[i]!]
    const order = /^\d/.test(one) && /^\d/.test(other) ? compareDigits(one, other) : compareText(one, other)
    if (order) return order
  }
  return left.length - right.length || compareText(a, b)
}

/** Folder by folder, so that `a/z` comes before `a.b/c`. */
const compareNaturalPaths = (a: string, b: string): number => {
  const [left, right] = [a.split('/'), b.split('/')]
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = compareNatural(left[i]!, right[i]!)
    if (order) return order
  }
  return left.length - right.length
}

const shuffle = <T>(items: T[]): T[] => {
  const mixed = [...items]
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1))
    ;[mixed[i], mixed[j]] = [mixed[j]!, mixed[i]!]
  }
  return mixed
}

type Named = { name: string }

/** Brings files into the order of a list of names. Throws 400 for names without file and files without name. */
const orderByNames = <F extends Named>(files: F[], names: string[], field: string): F[] => {
  const byName = new Map(files.map((file) => [file.name, file]))
  const ordered = names.map((name) => {
    const file = byName.get(name)
    if (!file) throw invalid({ [field]: `${name}: named more than once, or no file of this name was uploaded.` })
    byName.delete(name)
    return file
  })
  const [left] = byName.keys()
  if (left !== undefined) throw invalid({ [field]: `${left}: uploaded, but not named.` })
  return ordered
}

const sorters: Record<SortingMethod, <F extends Named>(files: F[]) => F[]> = {
  lexicographical: (files) => files.toSorted((a, b) => compareText(a.name, b.name)),
  natural: (files) => files.toSorted((a, b) => compareNaturalPaths(a.name, b.name)),
  predefined: (files) => files,
  random: shuffle,
}

/**
 * Orders the files of a task; `files` come in the order in which they were uploaded or named. Throws 400 when names and files do not
 * fit, those of a manifest included, whose order is the predefined one.
 */
export const orderFiles = <F extends Named>(
  files: F[],
  { sortingMethod, fileOrder, jobFiles }: Pick<DataParameters, 'sortingMethod' | 'fileOrder' | 'jobFiles'>,
  manifest: Manifest | null = null,
): F[] => {
  const asListed = manifest?.kind === 'images' ? orderByManifest(files, manifest) : null
  if (jobFiles) return orderByNames(files, jobFiles.flat(), 'job_file_mapping')
  if (sortingMethod === 'predefined' && fileOrder) return orderByNames(files, fileOrder, 'upload_file_order')
  return asListed && sortingMethod === 'predefined' ? asListed : sorters[sortingMethod](files)
}
