// The numbers of SemanticKITTI's classes, and those that labels with other names get.
import type { Label } from '../model'

/** As in semantic-kitti.yaml of the dataset's own tools. */
export const semanticKittiClasses: ReadonlyMap<string, number> = new Map([
  ['unlabeled', 0],
  ['outlier', 1],
  ['car', 10],
  ['bicycle', 11],
  ['bus', 13],
  ['motorcycle', 15],
  ['on-rails', 16],
  ['truck', 18],
  ['other-vehicle', 20],
  ['person', 30],
  ['bicyclist', 31],
  ['motorcyclist', 32],
  ['road', 40],
  ['parking', 44],
  ['sidewalk', 48],
  ['other-ground', 49],
  ['building', 50],
  ['fence', 51],
  ['other-structure', 52],
  ['lane-marking', 60],
  ['vegetation', 70],
  ['trunk', 71],
  ['terrain', 72],
  ['pole', 80],
  ['traffic-sign', 81],
  ['other-object', 99],
  ['moving-car', 252],
  ['moving-bicyclist', 253],
  ['moving-person', 254],
  ['moving-motorcyclist', 255],
  ['moving-on-rails', 256],
  ['moving-bus', 257],
  ['moving-truck', 258],
  ['moving-other-vehicle', 259],
])

/** First number of labels that the dataset does not know. */
const firstOwn = 1000

/** Label → number: the dataset's own where it has the name, else a free one. */
export const numberLabels = (labels: readonly Label[]): Map<string, number> => {
  const numbers = new Map<string, number>()
  let own = firstOwn
  for (const { name } of labels) numbers.set(name, semanticKittiClasses.get(name) || own++)
  return numbers
}
