// Writes ImageNet: the pictures by label or, without pictures, a list per subset.

import type { WriteOptions } from '../format'
import { listTags, nameItem, nameItemExtension, noLabel, numberLabels } from '../image-tags'
import { createTextFiles } from '../io/text-files'
import type { ArchiveEntry } from '../io/zip-writer'
import { nameItemFile } from '../item-file'
import type { Dataset, Item } from '../model'

export async function* write(dataset: Dataset, options: WriteOptions): AsyncGenerator<ArchiveEntry> {
  const labels = numberLabels(dataset.labels)
  const files = createTextFiles(options.tempDir)
  try {
    files.append('synsets.txt', [...labels.values()].map(({ label }) => `${label.name}\n`).join(''))
    const written = new Set<string>()
    for await (const item of dataset.items) {
      const tags = listTags(item, labels)
      if (options.saveImages && item.media) {
        const folders = tags.length > 0 ? tags.map(({ label }) => label.name) : [noLabel]
        for (const folder of new Set(folders)) {
          const name = placePicture(item, folder)
          if (written.has(name)) continue
          written.add(name)
          yield { name, content: await item.media.read(), store: true }
        }
      }
      const numbers = [...new Set(tags.map(({ number }) => number))]
      files.append(`${item.subset || 'default'}.txt`, `${quoteFile(item)} ${numbers.join(' ')}\n`)
    }
    if (!options.saveImages) yield* files.entries()
  } finally {
    files.dispose()
  }
}

/** A frame that lies in its label's folder already stays there. */
function placePicture(item: Item, folder: string): string {
  const file = nameItemFile(item)
  return file.startsWith(`${folder}/`) ? file : `${folder}/${file}`
}

function quoteFile(item: Item): string {
  const id = nameItem(item)
  return (/\s/.test(id) ? `"${id}"` : id) + nameItemExtension(item)
}
