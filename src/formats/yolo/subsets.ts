// Names of subsets as the YOLO family writes them.

import { FormatError } from '../format-error'
import type { DatasetInfo } from '../model'

/**
 * Gives the name under which a subset is written: the default one is `train`, or joins a subset that is called so in other case.
 * Throws FormatError for names that mean something else in the files.
 */
export function createSubsetNamer(info: DatasetInfo, reserved: readonly string[]): (subset: string) => string {
  const known = [info, ...(info.tasks ?? [])].map(({ subset }) => subset)
  const train = known.find((subset) => subset.toLowerCase() === 'train') ?? 'train'
  return (subset) => {
    const name = subset === '' || subset === 'default' ? train : subset
    if (reserved.includes(name)) throw new FormatError(`A subset cannot be called '${name}' in this format`)
    return name
  }
}
