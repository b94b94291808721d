// All passive objects as one raster with a margin: moved while the view moves, redrawn in slices when it rests, mended where objects change.
// Without a graphics card the browser only notes what is drawn and does the work when the canvas is read or shown: every slice reads a pixel,
// so that its time is what it really costs and the screen never waits for all of them at once.
import type { Item, Scene } from '../document/scene'
import { type Box, growBox, type Size } from '../view/geometry'
import { seenBox, type View } from '../view/view'
import { type PaintStyle, paintItem } from './paint'

const restMs = 90
const sliceMs = 9
/** Scenes that draw faster than this are redrawn at once, even while moving. */
const quickMs = 7
/** Items that are drawn between two looks at the clock. */
const batch = 40
/** With more objects in sight lines are one device pixel wide: such lines cost a tenth of wider ones, and crowds are easier to read. */
const crowd = 1500
/** More boxes than this are quicker drawn all at once. */
const manyBoxes = 250
/** CSS pixels by which outlines and marks reach beyond an object's box. */
const bleed = 8

export type PassiveOptions = {
  style: (item: Item) => Pick<PaintStyle, 'color' | 'fill' | 'outline' | 'projections' | 'text'>
  skips: (clientId: number) => boolean
}

/** What a raster shows: a view, with thin lines or not. */
type Raster = { view: View; thin: boolean }

/** Carries out what was noted so far. */
const settle = (context: CanvasRenderingContext2D): void => {
  context.getImageData(0, 0, 1, 1)
}

const makeCanvas = (): HTMLCanvasElement => {
  const canvas = document.createElement('canvas')
  canvas.className = 'ed-layer'
  canvas.getContext('2d', { willReadFrequently: true })
  return canvas
}

export class PassiveLayer {
  private front = makeCanvas()
  private spare = makeCanvas()
  private isDrawing = false
  private drawn: Raster | null = null
  private view: View = { scale: 1, left: 0, top: 0 }
  private area: Size = { width: 0, height: 0 }
  private margin = 0
  private ratio = 1
  private lastMs = 0
  private timer: ReturnType<typeof setTimeout> | null = null
  private generation = 0
  private readonly channel = new MessageChannel()
  private resume: (() => void) | null = null

  constructor(
    readonly host: HTMLElement,
    private readonly scene: Scene,
    private readonly options: PassiveOptions,
  ) {
    host.append(this.front)
    this.channel.port1.onmessage = () => {
      const resume = this.resume
      this.resume = null
      resume?.()
    }
  }

  resize(area: Size, ratio: number): void {
    this.area = area
    this.ratio = ratio
    this.margin = Math.round(Math.min(Math.max(area.width, area.height) * 0.2, 300))
    this.drawn = null
  }

  /** Everything changed: the frame, or how objects look. What was drawn is wiped at once unless it may stay a moment. */
  redraw(keep = false): void {
    if (!keep) {
      this.drawn = null
      this.wipe(this.front)
    }
    this.start()
  }

  /** Shows the raster under a view; redraws it when it no longer fits. */
  show(view: View): void {
    this.view = view
    if (!this.drawn) {
      // A first raster that is being drawn is moved into place when it is done: beginning anew with every move it never would be.
      if (!this.isDrawing) this.start()
      return
    }
    const from = this.drawn.view
    const zoom = view.scale / from.scale
    const left = view.left - zoom * (this.margin + from.left)
    const top = view.top - zoom * (this.margin + from.top)
    this.front.style.transform = `translate(${left}px, ${top}px) scale(${zoom})`
    const { width, height } = this.area
    const covers =
      left <= 0 &&
      top <= 0 &&
      left + zoom * (width + 2 * this.margin) >= width &&
      top + zoom * (height + 2 * this.margin) >= height
    if (zoom === 1 && covers && !this.isDrawing) return
    if (this.lastMs < quickMs) this.start()
    else this.startLater()
  }

  /** What is under way stops: moving comes before drawing. */
  private startLater(): void {
    if (this.timer) clearTimeout(this.timer)
    this.generation += 1
    this.resume = null
    this.timer = setTimeout(() => this.start(), restMs)
  }

  /** Repaints the given boxes (picture pixels) only. */
  repair(boxes: readonly Box[]): void {
    if (!this.drawn || this.isDrawing || boxes.length > manyBoxes) {
      this.redraw(true)
      return
    }
    const context = this.front.getContext('2d')!
    for (const box of boxes) {
      const part = growBox(box, bleed / this.drawn.view.scale)
      context.save()
      this.place(context, this.drawn.view)
      context.beginPath()
      context.rect(part.left, part.top, part.right - part.left, part.bottom - part.top)
      context.clip()
      context.clearRect(part.left, part.top, part.right - part.left, part.bottom - part.top)
      for (const item of this.scene.query(part)) this.paint(context, item, this.drawn)
      context.restore()
    }
  }

  private place(context: CanvasRenderingContext2D, view: View): void {
    const k = this.ratio
    context.setTransform(k * view.scale, 0, 0, k * view.scale, k * (this.margin + view.left), k * (this.margin + view.top))
    context.lineJoin = 'round'
  }

  private paint(context: CanvasRenderingContext2D, item: Item, { view, thin }: Raster): void {
    if (this.options.skips(item.clientId)) return
    paintItem(context, item, { ...this.options.style(item), scale: view.scale * this.ratio, ratio: this.ratio, thin })
  }

  private wipe(canvas: HTMLCanvasElement): void {
    const context = canvas.getContext('2d')!
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.clearRect(0, 0, canvas.width, canvas.height)
  }

  private start(): void {
    if (this.timer) clearTimeout(this.timer)
    this.timer = null
    this.generation += 1
    this.resume = null
    this.isDrawing = false
    if (this.area.width === 0) return
    this.isDrawing = true
    const view = this.view
    const margin = this.margin / view.scale
    const items = this.scene.query(growBox(seenBox(view, this.area), margin))
    const back = this.spare
    const width = Math.ceil((this.area.width + 2 * this.margin) * this.ratio)
    const height = Math.ceil((this.area.height + 2 * this.margin) * this.ratio)
    if (back.width !== width || back.height !== height) {
      Object.assign(back, { width, height })
      back.style.width = `${width / this.ratio}px`
      back.style.height = `${height / this.ratio}px`
    } else this.wipe(back)
    const context = back.getContext('2d')!
    this.place(context, view)
    const raster = { view, thin: items.length > crowd }
    this.drawSlice({ back, context, raster, items, next: 0, spentMs: 0, generation: this.generation })
  }

  private drawSlice(work: {
    back: HTMLCanvasElement
    context: CanvasRenderingContext2D
    raster: Raster
    items: Item[]
    next: number
    spentMs: number
    generation: number
  }): void {
    if (work.generation !== this.generation) return
    const started = performance.now()
    let spent = 0
    while (work.next < work.items.length && spent < sliceMs) {
      for (let i = 0; i < batch && work.next < work.items.length; i++)
        this.paint(work.context, work.items[work.next++]!, work.raster)
      settle(work.context)
      spent = performance.now() - started
    }
    work.spentMs += spent
    if (work.next < work.items.length) {
      this.resume = () => this.drawSlice(work)
      this.channel.port2.postMessage(0)
      return
    }
    this.lastMs = work.spentMs
    this.front.replaceWith(work.back)
    this.spare = this.front
    this.front = work.back
    this.drawn = work.raster
    this.isDrawing = false
    this.show(this.view)
  }
}
