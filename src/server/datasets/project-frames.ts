// Frames for a dataset that brings its own: what its reader asks for in a first run becomes the frames of a second one.
import { FormatError, type Place } from '../../formats/format-error'
import type { FrameInfo, FrameLookup } from '../../formats/match'
import { dropExtension } from '../../formats/match'
import type { DatasetPicture, PictureIndex } from './project-pictures'

/** A frame that a reader was given in the first run. */
type Asked = FrameInfo & { subset?: string; source?: number; picture?: DatasetPicture; item?: string }

/** A frame of a task to be: its name there, and the picture that it shows. */
export type ProjectFrame = { name: string; picture: DatasetPicture }
/** A subset becomes a task; its frames are numbered from `first` in the second run. */
export type ProjectSubset = { name: string; frames: ProjectFrame[]; first: number }

export const defaultSubset = 'default'
const cleanSubset = (subset: string | undefined) => (!subset ? undefined : subset)
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** The name of a picture in its task: what the dataset calls it, with the extension of the file. */
const nameFrame = (item: string, { path }: DatasetPicture): string => {
  const name = item.replaceAll('\\', '/').replace(/^(\.?\/)+/, '')
  const extension = /\.[^./]+$/.exec(path)?.[0] ?? ''
  if (name.toLowerCase().endsWith(extension.toLowerCase())) return name
  return path.endsWith(`${dropExtension(name)}${extension}`) ? dropExtension(name) + extension : name + extension
}

/** What the pictures of a subset have before their names. */
const learnPrefixes = (asked: readonly Asked[]): Map<string, string> => {
  const prefixes = new Map<string, string>()
  for (const { picture, item, subset } of asked) {
    if (!picture || item === undefined) continue
    const name = nameFrame(item, picture)
    if (picture.path.endsWith(name))
      prefixes.set(picture.path.slice(0, picture.path.length - name.length), subset ?? defaultSubset)
  }
  return prefixes
}

/** Folders between that of a subset and its pictures. */
const pictureFolders = /^(images?|image_2|JPEGImages)\//

/** Where a picture that the dataset never names belongs: beside those that lie where it lies, or in a folder called like a subset. */
const placePicture = (
  { path }: DatasetPicture,
  prefixes: ReadonlyMap<string, string>,
  subsets: ReadonlySet<string>,
): { subset: string; name: string } => {
  const known = [...prefixes].filter(([prefix]) => path.startsWith(prefix)).sort(([a], [b]) => b.length - a.length)[0]
  if (known) return { subset: known[1], name: path.slice(known[0].length) }
  const folders = path.split('/').slice(0, -1)
  for (const [at, folder] of folders.entries()) {
    const subset = [folder, ...folder.split('_')].find((word) => subsets.has(word))
    if (subset === undefined) continue
    const rest = path
      .split('/')
      .slice(at + 1)
      .join('/')
    return { subset, name: rest.replace(pictureFolders, '') }
  }
  return { subset: defaultSubset, name: path }
}

/** Numbers of items without picture; no dataset has so many frames. */
const firstMissing = 2 ** 41

export type FrameCollector = {
  /** For the first run. */
  lookup: FrameLookup
  /**
   * Ends the first run: the subsets with their frames. A picture that the reader has opened itself shows masks, and is a frame only
   * where it was asked for as such.
   */
  settle(opened: ReadonlySet<string>): ProjectSubset[]
  /** For the second run, which asks the same questions. */
  replay(): FrameLookup
  /** Whether a number of the second run has a picture. */
  has(frame: number): boolean
  /** Subset and frame of a number of the second run. Throws FormatError for an item without picture. */
  locate(frame: number): { subset: ProjectSubset; frame: number }
}

