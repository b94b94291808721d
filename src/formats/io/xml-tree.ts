// Reads a small XML file as a tree.

import { FormatError } from '../format-error'
import type { DatasetFile } from './dataset-files'
import { parseNumber } from './text-lines'
import { readXml } from './xml-reader'

export type XmlNode = {
  name: string
  attributes: Record<string, string>
  text: string
  children: XmlNode[]
  line: number
  file: string
}

/** Throws FormatError for malformed XML and for files above `limitBytes`. */
export async function readXmlTree(file: DatasetFile, limitBytes = 1 << 27): Promise<XmlNode> {
  if (file.size > limitBytes) throw new FormatError(`is larger than ${limitBytes} bytes`, { file: file.name })
  const root: XmlNode = { name: '', attributes: {}, text: '', children: [], line: 0, file: file.name }
  const open = [root]
  for await (const events of readXml(file.stream(), { file: file.name })) {
    for (const event of events) {
      const node = open.at(-1)!
      if (event.kind === 'open') {
        const child: XmlNode = {
          name: event.name,
          attributes: event.attributes,
          text: '',
          children: [],
          line: event.line,
          file: file.name,
        }
        node.children.push(child)
        open.push(child)
      } else if (event.kind === 'text') node.text += event.text
      else open.pop()
    }
  }
  const [top] = root.children
  if (!top) throw new FormatError('The XML is empty', { file: file.name })
  return top
}

export function findChild(node: XmlNode, name: string): XmlNode | undefined {
  return node.children.find((child) => child.name === name)
}

export function listChildren(node: XmlNode, name: string): XmlNode[] {
  return node.children.filter((child) => child.name === name)
}

/** The trimmed text of a child; nothing when there is no such child. */
export function getText(node: XmlNode, name: string): string | undefined {
  return findChild(node, name)?.text.trim()
}

/** Throws FormatError when the child is missing. */
export function requireText(node: XmlNode, name: string): string {
  const text = getText(node, name)
  if (text === undefined) throw new FormatError('is missing', { ...placeOf(node), field: name })
  return text
}

/** Throws FormatError when the child is missing or holds no finite number. */
export function requireNumber(node: XmlNode, name: string): number {
  const text = requireText(node, name)
  const number = parseNumber(text)
  if (number === undefined) throw new FormatError(`'${text}' is not a finite number`, { ...placeOf(node), field: name })
  return number
}

export function placeOf({ file, line }: XmlNode): { file: string; line: number } {
  return { file, line }
}
