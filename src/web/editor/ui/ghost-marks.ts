// Outlines of a saved version on the picture: what would come back, go, or change.
import type { Editor } from '../editor'
import { shapeKinds } from '../shapes/registry'
import { toArea } from '../view/view'

const namespace = 'http://www.w3.org/2000/svg'

export const makeGhostMarks = (editor: Editor): SVGElement => {
  const host = document.createElementNS(namespace, 'svg')
  host.setAttribute('class', 'ed-ghosts')
  host.setAttribute('data-testid', 'ghosts')
  const draw = () => {
    const { ghosts, view } = editor.state
    if (ghosts.length === 0 && host.childElementCount === 0) return
    const lines = ghosts.flatMap(({ change, body }) =>
      shapeKinds[body.type].outline(body).map(({ points, closed }) => {
        const line = document.createElementNS(namespace, closed ? 'polygon' : 'polyline')
        const places: string[] = []
        for (let i = 0; i + 1 < points.length; i += 2) {
          const at = toArea(view, { x: points[i]!, y: points[i + 1]! })
          places.push(`${at.x.toFixed(1)},${at.y.toFixed(1)}`)
        }
        line.setAttribute('points', places.join(' '))
        line.setAttribute('data-change', change)
        return line
      }),
    )
    host.replaceChildren(...lines)
  }
  editor.store.subscribe(['ghosts', 'view'], draw)
  return host
}
