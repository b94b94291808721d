// Small XML answers as a tree.
import { readXml } from '../../formats/io/xml-reader'
import { StorageError } from './name'

export type XmlNode = { name: string; text: string; attributes: Record<string, string>; children: XmlNode[] }

async function* once(bytes: Uint8Array) {
  yield bytes
}

/** The root element. Throws StorageError for what is no XML. */
export const readXmlTree = async (bytes: Uint8Array): Promise<XmlNode> => {
  const root: XmlNode = { name: '', text: '', attributes: {}, children: [] }
  const open = [root]
  try {
    for await (const events of readXml(once(bytes), { file: '' }))
      for (const event of events) {
        const top = open.at(-1)!
        if (event.kind === 'open') {
          const node: XmlNode = { name: event.name, text: '', attributes: event.attributes, children: [] }
          top.children.push(node)
          open.push(node)
        } else if (event.kind === 'text') top.text += event.text
        else open.pop()
      }
  } catch (error) {
    throw new StorageError(`The store's answer cannot be read: ${(error as Error).message}`)
  }
  if (!root.children[0]) throw new StorageError("The store's answer is empty")
  return root.children[0]
}

export const childrenOf = (node: XmlNode | undefined, name: string) => node?.children.filter((child) => child.name === name) ?? []
export const childOf = (node: XmlNode | undefined, name: string) => node?.children.find((child) => child.name === name)
export const textOf = (node: XmlNode | undefined, name: string) => childOf(node, name)?.text ?? ''
/** Code of an error answer, '' when it has none. */
export const errorCodeOf = async (bytes: Uint8Array) => {
  try {
    return textOf(await readXmlTree(bytes), 'Code')
  } catch {
    return ''
  }
}
