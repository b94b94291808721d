// File names of frames inside archives.

import { dropExtension } from './match'
import type { Item } from './model'

/** The file of a frame: its name in the task; frames of a video, which have no extension there, become `.PNG`. */
export function nameItemFile(item: Pick<Item, 'name' | 'media'>): string {
  return dropExtension(item.name) === item.name ? `${item.name}${item.media?.extension || '.PNG'}` : item.name
}
