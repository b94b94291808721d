// Reads CVAT's XML, whether it holds images or tracks.

import type { Finding, ReadContext } from '../format'
import { FormatError } from '../format-error'
import type { DatasetFile, DatasetFiles } from '../io/dataset-files'
import { readXml, type XmlEvent } from '../io/xml-reader'
import { createElementReader, type ElementReader } from './read-elements'

export async function detect(files: DatasetFiles): Promise<boolean> {
  for (const file of listXml(files)) {
    try {
      const seen: string[] = []
      for await (const events of readXml(file.stream(), { file: file.name })) {
        for (const event of events) if (event.kind === 'open' && seen.length < 2) seen.push(event.name)
        if (seen.length === 2) break
      }
      if (seen[0] === 'annotations') return true
    } catch {
      // Some other file; the next one may be ours.
    }
  }
  return false
}

export async function* read(context: ReadContext): AsyncGenerator<Finding> {
  const files = listXml(context.files)
  if (files.length === 0) throw new FormatError('Dataset must contain a file: "annotations.xml"')
  for (const file of files) yield* readFile(file, context)
}

function listXml(files: DatasetFiles): readonly DatasetFile[] {
  return files.bare ? files.list : files.list.filter(({ name }) => /\.xml$/i.test(name))
}

/** Elements below the root that hold no annotations. */
const passedOver = new Set(['version', 'meta'])

async function* readFile(file: DatasetFile, context: ReadContext): AsyncGenerator<Finding> {
  let depth = 0
  let skipBelow = 0
  const reader = createElementReader(file.name, context)
  for await (const events of readXml(file.stream(), { file: file.name })) {
    for (const event of events) {
      if (event.kind === 'open') {
        depth++
        if (depth === 1) checkRoot(event, file)
        else if (depth === 2 && passedOver.has(event.name)) skipBelow = depth
      }
      if (skipBelow === 0 && depth > 1) passEvent(reader, event)
      if (event.kind === 'close') {
        if (depth === skipBelow) skipBelow = 0
        depth--
      }
    }
    yield* reader.takeFindings()
  }
}

function checkRoot({ name, line }: Extract<XmlEvent, { kind: 'open' }>, file: DatasetFile): void {
  if (name === 'annotations') return
  throw new FormatError(`This is not a CVAT file: its root is <${name}>, not <annotations>`, {
    file: file.name || undefined,
    line,
  })
}

function passEvent(reader: ElementReader, event: XmlEvent): void {
  if (event.kind === 'open') reader.open(event.name, event.attributes, event.line)
  else if (event.kind === 'text') reader.text(event.text)
  else reader.close(event.name, event.line)
}
