// Writes the Ultralytics YOLO layout: data.yaml, a list of pictures per subset, and a text file per frame with objects.

import type { Format, WriteOptions } from '../format'
import { createTextFiles } from '../io/text-files'
import type { ArchiveEntry } from '../io/zip-writer'
import { nameItemFile } from '../item-file'
import { dropExtension } from '../match'
import type { Dataset, Item, Label } from '../model'
import { readSkeletonPlan } from '../skeleton-svg'
import { createSubsetNamer } from '../yolo/subsets'
import { type KeypointShape, type Kind, listClasses } from './kinds'

/** Keys of data.yaml that are no subsets. */
export const reservedKeys: readonly string[] = ['path', 'names', 'nc', 'kpt_shape', 'flip_idx', 'download', 'backup', 'classes']

export function createWriter(kind: Kind): NonNullable<Format['write']> {
  return (dataset, options) => writeKind(kind, dataset, options)
}

async function* writeKind(kind: Kind, dataset: Dataset, options: WriteOptions): AsyncGenerator<ArchiveEntry> {
  const nameSubset = createSubsetNamer(dataset.info, reservedKeys)
  const classes = listClasses(kind, dataset.labels)
  const keypoints: KeypointShape = [Math.max(0, ...classes.map((label) => readSkeletonPlan(label).sublabels.length)), 3]
  const numbered = new Map(classes.map((label, number) => [label.id, { label, number }]))
  const lists = createTextFiles(options.tempDir)
  const subsets = new Set<string>()
  try {
    for await (const item of dataset.items) {
      const subset = nameSubset(item.subset)
      subsets.add(subset)
      const file = nameItemFile(item)
      lists.append(`${subset}.txt`, `data/images/${subset}/${file}\n`)
      const content = formatItem(kind, item, numbered, keypoints)
      if (content !== '') yield { name: `labels/${subset}/${dropExtension(file)}.txt`, content }
      if (options.saveImages && item.media) {
        yield { name: `images/${subset}/${file}`, content: await item.media.read(), store: true }
      }
    }
    if (subsets.size === 0) {
      subsets.add('train')
      lists.append('train.txt', '')
    }
    yield* lists.entries()
    yield { name: 'data.yaml', content: formatYaml(kind, classes, subsets, keypoints) }
  } finally {
    lists.dispose()
  }
}

function formatItem(
  kind: Kind,
  item: Item,
  numbered: ReadonlyMap<number, { label: Label; number: number }>,
  keypoints: KeypointShape,
): string {
  let text = ''
  for (const shape of item.shapes) {
    const entry = numbered.get(shape.label_id)
    if (!entry) continue
    const track = kind.writesTracks && shape.track_id !== undefined ? ` ${shape.track_id}` : ''
    for (const fields of kind.format(shape, item, entry.label, keypoints)) text += `${entry.number} ${fields}${track}\n`
  }
  return text
}

/** Keys in alphabetic order. */
function formatYaml(kind: Kind, classes: readonly Label[], subsets: ReadonlySet<string>, [count, each]: KeypointShape): string {
  const names = classes.map(({ name }, number) => `  ${number}: ${quoteYaml(name)}\n`).join('')
  const entries: [key: string, text: string][] = [
    ['names', names === '' ? 'names: {}\n' : `names:\n${names}`],
    ['path', 'path: .\n'],
    ...[...subsets].map((subset): [string, string] => [subset, `${quoteYaml(subset)}: ${quoteYaml(`${subset}.txt`)}\n`]),
  ]
  if (kind.poses) entries.push(['kpt_shape', `kpt_shape: [${count}, ${each}]\n`])
  return entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, text]) => text)
    .join('')
}

/** Plain where no reader can take it for anything but text, else as JSON, which YAML understands. */
function quoteYaml(text: string): string {
  const isPlain = /^[A-Za-z][\w./ -]*\w$|^[A-Za-z]$/.test(text) && !/^(true|false|yes|no|on|off|null|y|n)$/i.test(text)
  return isPlain ? text : JSON.stringify(text)
}
