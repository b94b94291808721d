// Superpixels a few milliseconds at a time, so that the server answers others meanwhile.
import { type Regions, walkSuperpixels } from '../../../formats/geometry/slic'

/** What others wait for one turn at most, about. */
const turnMs = 8

export const cutSlowly = async (...wish: Parameters<typeof walkSuperpixels>): Promise<Regions> => {
  const walk = walkSuperpixels(...wish)
  for (;;) {
    const until = performance.now() + turnMs
    let step = walk.next()
    while (!step.done && performance.now() < until) step = walk.next()
    if (step.done) return step.value
    await new Promise((resolve) => setImmediate(resolve))
  }
}
