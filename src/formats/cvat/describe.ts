// What the <meta> block of CVAT's XML says: labels with their attributes, and the size of a video.

import type { DeclaredLabel, Description } from '../format'
import type { DatasetFile, DatasetFiles } from '../io/dataset-files'
import { readXml, type XmlEvent } from '../io/xml-reader'
import { type AttributeInput, attributeInputs, type LabelType, labelTypes } from '../model'

type Attribute = NonNullable<DeclaredLabel['attributes']>[number]

/** The first file with such a block decides. Throws FormatError for malformed XML. */
export async function describe(files: DatasetFiles): Promise<Description> {
  const listed = files.bare ? files.list : files.list.filter(({ name }) => /\.xml$/i.test(name))
  for (const file of listed) {
    const found = await describeFile(file)
    if (found.labels.length > 0) return found
  }
  return { labels: [] }
}

async function describeFile(file: DatasetFile): Promise<Description> {
  const meta = createMetaReader()
  for await (const events of readXml(file.stream(), { file: file.name })) {
    for (const event of events) if (!meta.feed(event)) return meta.finish()
  }
  return meta.finish()
}

type Found = DeclaredLabel & { parent?: string; attributes: Attribute[] }

function createMetaReader() {
  const path: string[] = []
  const labels: Found[] = []
  const facts = new Map<string, string>()
  let text = ''
  const take = (name: string, parent: string | undefined) => {
    const label = labels.at(-1)
    const attribute = label?.attributes.at(-1)
    if (parent === 'label' && label) {
      if (name === 'name') label.name = text
      else if (name === 'color') label.color = text
      else if (name === 'type' && labelTypes.includes(text as LabelType)) label.type = text as LabelType
      else if (name === 'svg') label.svg = text
      else if (name === 'parent') label.parent = text
    } else if (parent === 'attribute' && attribute) {
      if (name === 'name') attribute.name = text
      else if (name === 'mutable') attribute.mutable = /^true$/i.test(text)
      else if (name === 'input_type' && attributeInputs.includes(text as AttributeInput))
        attribute.input_type = text as AttributeInput
      else if (name === 'default_value') attribute.default_value = text
      else if (name === 'values') attribute.values = text.split('\n')
    } else if (parent === 'original_size' || parent === 'task' || parent === 'job') facts.set(`${parent}.${name}`, text.trim())
  }
  /** False once the block is over. */
  const feed = (event: XmlEvent): boolean => {
    if (event.kind === 'text') text += event.text
    else if (event.kind === 'open') {
      if (path.length === 1 && event.name !== 'version' && event.name !== 'meta') return false
      path.push(event.name)
      text = ''
      if (event.name === 'label') labels.push({ name: '', attributes: [] })
      else if (event.name === 'attribute') labels.at(-1)?.attributes.push(emptyAttribute())
    } else {
      path.pop()
      take(event.name, path.at(-1))
      text = ''
      if (event.name === 'meta') return false
    }
    return true
  }
  const finish = (): Description => {
    const [width, height] = ['width', 'height'].map((name) => Number(facts.get(`original_size.${name}`)))
    const count = Number(facts.get('task.size') ?? facts.get('job.size'))
    return {
      labels: nestLabels(labels),
      ...(width && height ? { size: { width, height }, ...(Number.isSafeInteger(count) && { frameCount: count }) } : {}),
    }
  }
  return { feed, finish }
}

const emptyAttribute = (): Attribute => ({ name: '', mutable: false, input_type: 'text', default_value: '', values: [''] })

function nestLabels(labels: readonly Found[]): DeclaredLabel[] {
  const named = labels.filter(({ name }) => name !== '')
  return named
    .filter(({ parent }) => parent === undefined)
    .map(({ parent: _, ...label }) => {
      const sublabels = named.filter(({ parent }) => parent === label.name).map(({ parent: __, ...sublabel }) => sublabel)
      return sublabels.length > 0 ? { ...label, sublabels } : label
    })
}
