// The mask under work: tiles as small canvases, of which only changed ones are painted anew, put together at the scale of the screen.
import { type Sheet, tileSize } from '../tools/mask-sheet'
import type { Size } from '../view/geometry'
import type { View } from '../view/view'

type Tile = { bits: Uint8Array; canvas: OffscreenCanvas }

/** Device pixels. */
type Rect = { left: number; top: number; right: number; bottom: number }

const toWords = (color: string): number => {
  const value = Number.parseInt(/^#[0-9a-f]{6}$/i.test(color) ? color.slice(1) : 'ffffff', 16)
  // Little endian: alpha, blue, green, red.
  return ((255 << 24) | ((value & 255) << 16) | (value & 0xff00) | (value >> 16)) >>> 0
}

export class MaskLayer {
  private readonly canvas = document.createElement('canvas')
  private readonly tiles = new Map<number, Tile>()
  private ratio = 1
  private color = ''
  private view: View | null = null
  private sheet: Sheet | null = null

  constructor(host: HTMLElement) {
    this.canvas.className = 'ed-layer'
    host.prepend(this.canvas)
  }

  resize(area: Size, ratio: number): void {
    this.ratio = ratio
    this.canvas.width = Math.ceil(area.width * ratio)
    this.canvas.height = Math.ceil(area.height * ratio)
    this.canvas.style.width = `${area.width}px`
    this.canvas.style.height = `${area.height}px`
    this.view = null
  }

  /** Null takes it off the screen. */
  draw(sheet: Sheet | null, view: View, color: string, opacity: number): void {
    const context = this.canvas.getContext('2d')!
    if (!sheet) {
      if (this.sheet) context.clearRect(0, 0, this.canvas.width, this.canvas.height)
      this.sheet = null
      this.view = null
      this.tiles.clear()
      return
    }
    this.canvas.style.opacity = String(opacity)
    const all = view !== this.view || color !== this.color || !this.sheet
    if (color !== this.color) this.tiles.clear()
    if (!all && sheet === this.sheet) return
    const old = this.sheet
    Object.assign(this, { sheet, view, color })
    const dirty = all ? { left: 0, top: 0, right: this.canvas.width, bottom: this.canvas.height } : this.findDirty(old!, sheet)
    if (dirty) this.paint(context, sheet, dirty)
  }

  private place(sheet: Sheet, key: number): Rect {
    const view = this.view!
    const x = (key % sheet.columns) * tileSize
    const y = Math.floor(key / sheet.columns) * tileSize
    const k = this.ratio
    // Whole device pixels: neighbours meet without seams.
    return {
      left: Math.round(k * (view.left + view.scale * x)),
      top: Math.round(k * (view.top + view.scale * y)),
      right: Math.round(k * (view.left + view.scale * (x + tileSize))),
      bottom: Math.round(k * (view.top + view.scale * (y + tileSize))),
    }
  }

  /** The part of the screen where tiles differ. */
  private findDirty(old: Sheet, sheet: Sheet): Rect | null {
    let dirty: Rect | null = null
    for (const key of new Set([...old.tiles.keys(), ...sheet.tiles.keys()])) {
      if (old.tiles.get(key) === sheet.tiles.get(key)) continue
      const own = this.place(sheet, key)
      dirty = dirty
        ? {
            left: Math.min(dirty.left, own.left),
            top: Math.min(dirty.top, own.top),
            right: Math.max(dirty.right, own.right),
            bottom: Math.max(dirty.bottom, own.bottom),
          }
        : own
    }
    return dirty
  }

  private paint(context: CanvasRenderingContext2D, sheet: Sheet, dirty: Rect): void {
    context.save()
    context.beginPath()
    context.rect(dirty.left, dirty.top, dirty.right - dirty.left, dirty.bottom - dirty.top)
    context.clip()
    context.clearRect(dirty.left, dirty.top, dirty.right - dirty.left, dirty.bottom - dirty.top)
    context.imageSmoothingEnabled = this.view!.scale * this.ratio < 1
    for (const [key, bits] of sheet.tiles) {
      const at = this.place(sheet, key)
      const isSeen = at.left < dirty.right && at.right > dirty.left && at.top < dirty.bottom && at.bottom > dirty.top
      if (!isSeen) continue
      context.drawImage(this.tileOf(key, bits), at.left, at.top, at.right - at.left, at.bottom - at.top)
    }
    context.restore()
  }

  private tileOf(key: number, bits: Uint8Array): OffscreenCanvas {
    const known = this.tiles.get(key)
    if (known?.bits === bits) return known.canvas
    const canvas = known?.canvas ?? new OffscreenCanvas(tileSize, tileSize)
    const image = new ImageData(tileSize, tileSize)
    const words = new Uint32Array(image.data.buffer)
    const word = toWords(this.color)
    for (let i = bits.indexOf(1); i >= 0 && i < bits.length; i++) if (bits[i] === 1) words[i] = word
    canvas.getContext('2d')!.putImageData(image, 0, 0)
    this.tiles.set(key, { bits, canvas })
    return canvas
  }
}
