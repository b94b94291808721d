// Which output of a model is which.
import { ModelError } from '../model-error'
import type { ModelSpec } from '../spec'
import { type Numbers, showShape } from '../tensor'

export type Outputs = Record<string, Numbers>

/** The output that the model file names for a meaning, else the first that fits. */
export const findOutput = (
  spec: Pick<ModelSpec, 'named'>,
  outputs: Outputs,
  meaning: string,
  fits: (output: Numbers, name: string) => boolean,
): Numbers => {
  const name = spec.named[meaning]
  const found = name === undefined ? Object.entries(outputs).find(([key, output]) => fits(output, key))?.[1] : outputs[name]
  if (found) return found
  const there = Object.entries(outputs).map(([key, { dims }]) => `${key} ${showShape(dims)}`)
  throw new ModelError(
    `has no output for ${meaning}${name === undefined ? '' : ` called "${name}"`}; there are ${there.join(', ')}`,
  )
}
