// Pictures that accompany the point cloud of a frame.

import type { Item, ItemMedia } from './model'

/** A picture beside a frame: its file name without folder but with extension, and its bytes. */
export type RelatedImage = { name: string; read: ItemMedia['read'] }

/** A frame that may come with further pictures. */
export type ItemWithRelated = Item & { related?: readonly RelatedImage[] }

/** The pictures beside a frame, by name. */
export function listRelatedImages(item: ItemWithRelated): RelatedImage[] {
  return (item.related ?? []).toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

/** `.jpg`, or nothing. */
export function extensionOf(name: string): string {
  return /\.[^./]+$/.exec(name)?.[0] ?? ''
}
