// Numbers that go into models and come out of them.

import { ModelError } from './model-error'
import type { ValueInfo } from './model-file'

/** Row-major; whatever the model's own type was. */
export type Numbers = { dims: readonly number[]; data: Float32Array }

export const showShape = (dims: readonly (number | string)[]) => `[${dims.map((size) => size || '?').join(', ')}]`
export const showValue = ({ name, type, shape }: ValueInfo) => `${name}: ${type} ${showShape(shape)}`

/** An output without its leading sizes of 1, down to `rank` sizes. Throws ModelError for more than one picture. */
export const dropBatch = ({ dims, data }: Numbers, rank: number, what: string): Numbers => {
  const extra = dims.length - rank
  if (extra < 0 || dims.slice(0, extra).some((size) => size !== 1))
    throw new ModelError(
      `gave ${what} of the shape ${showShape(dims)}; expected ${rank} sizes after that of the batch, which is 1`,
    )
  return { dims: dims.slice(extra), data }
}