export const collectFrames = (pictures: readonly DatasetPicture[], index: PictureIndex): FrameCollector => {
  /** Every question in its order; undefined where nothing was found. */
  const questions: (Asked | undefined)[] = []
  const places: (Place | undefined)[] = []
  let subsets: ProjectSubset[] = []
  const homes = new Map<DatasetPicture, { subset: string; name: string }>()
  const numbers = new Map<DatasetPicture, number>()
  /** Items without picture: an error as soon as something is drawn on one. */
  const missing = new Map<number, { name: string; place: Place | undefined }>()

  const ask = (name: string, more: Partial<Asked> = {}, place?: Place): Asked => {
    const asked: Asked = {
      frame: questions.length,
      name,
      // The size follows the subset, which is told after the name.
      get width() {
        return index.find(name, this.subset)?.width ?? 0
      },
      get height() {
        return index.find(name, this.subset)?.height ?? 0
      },
      ...more,
    }
    questions.push(asked)
    places.push(place)
    return asked
  }
  const note = (asked: Asked | undefined): Asked | undefined => {
    if (!asked) {
      questions.push(undefined)
      places.push(undefined)
    }
    return asked
  }

  const lookup: FrameLookup = {
    frames: [],
    get: () => undefined,
    find: (name) => (index.find(name) ? ask(name) : note(undefined)),
    fromSource: (source) => ask(`frame_${String(source).padStart(6, '0')}`, { source }),
    match: (name, _, place) => ask(name, {}, place),
    miss: (name, place, own = name) =>
      ask(index.find(own) ? own : name, /^\d+$/.test(name) ? { source: Number(name) } : {}, place),
    learnRoot: () => {},
    learn: (frame, { subset }) => {
      const asked = frame as Asked
      asked.subset ??= cleanSubset(subset)
    },
  }

  const settle = (opened: ReadonlySet<string>): ProjectSubset[] => {
    const asked = questions.filter((one) => one !== undefined)
    const resolve = (one: Asked) => {
      one.picture = index.find(one.name, one.subset)
      one.item = one.name
      if (!one.picture) return
      const name = nameFrame(one.name, one.picture)
      if (!homes.has(one.picture)) homes.set(one.picture, { subset: one.subset ?? defaultSubset, name })
    }
    // Those with a subset decide where a picture belongs.
    for (const one of asked) if (one.subset !== undefined) resolve(one)
    for (const one of asked) if (one.subset === undefined) resolve(one)
    const prefixes = learnPrefixes(asked)
    const told = new Set(asked.flatMap(({ subset }) => subset ?? []))
    for (const picture of pictures)
      if (!homes.has(picture) && !opened.has(picture.path)) homes.set(picture, placePicture(picture, prefixes, told))
    const shown = pictures.filter((picture) => homes.has(picture))
    const bySubset = Map.groupBy(shown, (picture) => homes.get(picture)!.subset)
    let first = 0
    subsets = [...bySubset].map(([name, own]) => {
      const frames = own
        .map((picture) => ({ name: homes.get(picture)!.name, picture }))
        .sort((a, b) => compare(a.name, b.name) || compare(a.picture.path, b.picture.path))
      frames.forEach(({ picture }, i) => {
        numbers.set(picture, first + i)
      })
      const subset = { name, frames, first }
      first += frames.length
      return subset
    })
    // Numbers of a source count the pictures of their subset, unless one has that number in its name.
    for (const one of asked)
      if (!one.picture && one.source !== undefined) {
        const subset =
          subsets.find(({ name }) => name === (one.subset ?? defaultSubset)) ?? (subsets.length === 1 ? subsets[0] : undefined)
        one.picture = subset?.frames[one.source]?.picture
      }
    return subsets
  }

  const replay = (): FrameLookup => {
    const known = new Map<number, FrameInfo>()
    for (const { frames, first } of subsets)
      for (const [i, { name, picture }] of frames.entries())
        known.set(first + i, { frame: first + i, name, width: picture.width, height: picture.height })
    let at = 0
    const next = (): FrameInfo | undefined => {
      const asked = questions[at]
      const place = places[at++]
      if (!asked) return undefined
      if (asked.picture) return known.get(numbers.get(asked.picture)!)
      missing.set(firstMissing + at, { name: asked.name, place })
      return { frame: firstMissing + at, name: asked.name, width: 0, height: 0 }
    }
    return {
      frames: [...known.values()],
      get: (frame) => known.get(frame),
      find: next,
      fromSource: next,
      match: () => next()!,
      miss: () => next()!,
      learnRoot: () => {},
      // There in both runs: what stands in a call of it must be asked again, too.
      learn: () => {},
    }
  }

  return {
    lookup,
    settle,
    replay,
    has: (frame) => !missing.has(frame),
    locate: (frame) => {
      const lost = missing.get(frame)
      if (lost) throw new FormatError(`The dataset has no picture for item '${lost.name}'`, lost.place)
      const subset = subsets.find(({ first, frames }) => frame >= first && frame < first + frames.length)!
      return { subset, frame: frame - subset.first }
    },
  }
}
