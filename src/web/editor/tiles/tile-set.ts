// A huge picture in pieces: which tiles a view needs, and the loaded ones, bounded by bytes.
import type { Size } from '../view/geometry'
import type { View } from '../view/view'

export type TileInfo = Size & {
  /** Pixels of a tile's side. */
  tile_size: number
  /** From the full size to one that is a single tile, each half of the one before. */
  levels: readonly (Size & { columns: number; rows: number })[]
}
export type Tile = { level: number; column: number; row: number }

/** The level whose pixels are about as large as those of the screen; `scale` in device pixels per picture pixel. */
export const chooseLevel = ({ levels }: TileInfo, scale: number): number =>
  Math.min(Math.max(Math.floor(Math.log2(1 / scale)), 0), levels.length - 1)

/** Tiles of a level that lie in the area, those nearest to its middle first. */
export const listTiles = (info: TileInfo, level: number, view: View, area: Size): Tile[] => {
  const { columns, rows } = info.levels[level]!
  const side = info.tile_size * 2 ** level * view.scale
  const first = (offset: number) => Math.max(Math.floor(-offset / side), 0)
  const last = (offset: number, length: number, count: number) => Math.min(Math.ceil((length - offset) / side), count)
  const tiles: Tile[] = []
  for (let row = first(view.top); row < last(view.top, area.height, rows); row++)
    for (let column = first(view.left); column < last(view.left, area.width, columns); column++)
      tiles.push({ level, column, row })
  const middle = { x: (area.width / 2 - view.left) / side - 0.5, y: (area.height / 2 - view.top) / side - 0.5 }
  const off = ({ column, row }: Tile) => (column - middle.x) ** 2 + (row - middle.y) ** 2
  return tiles.sort((a, b) => off(a) - off(b))
}

type Piece = { width: number; height: number; close?: () => void }
export type TilePorts<P extends Piece> = {
  load: (tile: Tile, signal: AbortSignal) => Promise<P>
  limitBytes: number
}

const atOnce = 6
const keyOf = ({ level, column, row }: Tile) => `${level} ${column} ${row}`

export class TileSet<P extends Piece> {
  /** Told when a tile came that the last view wanted. */
  onReady: () => void = () => {}
  private readonly ready = new Map<string, P>()
  private readonly loading = new Map<string, AbortController>()
  private readonly failed = new Set<string>()
  private queue: Tile[] = []
  private bytes = 0
  private isClosed = false

  constructor(
    readonly info: TileInfo,
    private readonly ports: TilePorts<P>,
  ) {}

  /** Loaded tiles for a view, coarse ones first so that finer ones cover them; starts loading what is missing. */
  show(view: View, area: Size, ratio: number): { tile: Tile; piece: P }[] {
    const level = chooseLevel(this.info, view.scale * ratio)
    const wanted = listTiles(this.info, level, view, area)
    this.want(wanted)
    const shown: { tile: Tile; piece: P }[] = []
    for (let coarse = this.info.levels.length - 1; coarse >= level; coarse--)
      for (const tile of coarse === level ? wanted : listTiles(this.info, coarse, view, area)) {
        const piece = this.take(keyOf(tile))
        if (piece) shown.push({ tile, piece })
      }
    return shown
  }

  close(): void {
    this.isClosed = true
    for (const abort of this.loading.values()) abort.abort()
    for (const piece of this.ready.values()) piece.close?.()
    this.ready.clear()
    this.bytes = 0
  }

  /** The piece, now the most recently used. */
  private take(key: string): P | undefined {
    const piece = this.ready.get(key)
    if (!piece) return undefined
    this.ready.delete(key)
    this.ready.set(key, piece)
    return piece
  }

  private want(tiles: Tile[]): void {
    const keys = new Set(tiles.map(keyOf))
    for (const [key, abort] of this.loading) if (!keys.has(key)) abort.abort()
    this.queue = tiles.filter((tile) => !this.ready.has(keyOf(tile)) && !this.failed.has(keyOf(tile)))
    this.pump()
  }

  private pump(): void {
    for (const tile of this.queue) {
      if (this.loading.size >= atOnce || this.isClosed) return
      if (!this.loading.has(keyOf(tile)) && !this.ready.has(keyOf(tile))) void this.fetch(tile)
    }
  }

  private async fetch(tile: Tile): Promise<void> {
    const key = keyOf(tile)
    const abort = new AbortController()
    this.loading.set(key, abort)
    try {
      const piece = await this.ports.load(tile, abort.signal)
      if (this.isClosed) piece.close?.()
      else this.keep(key, piece)
    } catch {
      // What a coarser tile shows stays; asking again and again would help nobody.
      if (!abort.signal.aborted) this.failed.add(key)
    } finally {
      this.loading.delete(key)
      this.queue = this.queue.filter((one) => keyOf(one) !== key)
      this.pump()
    }
  }

  private keep(key: string, piece: P): void {
    this.ready.set(key, piece)
    this.bytes += 4 * piece.width * piece.height
    for (const [oldest, old] of this.ready) {
      if (this.bytes <= this.ports.limitBytes || oldest === key) break
      this.ready.delete(oldest)
      this.bytes -= 4 * old.width * old.height
      old.close?.()
    }
    this.onReady()
  }
}
