// Writes ICDAR Recognition: the words of every picture in one list per subset.

import type { WriteOptions } from '../format'
import { numberLabels } from '../image-tags'
import { createTextFiles } from '../io/text-files'
import type { ArchiveEntry } from '../io/zip-writer'
import { nameItemFile } from '../item-file'
import type { Dataset } from '../model'
import { findText } from './words'

export async function* writeRecognition(dataset: Dataset, options: WriteOptions): AsyncGenerator<ArchiveEntry> {
  const labels = numberLabels(dataset.labels)
  const files = createTextFiles(options.tempDir)
  let isEmpty = true
  try {
    for await (const item of dataset.items) {
      isEmpty = false
      const [subset, file] = [item.subset || 'default', nameItemFile(item)]
      const words = [...item.tags, ...item.shapes].flatMap(({ label_id, attributes }) => {
        const known = labels.get(label_id)
        const text = known && findText(known.label, attributes)
        return text === undefined ? [] : [`"${text}"`]
      })
      files.append(`${subset}/gt.txt`, `${file}, ${words.join('')}\n`)
      if (options.saveImages && item.media) {
        yield { name: `${subset}/images/${file}`, content: await item.media.read(), store: true }
      }
    }
    if (isEmpty) files.append('default/gt.txt', '')
    yield* files.entries()
  } finally {
    files.dispose()
  }
}
