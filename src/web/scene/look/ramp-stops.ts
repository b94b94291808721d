// The colours of the ramps, at equal distances from the lowest to the highest value.
import type { RampName } from './cloud-aids'

/** All begin light enough to be seen on the dark backdrop. */
const stops: Readonly<Record<RampName, string>> = {
  viridis: '5a3d9a 4a60b8 3c7fb8 2f97a8 27ad96 3cc07a 74d055 b5de2b fde725',
  turbo: '5a4bd0 4675ed 39a2fc 1bcfd4 24eca6 61fc6c a4fc3b d1e834 f3c63a fe9b2d f36315 d93806',
  plasma: '5b2fc0 8a2fc0 ae3aa8 cc4778 e16462 f2844b fca636 fcce25 f0f921',
  grey: '4a4f57 8a9099 c6cbd2 ffffff',
}

export const listStops = (name: RampName): string[] => stops[name].split(' ').map((hex) => `#${hex}`)
