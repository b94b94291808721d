// A list that keeps only the rows near the view in the DOM; rows may differ in height.
import { h } from './dom'

export type VirtualRow = { key: number; height: number }

export type RowView = { element: HTMLElement; update: () => void }

const overscanPx = 240
const restMs = 60

/** Top edges of rows, and below them the whole height. */
export const stackRows = (rows: readonly VirtualRow[]): { tops: Float64Array; height: number } => {
  const tops = new Float64Array(rows.length)
  let height = 0
  for (let i = 0; i < rows.length; i++) {
    tops[i] = height
    height += rows[i]!.height
  }
  return { tops, height }
}

/** First row whose bottom lies below `y`. */
export const findRow = (tops: Float64Array, y: number): number => {
  let low = 0
  let high = tops.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (tops[middle]! <= y) low = middle + 1
    else high = middle
  }
  return Math.max(low - 1, 0)
}

export class VirtualList {
  readonly element: HTMLElement
  private readonly space = h('div', { class: 'ed-list-space', role: 'list' })
  private rows: readonly VirtualRow[] = []
  private tops: Float64Array = new Float64Array(0)
  private timer: ReturnType<typeof setTimeout> | null = null
  private readonly shown = new Map<number, RowView>()

  constructor(
    label: string,
    private readonly make: (key: number) => RowView,
  ) {
    this.space.setAttribute('aria-label', label)
    this.element = h('div', { class: 'ed-list', on: { scroll: () => this.render(false) } }, this.space)
    new ResizeObserver(() => this.render(false)).observe(this.element)
  }

  setRows(rows: readonly VirtualRow[]): void {
    this.rows = rows
    const stack = stackRows(rows)
    this.tops = stack.tops
    this.space.style.height = `${stack.height}px`
    this.render(true)
  }

  /** Rows look different, heights are as before. */
  refresh(): void {
    this.render(true)
  }

  /** Brings a row into view, once it was the wanted one for a moment: a pointer that hurries over the picture names many. */
  scrollTo(key: number): void {
    if (this.timer) clearTimeout(this.timer)
    this.timer = setTimeout(() => this.scrollNow(key), restMs)
  }

  private scrollNow(key: number): void {
    const index = this.rows.findIndex((row) => row.key === key)
    if (index === -1) return
    const top = this.tops[index]!
    const bottom = top + this.rows[index]!.height
    const { scrollTop, clientHeight } = this.element
    if (top < scrollTop) this.element.scrollTop = top
    else if (bottom > scrollTop + clientHeight) this.element.scrollTop = bottom - clientHeight
    this.render(false)
  }

  private render(refresh: boolean): void {
    const from = this.element.scrollTop - overscanPx
    const to = this.element.scrollTop + this.element.clientHeight + overscanPx
    const wanted = new Set<number>()
    for (let i = findRow(this.tops, from); i < this.rows.length && this.tops[i]! < to; i++) {
      const row = this.rows[i]!
      wanted.add(row.key)
      let view = this.shown.get(row.key)
      if (!view) {
        view = this.make(row.key)
        this.shown.set(row.key, view)
        this.space.append(view.element)
      } else if (refresh) view.update()
      view.element.style.transform = `translateY(${this.tops[i]}px)`
      view.element.style.height = `${row.height}px`
    }
    for (const [key, view] of this.shown) {
      if (wanted.has(key)) continue
      view.element.remove()
      this.shown.delete(key)
    }
  }
}
