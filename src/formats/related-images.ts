// Pictures that accompany the point cloud of a frame.

import type { Item, RelatedImage } from './model'

/** The pictures beside a frame, by name. */
export function listRelatedImages(item: Item): RelatedImage[] {
  return (item.related ?? []).toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

/** `.jpg`, or nothing. */
export function extensionOf(name: string): string {
  return /\.[^./]+$/.exec(name)?.[0] ?? ''
}
