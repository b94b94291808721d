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
    if (picture.path.endsWith(name)) prefixes.set(picture.path.slice(0, picture.path.length - name.length), subset ?? defaultSubset)
  }
  return prefixes
}

/** Where a picture that the dataset never names belongs: beside those that lie where it lies. */
const placePicture = ({ path }: DatasetPicture, prefixes: ReadonlyMap<string, string>): { subset: string; name: string } => {
  const [prefix, subset] = [...prefixes]
    .filter(([prefix]) => path.startsWith(prefix))
    .sort(([a], [b]) => b.length - a.length)[0] ?? ['', defaultSubset]
  return { subset, name: path.slice(prefix.length) }
}

export type FrameCollector = {
  /** For the first run. */
  lookup: FrameLookup
  /** Ends the first run: the subsets with their frames. */
  settle(): ProjectSubset[]
  /** For the second run, which asks the same questions. Throws FormatError for a frame without picture. */
  replay(): FrameLookup
  /** Subset and frame of a number of the second run. */
  locate(frame: number): { subset: ProjectSubset; frame: number }
}

export const collectFrames = (pictures: readonly DatasetPicture[], index: PictureIndex): FrameCollector => {
  /** Every question in its order; undefined where nothing was found. */
  const questions: (Asked | undefined)[] = []
  const places: (Place | undefined)[] = []
  let subsets: ProjectSubset[] = []
  const homes = new Map<DatasetPicture, { subset: string; name: string }>()
  const numbers = new Map<DatasetPicture, number>()

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
    miss: (name, place, own = name) => ask(index.find(own) ? own : name, /^\d+$/.test(name) ? { source: Number(name) } : {}, place),
    learnRoot: () => {},
    learn: (frame, { subset }) => {
      const asked = frame as Asked
      asked.subset ??= cleanSubset(subset)
    },
  }

  const settle = (): ProjectSubset[] => {
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
    for (const picture of pictures) if (!homes.has(picture)) homes.set(picture, placePicture(picture, prefixes))
    const bySubset = Map.groupBy(pictures, (picture) => homes.get(picture)!.subset)
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
        const subset = subsets.find(({ name }) => name === (one.subset ?? defaultSubset)) ?? (subsets.length === 1 ? subsets[0] : undefined)
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
      return new Missing(asked.name, place)
    }
    return {
      frames: [...known.values()],
      get: (frame) => known.get(frame),
      find: next,
      fromSource: next,
      match: () => next()!,
      miss: () => next()!,
      learnRoot: () => {},
    }
  }

  return {
    lookup,
    settle,
    replay,
    locate: (frame) => {
      const subset = subsets.find(({ first, frames }) => frame >= first && frame < first + frames.length)!
      return { subset, frame: frame - subset.first }
    },
  }
}

/** A frame whose picture is not in the dataset: an error as soon as something is drawn on it. */
class Missing implements FrameInfo {
  readonly width = 0
  readonly height = 0
  constructor(
    readonly name: string,
    private readonly place: Place | undefined,
  ) {}
  get frame(): number {
    throw new FormatError(`The dataset has no picture for item '${this.name}'`, this.place)
  }
}
