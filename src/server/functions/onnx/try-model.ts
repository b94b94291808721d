// Shows what a model says about a picture, without a task: for the command line and for trying out.
import { basename, dirname } from 'node:path'
import { probeImage } from '../../media/media'
import { MediaError } from '../../media/task-media'
import { type Drawn, type Found, FunctionError } from '../contract'
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

/**
 * What a model finds in a picture file. An interactor is asked for what lies in the middle; a tracker gets the middle to follow.
 * Throws ModelError for a model or picture that cannot be used.
 */
export const tryModel = async (
  model: GoodVersion,
  path: string,
  threshold: number | null,
  signal = AbortSignal.timeout(600_000),
): Promise<(Found | Drawn)[]> => {
  try {
    const { width, height } = await probeImage(path)
    const image = { key: `try ${crypto.randomUUID()}`, width, height, read: () => Bun.file(path).bytes() }
    const kind = kindOfFamily[model.ref.spec.family]
    if (kind === 'interactor')
      return await askModel<'interact'>(
        model,
        { do: 'interact', image, positive: [[width / 2, height / 2]], negative: [], box: null },
        signal,
      )
    if (kind === 'tracker') {
      const points = [width / 4, height / 4, (width * 3) / 4, (height * 3) / 4]
      const started = await askModel<'start-tracking'>(
        model,
        { do: 'start-tracking', image, shapes: [{ type: 'rectangle', points }] },
        signal,
      )
      const { shapes } = await askModel<'track'>(model, { do: 'track', image, states: started.states }, signal)
      return shapes.flatMap((shape) => shape ?? [])
    }
    return await askModel<'detect'>(model, { do: 'detect', image, threshold }, signal)
  } catch (error) {
    if (error instanceof MediaError) throw new ModelError(error.message)
    if (error instanceof FunctionError) throw new ModelError(error.message.replace(/\.$/, ''))
    if ((error as { code?: string }).code === 'ENOENT') throw new ModelError(`${path} does not exist`)
    throw error
  }
}
