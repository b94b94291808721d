// Frames and their tags as the formats of classified pictures see them.

import { nameItemFile } from './item-file'
import { dropExtension } from './match'
import type { Item, Label, Tag } from './model'
import { listLabels, sortLabelAttributes } from './typed-attributes'

export type NumberedLabel = { label: Label; number: number }
export type NumberedLabels = ReadonlyMap<number, NumberedLabel>

/** The labels and sub labels by id, numbered from 0 in their order. */
export function numberLabels(labels: readonly Label[]): NumberedLabels {
  return new Map(listLabels(sortLabelAttributes(labels)).map(({ label }, number) => [label.id, { label, number }]))
}

/** The tags of a frame with their labels; the order is that of the frame. */
export function listTags(item: Item, labels: NumberedLabels): (NumberedLabel & { tag: Tag })[] {
  return item.tags.flatMap((tag) => {
    const known = labels.get(tag.label_id)
    return known ? [{ ...known, tag }] : []
  })
}

/** Name of a frame without extension: its id in a dataset. */
export function nameItem(item: Pick<Item, 'name'>): string {
  return dropExtension(item.name)
}

/** The extension of a frame's file, with its dot. */
export function nameItemExtension(item: Pick<Item, 'name' | 'media'>): string {
  return nameItemFile(item).slice(nameItem(item).length)
}

/** The folder of frames without label. */
export const noLabel = 'no_label'
