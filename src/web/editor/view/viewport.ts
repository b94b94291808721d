// Changes the view of the picture: fitting, zooming, panning, and keeping it while the area changes.
import type { Item } from '../document/scene'
import type { State } from '../state'
import type { Store } from '../store'
import type { Box, Point, Size } from './geometry'
import { fitBox, fitPicture, limitScale, panBy, type View, zoomAt } from './view'

const boxMargin = 50

export class Viewport {
  constructor(protected readonly store: Store<State>) {}

  set(view: View): void {
    this.store.set({ view })
  }

  pan(dx: number, dy: number): void {
    this.set(panBy(this.store.state.view, dx, dy))
  }

  fit(): void {
    this.set(fitPicture(this.store.state.size, this.store.state.area))
  }

  /** Zooms about a point of the area, by default its centre. */
  zoomBy(factor: number, at: Point = this.centre): void {
    const { view } = this.store.state
    this.set(zoomAt(view, at, limitScale(view.scale * factor, this.fitScale)))
  }

  /** Shows a box of the picture with a margin; null shows the whole picture. */
  zoomTo(box: Box | null, margin = boxMargin): void {
    if (!box) {
      this.fit()
      return
    }
    const view = fitBox(box, this.store.state.area, margin)
    this.set(zoomAt(view, this.centre, limitScale(view.scale, this.fitScale)))
  }

  /** Shows an object with a margin; one without a place shows the whole picture. */
  zoomToItem(item: Item, margin = boxMargin): void {
    this.zoomTo(item.box, margin)
  }

  /** The view in which a picture of another size is wholly seen. */
  fitted(size: Size): View {
    return fitPicture(size, this.store.state.area)
  }

  /** A fitted picture stays fitted; else the centre stays. */
  resize(area: Size): void {
    const { area: before, size, view } = this.store.state
    const wasFit = before.width === 0 || Math.abs(view.scale - fitPicture(size, before).scale) < 1e-9
    this.store.set({ area })
    if (wasFit) this.fit()
    else this.pan((area.width - before.width) / 2, (area.height - before.height) / 2)
  }

  protected get centre(): Point {
    const { width, height } = this.store.state.area
    return { x: width / 2, y: height / 2 }
  }

  private get fitScale(): number {
    return fitPicture(this.store.state.size, this.store.state.area).scale
  }
}
