// The drawing of a skeleton: only its plain lines and circles are kept, and each circle names the sublabel that it stands for.
import { SaxesParser } from 'saxes'
import { invalid } from '../http/errors'

const number = /^-?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i
const colour = /^(#[0-9a-f]{3,8}|[a-z]{1,32})$/i
const count = /^\d{1,10}$/
const drawn = { stroke: colour, 'stroke-width': number, 'stroke-opacity': number, opacity: number }

/** What a drawing may hold: attributes by element, each with the form of its values. */
const allowed: Record<string, Record<string, RegExp>> = {
  line: {
    ...drawn,
    x1: number,
    y1: number,
    x2: number,
    y2: number,
    'data-type': /^edge$/,
    'data-node-from': count,
    'data-node-to': count,
  },
  circle: {
    ...drawn,
    r: number,
    cx: number,
    cy: number,
    fill: colour,
    'fill-opacity': number,
    'data-type': /^element node$/,
    'data-element-id': count,
    'data-node-id': count,
    'data-label-id': count,
    'data-label-name': /^[^\0]{1,64}$/,
  },
}
/** Elements that only wrap others: they go, what is in them stays. Everything else goes with all that is in it. */
const wrappers = new Set(['svg', 'g'])
const maxBytes = 1 << 20
const maxElements = 2000

/** `gap` is the blank space before the element. */
type Drawn = { gap: string; name: string; attributes: [string, string][] }

/** Lines and circles in the order of the drawing. Throws 400 naming `svg` for what is no drawing. */
const readDrawing = (svg: string): Drawn[] => {
  if (svg.length > maxBytes) throw invalid({ svg: `The drawing is longer than ${maxBytes} bytes.` })
  const parser = new SaxesParser({ fragment: true })
  const elements: Drawn[] = []
  let skipped = 0
  let gap = ''
  const refuse = (why: string) => invalid({ svg: `Not a drawing of lines and circles: ${why}.` })
  parser.on('error', () => {
    throw refuse('it is not well-formed')
  })
  parser.on('doctype', () => {
    throw refuse('it has a document type')
  })
  parser.on('text', (text) => {
    if (!skipped && /^\s*$/.test(text)) gap += text
  })
  parser.on('opentag', ({ name, attributes }) => {
    const forms = Object.hasOwn(allowed, name) ? allowed[name]! : undefined
    if (skipped || !(forms || wrappers.has(name))) {
      skipped++
      return
    }
    if (!forms) return
    if (elements.length === maxElements) throw refuse(`it has more than ${maxElements} elements`)
    const kept = Object.entries(attributes).filter(([key, value]) => Object.hasOwn(forms, key) && forms[key]!.test(value))
    elements.push({ gap, name, attributes: kept })
    gap = ''
  })
  parser.on('closetag', () => {
    if (skipped) skipped--
  })
  parser.write(svg).close()
  return elements
}

const escapeValue = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
const writeElement = ({ gap, name, attributes }: Drawn) =>
  `${gap}<${name}${attributes.map(([key, value]) => ` ${key}="${escapeValue(value)}"`).join('')}></${name}>`

/** A sublabel; `givenId` is how the client called it before it was stored. */
export type SkeletonElement = { id: number; name: string; givenId?: number }

const labelKeys = new Set(['data-label-id', 'data-label-name'])

/** A circle's sublabel by its name, else by its id, else by its number in the drawing, from 1. */
const findSublabel = ({ attributes }: Drawn, sublabels: readonly SkeletonElement[]): SkeletonElement | undefined => {
  const values = new Map(attributes)
  const id = Number(values.get('data-label-id') ?? Number.NaN)
  const place = Number(values.get('data-element-id') ?? values.get('data-node-id') ?? Number.NaN)
  return (
    sublabels.find(({ name }) => name === values.get('data-label-name')) ??
    sublabels.find((sublabel) => sublabel.id === id || sublabel.givenId === id) ??
    sublabels[place - 1]
  )
}

const nameSublabel = (element: Drawn, sublabels: readonly SkeletonElement[]): Drawn => {
  if (element.name !== 'circle') return element
  const sublabel = findSublabel(element, sublabels)
  const at = element.attributes.findIndex(([key]) => labelKeys.has(key))
  const rest = element.attributes.filter(([key]) => !labelKeys.has(key))
  const own: [string, string][] = sublabel ? [['data-label-id', String(sublabel.id)]] : []
  return { ...element, attributes: rest.toSpliced(at < 0 ? rest.length : at, 0, ...own) }
}

/**
 * The drawing without anything that could run, load or restyle, its circles tied to `sublabels` by `data-label-id`.
 * A clean drawing comes out as it went in. Throws 400 naming `svg` when it cannot be read.
 */
export const cleanSkeletonSvg = (svg: string, sublabels: readonly SkeletonElement[]): string =>
  readDrawing(svg)
    .map((element) => writeElement(nameSublabel(element, sublabels)))
    .join('')
