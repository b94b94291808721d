// What the editor's commands ask of the view, carried out by the camera of the perspective view.
import type { Item } from '../editor/document/scene'
import type { State } from '../editor/state'
import type { Store } from '../editor/store'
import type { Box, Point } from '../editor/view/geometry'
import type { View } from '../editor/view/view'
import { Viewport } from '../editor/view/viewport'
import type { SceneScreen } from './scene-screen'

export class SceneViewport extends Viewport {
  constructor(
    store: Store<State>,
    private readonly screen: SceneScreen,
  ) {
    super(store)
  }

  override pan(dx: number, dy: number): void {
    this.screen.pan(dx, dy)
  }

  override fit(): void {
    this.screen.fit()
  }

  override zoomBy(factor: number, at?: Point): void {
    this.screen.zoom(factor, at)
  }

  override zoomTo(_box: Box | null): void {
    this.screen.fit()
  }

  override zoomToItem(item: Item): void {
    this.screen.fitItem(item)
  }

  /** Coordinates of tools are pixels of the view, whatever it shows. */
  override fitted(): View {
    return this.store.state.view
  }
}
