// A skeleton as points and edges in percent of its picture; read from and written to the SVG that labels carry.
import { t } from './i18n/message'
import type { Attribute } from './labels'

export type SkeletonPoint = { id?: number; name: string; color: string; x: number; y: number; attributes: Attribute[] }
/** By the places of points in the list. */
export type Edge = readonly [from: number, to: number]
export type Drawing = { points: SkeletonPoint[]; edges: Edge[] }

const escapeText = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
const round = (value: number) => Number(value.toFixed(3))

/** Lines first, so that the points lie on them; numbers of nodes count from 1. */
export const writeDrawing = ({ points, edges }: Drawing): string => {
  const lines = edges.map(([from, to]) => {
    const [a, b] = [points[from]!, points[to]!]
    return `<line x1="${round(a.x)}" y1="${round(a.y)}" x2="${round(b.x)}" y2="${round(b.y)}" data-type="edge" data-node-from="${from + 1}" data-node-to="${to + 1}"></line>`
  })
  const circles = points.map(
    ({ name, x, y }, i) =>
      `<circle r="0.75" cx="${round(x)}" cy="${round(y)}" data-type="element node" data-element-id="${i + 1}" data-node-id="${i + 1}" data-label-name="${escapeText(name)}"></circle>`,
  )
  return [...lines, ...circles].join('')
}

const numberOf = (element: Element, name: string): number => {
  const value = Number(element.getAttribute(name) ?? Number.NaN)
  if (!Number.isFinite(value))
    throw new Error(t('The drawing has a {tagName} without a number for {name}.', { tagName: element.tagName, name }))
  return value
}

type Known = { id?: number; name: string; color?: string; attributes?: Attribute[] }

/**
 * Reads circles as points and lines as edges, whatever wraps them. `known` are sublabels that circles may name by
 * `data-label-id` or their place. Throws Error in words for what is no skeleton.
 */
export const readDrawing = (svg: string, known: readonly Known[] = []): Drawing => {
  const text = /<svg[\s>]/i.test(svg) ? svg : `<svg xmlns="http://www.w3.org/2000/svg">${svg}</svg>`
  const page = new DOMParser().parseFromString(text, 'image/svg+xml')
  if (page.querySelector('parsererror')) throw new Error(t('This is not an SVG file.'))
  const circles = [...page.querySelectorAll('circle')]
  if (!circles.length) throw new Error(t('The drawing has no points: a skeleton is made of circles and lines.'))
  const places = new Map<string, number>()
  const points = circles.map((circle, i): SkeletonPoint => {
    places.set(circle.getAttribute('data-node-id') ?? String(i + 1), i)
    const labelId = Number(circle.getAttribute('data-label-id') ?? Number.NaN)
    const given = circle.getAttribute('data-label-name')
    const label = known.find(({ id }) => id === labelId) ?? known.find(({ name }) => name === given) ?? known[i]
    return {
      ...(label?.id !== undefined && { id: label.id }),
      name: label?.name ?? given ?? String(i + 1),
      color: label?.color ?? '#2563eb',
      x: numberOf(circle, 'cx'),
      y: numberOf(circle, 'cy'),
      attributes: label?.attributes ?? [],
    }
  })
  const edges = [...page.querySelectorAll('line')].map((line): Edge => {
    const [from, to] = ['data-node-from', 'data-node-to'].map((name) => places.get(line.getAttribute(name) ?? ''))
    if (from === undefined || to === undefined) throw new Error(t('The drawing has a line that joins no two points.'))
    return [from, to]
  })
  return {
    points,
    edges: edges.filter(([from, to], i) => from !== to && !edges.slice(0, i).some((one) => isSame(one, [from, to]))),
  }
}

export const isSame = (a: Edge, b: Edge) => (a[0] === b[0] && a[1] === b[1]) || (a[0] === b[1] && a[1] === b[0])

/** Without a point, and without the edges that ended there. */
export const withoutPoint = ({ points, edges }: Drawing, at: number): Drawing => {
  const shift = (place: number) => (place > at ? place - 1 : place)
  return {
    points: points.toSpliced(at, 1),
    edges: edges.filter((edge) => !edge.includes(at)).map(([from, to]) => [shift(from), shift(to)] as const),
  }
}

/** A name that no point has: the next number. */
export const nextName = (points: readonly SkeletonPoint[]): string => {
  const taken = new Set(points.map(({ name }) => name))
  let n = points.length + 1
  while (taken.has(String(n))) n++
  return String(n)
}
