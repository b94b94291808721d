// The picture of the frame, drawn onto a canvas as large as the area.
import type { Picture } from '../frames/frame-cache'
import type { PictureState } from '../state'
import type { Size } from '../view/geometry'
import type { View } from '../view/view'

export class PictureLayer {
  private readonly canvas = document.createElement('canvas')
  private ratio = 1
  private tiles: Picture['tiles']

  constructor(host: HTMLElement) {
    this.canvas.className = 'ed-layer'
    host.append(this.canvas)
  }

  resize(area: Size, ratio: number): void {
    this.ratio = ratio
    this.canvas.width = Math.ceil(area.width * ratio)
    this.canvas.height = Math.ceil(area.height * ratio)
    this.canvas.style.width = `${area.width}px`
    this.canvas.style.height = `${area.height}px`
  }

  draw(picture: PictureState, view: View, size: Size, smooth: boolean): void {
    const context = this.canvas.getContext('2d')!
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.clearRect(0, 0, this.canvas.width, this.canvas.height)
    // Tiles of another picture that are still on their way must not draw it again.
    if (this.tiles) this.tiles.onReady = () => {}
    this.tiles = undefined
    if (picture.at !== 'shown') return
    const k = this.ratio
    context.imageSmoothingEnabled = smooth && view.scale < 8
    context.setTransform(k * view.scale, 0, 0, k * view.scale, k * view.left, k * view.top)
    context.drawImage(picture.source, 0, 0, size.width, size.height)
    const { tiles } = picture.source
    if (!tiles) return
    this.tiles = tiles
    tiles.onReady = () => this.draw(picture, view, size, smooth)
    const area = { width: this.canvas.width / k, height: this.canvas.height / k }
    for (const { tile, piece } of tiles.show(view, area, k)) {
      const pixel = 2 ** tile.level
      const side = tiles.info.tile_size * pixel
      // The last ones may reach beyond the picture by the rounding of their level.
      const [left, top] = [tile.column * side, tile.row * side]
      context.drawImage(piece, left, top, piece.width * pixel, piece.height * pixel)
    }
  }
}
