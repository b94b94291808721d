// Segment Anything: the encoder looks at the picture once, the decoder answers each prompt from what it saw.
import { encodeMask } from '../../../../formats/geometry/mask'
import {
  chooseDecoderOutputs,
  feedPrompt,
  type Prompt,
  type PromptFacts,
  readPromptedMask,
} from '../../../../formats/geometry/prompted-masks'
import type { Drawn } from '../../contract'
import { fitPicture } from '../fit'
import { ModelError } from '../model-error'
import { fillInput, type Pixels, shapeInput } from '../pixels'
import { type RawTensor, type Session, toFeed, toNumbers } from '../sessions'
import type { ModelSpec } from '../spec'

/** What the decoder takes from a picture, by the names of its inputs. */
export type Embedding = { tensors: Record<string, RawTensor>; facts: PromptFacts }

export const embedPicture = async (encoder: Session, spec: ModelSpec, pixels: Pixels): Promise<Embedding> => {
  const { input } = spec
  const fit = fitPicture(pixels, input, input.fit)
  const filled = input.isExact ? { ...input, width: fit.width, height: fit.height } : input
  const fed = toFeed(input, { dims: shapeInput(filled), data: fillInput(pixels, fit, filled) })
  const seen = await encoder.run({ [input.name]: fed })
  const tensors = Object.entries(spec.decoder!.embeddings).map(([to, from]): [string, RawTensor] => {
    if (!seen[from]) throw new ModelError(`has an encoder without the output ${from}`)
    return [to, seen[from]]
  })
  const { scaleX, scaleY, left, top } = fit
  return {
    tensors: Object.fromEntries(tensors),
    facts: {
      picture: { width: pixels.width, height: pixels.height },
      input: { width: input.width, height: input.height },
      fit: { scaleX, scaleY, left, top },
    },
  }
}

/** Bytes that an embedding keeps. */
export const measureEmbedding = ({ tensors }: Embedding) =>
  Object.values(tensors).reduce((sum, { data }) => sum + (data as Float32Array).byteLength, 0)

export const answerPrompt = async (
  decoder: Session,
  spec: ModelSpec,
  { tensors, facts }: Embedding,
  prompt: Prompt,
): Promise<Drawn[]> => {
  const inputs = spec.decoder!.inputs
  const orRefuse = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      throw error instanceof RangeError ? new ModelError(`cannot answer: ${error.message}`) : error
    }
  }
  const fed = Object.entries(orRefuse(() => feedPrompt(inputs, prompt, facts))).map(([name, feed]): [string, RawTensor] => [
    name,
    toFeed(inputs.find((input) => input.name === name)!, feed),
  ])
  const answered = await decoder.run(
    { ...tensors, ...Object.fromEntries(fed) },
    chooseDecoderOutputs(decoder.outputs.map(({ name }) => name)),
  )
  const outputs = Object.entries(answered).map(([name, output]) => [name, toNumbers(name, output)])
  const { mask, score } = orRefuse(() => readPromptedMask(Object.fromEntries(outputs), facts))
  const points = encodeMask(mask)
  return points ? [{ type: 'mask', points, score }] : []
}
