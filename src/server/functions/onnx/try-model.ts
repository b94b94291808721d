// Shows what a model says about a picture, without a task: for the command line and for trying out.
import { basename, dirname } from 'node:path'
import { probeImage } from '../../media/media'
import { MediaError } from '../../media/task-media'
import { type Drawn, type Found, type FrameImage, FunctionError, type GivenShape } from '../contract'
import { type GoodVersion, isGood, listModels } from './catalogue'
import { ModelError } from './model-error'
import { askModel } from './provider'
import { kindOfFamily } from './spec'

/** A model file that is not among the models, described as if it were; its YAML and partner are looked for beside it. */
export const describeTry = async (file: string): Promise<GoodVersion> => {
  const stem = basename(file).replace(/(\.(encoder|decoder))?\.onnx$/i, '')
  const model = (await listModels(dirname(file))).find(({ versions }) =>
    versions.some(({ paths }) => paths.some((path) => basename(path) === basename(file))),
  )
  const version = model?.versions.find(({ paths }) => paths.some((path) => basename(path) === basename(file)))
  if (!version) throw new ModelError(`${file} does not exist, or "${stem}" is no name for a model`)
  if (!isGood(version)) throw new ModelError(version.problem)
  return version
}

/** What is asked besides the picture: the least score, and the place that an interactor is asked for (else the middle). */
export type TryOptions = { threshold: number | null; point: [x: number, y: number] | null }

/** What a model finds in a picture; a tracker gets the middle to follow. Throws FunctionError. */
export const askAboutPicture = async (
  model: GoodVersion,
  image: FrameImage,
  { threshold, point }: TryOptions,
  signal: AbortSignal,
): Promise<(Found | Drawn)[]> => {
  const { width, height } = image
  const kind = kindOfFamily[model.ref.spec.family]
  if (kind === 'interactor') {
    const positive: [number, number][] = [point ?? [width / 2, height / 2]]
    return askModel<'interact'>(model, { do: 'interact', image, positive, negative: [], box: null }, signal)
  }
  if (kind === 'tracker') {
    const shape: GivenShape = { type: 'rectangle', points: [width / 4, height / 4, (width * 3) / 4, (height * 3) / 4] }
    const started = await askModel<'start-tracking'>(model, { do: 'start-tracking', image, shapes: [shape] }, signal)
    const { shapes } = await askModel<'track'>(model, { do: 'track', image, states: started.states }, signal)
    return shapes.flatMap((followed) => followed ?? [])
  }
  return askModel<'detect'>(model, { do: 'detect', image, threshold }, signal)
}

/** The same for a picture file. Throws ModelError for a model or picture that cannot be used. */
export const tryModel = async (
  model: GoodVersion,
  path: string,
  threshold: number | null,
  signal = AbortSignal.timeout(600_000),
): Promise<(Found | Drawn)[]> => {
  if (!(await Bun.file(path).exists())) throw new ModelError(`${path} does not exist`)
  try {
    const { width, height } = await probeImage(path)
    const image = { key: `try ${path}`, width, height, read: () => Bun.file(path).bytes() }
    return await askAboutPicture(model, image, { threshold, point: null }, signal)
  } catch (error) {
    if (error instanceof MediaError) throw new ModelError(error.message)
    if (error instanceof FunctionError) throw new ModelError(error.message.replace(/\.$/, ''))
    throw error
  }
}
