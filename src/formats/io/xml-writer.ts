// Writes XML with two-space indent, piece by piece.

export type XmlWriter = {
  /** `<name a="…">`, with what follows inside until `close`. */
  open(name: string, attributes?: Readonly<Record<string, string | number>>): void
  close(): void
  /** `<name a="…">text</name>` on one line. */
  leaf(name: string, text: string | number, attributes?: Readonly<Record<string, string | number>>): void
  /** The text since the last call. */
  take(): string
}

export const xmlDeclaration = '<?xml version="1.0" encoding="utf-8"?>\n'

/** A writer whose elements lie below `depth` elements written elsewhere. */
export function createXmlWriter(depth = 0): XmlWriter {
  let text = ''
  const names: string[] = []
  let indent = '  '.repeat(depth)
  return {
    open: (name, attributes) => {
      text += `${indent}<${name}${formatAttributes(attributes)}>\n`
      names.push(name)
      indent += '  '
    },
    close: () => {
      indent = indent.slice(2)
      text += `${indent}</${names.pop()}>\n`
    },
    leaf: (name, content, attributes) => {
      text += `${indent}<${name}${formatAttributes(attributes)}>${escapeText(String(content))}</${name}>\n`
    },
    take: () => {
      const taken = text
      text = ''
      return taken
    },
  }
}

function formatAttributes(attributes: Readonly<Record<string, string | number>> | undefined): string {
  let text = ''
  for (const name in attributes) text += ` ${name}="${escapeAttribute(String(attributes[name]))}"`
  return text
}

const forbidden = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g
const needsTextEscape = /[&<>\r\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/
const needsAttributeEscape = /[&<>"\0-\x1f\ufffe\uffff]/

/** Characters that XML cannot hold are left out; line ends survive a reader's normalisation. */
export function escapeText(text: string): string {
  if (!needsTextEscape.test(text)) return text
  return text.replace(forbidden, '').replace(/[&<>\r]/g, (character) => entities[character]!)
}

export function escapeAttribute(text: string): string {
  if (!needsAttributeEscape.test(text)) return text
  return text.replace(forbidden, '').replace(/[&<>"\t\n\r]/g, (character) => entities[character]!)
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
}
