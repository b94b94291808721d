// Functions that come with the server: superpixels here; those of OpenCV run in the editor, and are listed so that people find them.
import { encodeMask } from '../../../formats/geometry/mask'
import { pickRegions, type Regions } from '../../../formats/geometry/slic'
import { shrinkPixels } from '../../../formats/geometry/superpixels'
import { readPixels } from '../../media/read-pixels'
import { type CallOf, type Drawn, FunctionError, type FunctionInfo, type Provider } from '../contract'
import { builtInWords } from '../words'
import { cutSlowly } from './cut-slowly'

const base: Pick<FunctionInfo, 'provider' | 'labels' | 'version'> = { provider: 'built-in', labels: [], version: 1 }

const superpixels: FunctionInfo = {
  ...base,
  id: 'annolith.superpixels',
  name: 'Superpixels',
  description: builtInWords['annolith.superpixels'],
  kind: 'interactor',
  runs: 'server',
  interaction: { minPositivePoints: 1, minNegativePoints: 0, startsWithBox: false, boxIsOptional: false },
}

const inEditor = (
  id: string,
  name: string,
  description: string,
  more: Pick<FunctionInfo, 'kind' | 'interaction' | 'shapeTypes'>,
): FunctionInfo => ({
  ...base,
  id,
  name,
  description,
  runs: 'browser',
  ...more,
})

const listed: FunctionInfo[] = [
  superpixels,
  inEditor('opencv.scissors', 'Intelligent scissors', builtInWords['opencv.scissors'], {
    kind: 'interactor',
    interaction: { minPositivePoints: 1, minNegativePoints: -1, startsWithBox: false, boxIsOptional: false },
  }),
  inEditor('opencv.grabcut', 'GrabCut', builtInWords['opencv.grabcut'], {
    kind: 'interactor',
    interaction: { minPositivePoints: 0, minNegativePoints: 0, startsWithBox: true, boxIsOptional: false },
  }),
  inEditor('opencv.tracker-mil', 'Tracker MIL', builtInWords['opencv.tracker-mil'], {
    kind: 'tracker',
    shapeTypes: ['rectangle'],
  }),
  inEditor('opencv.tracker-flow', 'Optical flow', builtInWords['opencv.tracker-flow'], {
    kind: 'tracker',
    shapeTypes: ['rectangle', 'polygon', 'polyline', 'points'],
  }),
]

/** Pictures are looked at with sides of at most this many pixels; more would only make smaller regions. */
const longestSide = 1000
const step = 24

type Cut = { regions: Regions; width: number; height: number }
/** The last pictures, since clicks on one follow each other. Undone work is shared. */
const kept = new Map<string, Promise<Cut>>()
const maxKept = 4

const cutPicture = async ({ image }: Pick<CallOf<'interact'>, 'image'>): Promise<Cut> => {
  const small = shrinkPixels({ ...(await readPixels(await image.read())), channels: 3 }, longestSide)
  return { regions: await cutSlowly(small, step), width: small.width, height: small.height }
}

const findCut = (call: CallOf<'interact'>): Promise<Cut> => {
  const known = kept.get(call.image.key)
  if (known) return known
  const cut = cutPicture(call)
  kept.set(call.image.key, cut)
  cut.catch(() => kept.delete(call.image.key))
  if (kept.size > maxKept) kept.delete(kept.keys().next().value!)
  return cut
}

/** The picked pixels of the small picture as a mask of the whole one. */
const enlarge = (picked: Uint8Array, small: { width: number; height: number }, full: { width: number; height: number }) => {
  const data = new Uint8Array(full.width * full.height)
  for (let y = 0; y < full.height; y++) {
    const row = Math.floor((y * small.height) / full.height) * small.width
    if (picked.subarray(row, row + small.width).indexOf(1) < 0) continue
    for (let x = 0; x < full.width; x++) data[y * full.width + x] = picked[row + Math.floor((x * small.width) / full.width)]!
  }
  return encodeMask({ left: 0, top: 0, ...full, data })
}

const pick = async (call: CallOf<'interact'>): Promise<Drawn[]> => {
  const { image, positive, negative } = call
  const inside = ([x, y]: readonly [number, number]) => x >= 0 && y >= 0 && x < image.width && y < image.height
  if (!positive.some(inside)) throw new FunctionError('input', 'A click on the picture is needed.')
  const { regions, width, height } = await findCut(call)
  const toSmall = ([x, y]: readonly [number, number]): [number, number] => [
    Math.min(width - 1, (x * width) / image.width),
    Math.min(height - 1, (y * height) / image.height),
  ]
  const picked = pickRegions(regions, width, positive.filter(inside).map(toSmall), negative.filter(inside).map(toSmall))
  const points = enlarge(picked, { width, height }, image)
  return points ? [{ type: 'mask', points }] : []
}

export const builtInProvider: Provider = {
  name: 'built-in',
  list: async () => listed,
  call: async (info, call) => {
    if (info.id === superpixels.id && call.do === 'interact') return (await pick(call as CallOf<'interact'>)) as never
    throw new FunctionError('input', `"${info.name}" cannot do that.`)
  },
}
