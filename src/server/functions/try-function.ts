// Tries a function out on a picture that is in no task: asked, judged, nothing stored.
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { config } from '../config'
import { invalid } from '../http/errors'
import { encodeRegion, MediaError, probeImage } from '../media/media'
import { checkDrawn, checkFound } from './check-found'
import { type Drawn, type Found, FunctionError, type FunctionInfo } from './contract'
import { askFunction } from './providers'

/** Kinds that a single picture says enough to. */
export const canTry = ({ kind, runs }: FunctionInfo) =>
  runs === 'server' && ['detector', 'classifier', 'interactor'].includes(kind)

export const maxTryBytes = 8 * 2 ** 20
/** What every browser shows. */
const shownFormats = ['jpeg', 'png', 'webp']

export type Tried = { found: (Found | Drawn)[]; width: number; height: number; ms: number }

/** The picture upright, as a PNG, and its size. Throws 400 for anything but a picture that browsers show. */
const readPicture = async (bytes: Uint8Array, name: string) => {
  if (bytes.length > maxTryBytes) throw invalid({ picture: 'The picture has more than 8 MiB.' })
  const folder = join(config().dataDir, 'cache/tries')
  await mkdir(folder, { recursive: true })
  const path = join(folder, crypto.randomUUID())
  try {
    await writeFile(path, bytes)
    const { width, height, format } = await probeImage(path, name)
    if (!shownFormats.includes(format)) throw invalid({ picture: 'Choose a JPEG, PNG or WebP.' })
    const png = await encodeRegion({ path, name }, { left: 0, top: 0, width, height })
    return { width, height, png }
  } catch (error) {
    if (error instanceof MediaError) throw invalid({ picture: error.message })
    throw error
  } finally {
    await rm(path, { force: true })
  }
}

export type TryOptions = {
  threshold: number | null
  /** Where an interactor is clicked, as shares of width and height. */
  at: { x: number; y: number }
  signal?: AbortSignal
}

/** Throws ApiError 400 about the picture, FunctionError when the function fails. */
export const tryFunction = async (
  info: FunctionInfo,
  picture: { bytes: Uint8Array; name: string },
  { threshold, at, signal }: TryOptions,
): Promise<Tried> => {
  if (!canTry(info)) throw new FunctionError('input', `"${info.name}" cannot be tried on a single picture.`)
  const { width, height, png } = await readPicture(picture.bytes, picture.name)
  const image = { key: `try ${crypto.randomUUID()}`, width, height, read: async () => png }
  const begun = performance.now()
  if (info.kind === 'interactor') {
    const positive: [number, number][] = [[at.x * width, at.y * height]]
    const answer = await askFunction<'interact'>(info, { do: 'interact', image, positive, negative: [], box: null }, signal)
    return { found: checkDrawn(info, image, answer), width, height, ms: performance.now() - begun }
  }
  const limit = threshold ?? info.threshold ?? null
  const answer = await askFunction<'detect'>(info, { do: 'detect', image, threshold: limit }, signal)
  const found = checkFound(info, image, answer).filter(({ score = 1 }) => score >= (limit ?? 0))
  return { found, width, height, ms: performance.now() - begun }
}
