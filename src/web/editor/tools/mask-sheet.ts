// The mask under work: a picture cut into tiles, each an immutable block of bits, so that steps back cost nothing and only changed tiles are repainted.
import { fillPolygon, fillStroke, type Span } from '../../../formats/geometry/fill'
import { decodeMask, encodeMask, type Mask } from '../../../formats/geometry/mask'
import type { Size } from '../view/geometry'

export const tileSize = 256

/** Tiles by number (row · columns + column); absent ones are empty. Values are never changed in place. */
export type Sheet = { size: Size; columns: number; tiles: ReadonlyMap<number, Uint8Array> }

export const emptySheet = (size: Size): Sheet => ({ size, columns: Math.ceil(size.width / tileSize), tiles: new Map() })

/** Collects changes, copying each tile at its first change only. */
class SheetEdit {
  private readonly tiles: Map<number, Uint8Array>
  private readonly fresh = new Set<number>()

  constructor(private readonly sheet: Sheet) {
    this.tiles = new Map(sheet.tiles)
  }

  fill({ row, from, to }: Span, value: 0 | 1): void {
    const { size, columns } = this.sheet
    if (row < 0 || row >= size.height) return
    const end = Math.min(to, size.width)
    const tileRow = Math.floor(row / tileSize)
    const offset = (row - tileRow * tileSize) * tileSize
    for (let at = Math.max(from, 0); at < end; ) {
      const column = Math.floor(at / tileSize)
      const left = column * tileSize
      const stop = Math.min(end, left + tileSize)
      this.open(tileRow * columns + column, value)?.fill(value, offset + at - left, offset + stop - left)
      at = stop
    }
  }

  /** A tile to write on; none where zeros meet an empty one. */
  private open(key: number, value: 0 | 1): Uint8Array | null {
    const old = this.tiles.get(key)
    if (!old && value === 0) return null
    if (old && this.fresh.has(key)) return old
    const tile = old ? old.slice() : new Uint8Array(tileSize * tileSize)
    this.tiles.set(key, tile)
    this.fresh.add(key)
    return tile
  }

  get done(): Sheet {
    return { ...this.sheet, tiles: this.tiles }
  }
}

type Paint = (fill: (span: Span) => void) => void

const change = (sheet: Sheet, value: 0 | 1, paint: Paint): Sheet => {
  const edit = new SheetEdit(sheet)
  paint((span) => edit.fill(span, value))
  return edit.done
}

export type Stroke = { line: readonly [number, number, number, number]; size: number; form: 'circle' | 'square' }

/** Sets the spans that `paint` says. */
export const paintSpans = (sheet: Sheet, value: 0 | 1, paint: Paint): Sheet => change(sheet, value, paint)

export const paintStroke = (sheet: Sheet, stroke: Stroke, value: 0 | 1): Sheet =>
  change(sheet, value, (fill) => fillStroke(stroke.line, stroke.size, stroke.form, fill))

export const paintPolygon = (sheet: Sheet, points: readonly number[], value: 0 | 1): Sheet =>
  change(sheet, value, (fill) => fillPolygon(points, fill))

/** Adds or takes away a mask of the API. */
export const paintRuns = (sheet: Sheet, points: readonly number[], value: 0 | 1): Sheet => {
  const mask = decodeMask(points)
  return change(sheet, value, (fill) => {
    for (let y = 0; y < mask.height; y++) {
      const start = y * mask.width
      let from = mask.data.indexOf(1, start)
      while (from >= 0 && from < start + mask.width) {
        let to = mask.data.indexOf(0, from)
        if (to < 0 || to > start + mask.width) to = start + mask.width
        fill({ row: mask.top + y, from: mask.left + from - start, to: mask.left + to - start })
        from = mask.data.indexOf(1, to)
      }
    }
  })
}

/** The drawn pixels as one bitmap around its tiles; null when there is no tile. */
const toMask = (sheet: Sheet): Mask | null => {
  const keys = [...sheet.tiles].filter(([, tile]) => tile.includes(1)).map(([key]) => key)
  if (keys.length === 0) return null
  const columns = keys.map((key) => key % sheet.columns)
  const rows = keys.map((key) => Math.floor(key / sheet.columns))
  const left = Math.min(...columns) * tileSize
  const top = Math.min(...rows) * tileSize
  const width = Math.min((Math.max(...columns) + 1) * tileSize, sheet.size.width) - left
  const height = Math.min((Math.max(...rows) + 1) * tileSize, sheet.size.height) - top
  const data = new Uint8Array(width * height)
  for (const key of keys) {
    const tile = sheet.tiles.get(key)!
    const x = (key % sheet.columns) * tileSize - left
    const y = Math.floor(key / sheet.columns) * tileSize - top
    const across = Math.min(tileSize, width - x)
    for (let row = 0; row < tileSize && y + row < height; row++) {
      data.set(tile.subarray(row * tileSize, row * tileSize + across), (y + row) * width + x)
    }
  }
  return { left, top, width, height, data }
}

/** The API's numbers of what is drawn: runs and a box; null when nothing is. */
export const readSheet = (sheet: Sheet): number[] | null => {
  const mask = toMask(sheet)
  return (mask && encodeMask(mask)) ?? null
}

export const isSheetEmpty = (sheet: Sheet): boolean => ![...sheet.tiles.values()].some((tile) => tile.includes(1))
