// Finds cuboids by pixels of the perspective view, for tools that know of places on a plane only.
import type { Item } from '../editor/document/scene'
import type { Finder } from '../editor/editor'
import { type Box, boundPoints } from '../editor/view/geometry'
import { cornersOf } from './cuboid-body'
import type { SceneScreen } from './scene-screen'

export const makeFinder = (screen: SceneScreen): Finder => {
  const { perspective } = screen.views
  const toItem = (clientId: number): Item[] => {
    const item = screen.editor.scene.items.get(clientId)
    return item ? [item] : []
  }
  /** Around the corners on the screen; those with a corner behind the camera are not seen wholly. */
  const listBoxes = (): { item: Item; box: Box }[] =>
    screen.listCuboids().flatMap(({ item, cuboid }) => {
      const corners = cornersOf(cuboid).map((corner) => perspective.project(corner))
      if (corners.some((corner) => corner === null)) return []
      return [{ item, box: boundPoints(corners.flatMap((corner) => [corner!.x, corner!.y])) }]
    })
  return {
    findAt: (at) => screen.findAt('perspective', at).flatMap(toItem)[0] ?? null,
    findAll: (at) =>
      screen
        .findAt('perspective', at)
        .flatMap(toItem)
        .sort((a, b) => a.clientId - b.clientId),
    query: (within) =>
      listBoxes()
        .filter(
          ({ box }) =>
            box.left <= within.right && box.right >= within.left && box.top <= within.bottom && box.bottom >= within.top,
        )
        .map(({ item }) => item),
    queryWithin: (within) =>
      listBoxes()
        .filter(
          ({ box }) =>
            box.left >= within.left && box.right <= within.right && box.top >= within.top && box.bottom <= within.bottom,
        )
        .map(({ item }) => item),
    listHandles: () => [],
  }
}
