// Runs OpenCV.js beside the page: keeps the picture that is looked at, and answers one question after the other.
import { computeSuperpixels } from '../../formats/geometry/superpixels'
import { awaitCv, type Cv, type Picture, type Rect } from './cv'
import { grabCut } from './grab-cut'
import type { Answer, Ask, Operation, Operations } from './protocol'
import { openScissors, type Scissors } from './scissors'
import { followByFlow, type MilTracker, openMilTracker } from './tracking'

declare const importScripts: (url: string) => void

let loading: Promise<Cv> | undefined
/** The script as its makers ship it: bundled it would be twice as large. It leaves a global of this name. */
const loadCv = () => {
  if (!loading) importScripts(new URL('vendor/opencv.js', self.location.href).href)
  loading ??= awaitCv((self as unknown as { cv: unknown }).cv)
  return loading
}

let picture: Picture | undefined
let scissors: Scissors | undefined
let followed: { box: Rect; mil: MilTracker | null } | undefined

const readPixels = (bitmap: ImageBitmap): Picture => {
  const { width, height } = bitmap
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!
  context.drawImage(bitmap, 0, 0)
  bitmap.close()
  return context.getImageData(0, 0, width, height)
}

const requirePicture = (): Picture => {
  if (!picture) throw new Error('No picture is shown')
  return picture
}

const show = (bitmap: ImageBitmap): Picture => {
  scissors?.close()
  scissors = undefined
  picture = readPixels(bitmap)
  return picture
}

const moveBox = ({ x, y, width, height }: Rect, dx: number, dy: number, scale: number): Rect => ({
  x: x + dx - (width * (scale - 1)) / 2,
  y: y + dy - (height * (scale - 1)) / 2,
  width: width * scale,
  height: height * scale,
})

/** What is done without OpenCV, which takes a second or two to load. */
const plainHandlers: { [O in 'show' | 'regions']: (values: Operations[O]['ask']) => Operations[O]['answer'] } = {
  show: (values) => {
    show(values.picture)
    return null
  },
  regions: (wish) => {
    // Pixels of a canvas cannot be spread: their fields are of the prototype.
    const { data, width, height } = requirePicture()
    return computeSuperpixels({ data, width, height, channels: 4 }, wish)
  },
}

const handlers: {
  [O in Exclude<Operation, keyof typeof plainHandlers>]: (cv: Cv, values: Operations[O]['ask']) => Operations[O]['answer']
} = {
  seed: (cv, { x, y }) => {
    scissors ??= openScissors(cv, requirePicture())
    scissors.seed(x, y)
    return null
  },
  path: (_, { x, y, tolerance }) => scissors?.findPath(x, y, tolerance) ?? [],
  cut: (cv, wish) => grabCut(cv, requirePicture(), wish),
  follow: (cv, { box, method }) => {
    followed?.mil?.close()
    followed = { box, mil: method === 'mil' ? openMilTracker(cv, requirePicture(), box) : null }
    return null
  },
  next: (cv, values) => {
    if (!followed) throw new Error('Nothing is followed')
    const before = requirePicture()
    const after = show(values.picture)
    const motion = followed.mil ? followed.mil.follow(after) : followByFlow(cv, before, after, followed.box)
    if (motion) followed.box = moveBox(followed.box, motion.dx, motion.dy, motion.scale)
    return motion
  },
}

const answer = async (ask: Ask): Promise<Answer> => {
  try {
    const { id, operation, values } = ask
    if (operation in plainHandlers) {
      const handle = plainHandlers[operation as keyof typeof plainHandlers] as (
        values: unknown,
      ) => Operations[Operation]['answer']
      return { id, value: handle(values) }
    }
    const handle = handlers[operation as keyof typeof handlers] as (cv: Cv, values: unknown) => Operations[Operation]['answer']
    return { id, value: handle(await loadCv(), values) }
  } catch (error) {
    return { id: ask.id, problem: error instanceof Error ? error.message : `OpenCV failed (${String(error)})` }
  }
}

let last: Promise<void> = Promise.resolve()
self.onmessage = (event: MessageEvent<Ask>) => {
  last = last.then(async () => self.postMessage(await answer(event.data)))
}
