// Lines, areas and key points of the shown frame: drawn in all views, chosen, changed as steps of undo.
import { type Ground, heightAbove } from '../../../formats/geometry3d/ground'
import type { Vector } from '../../../formats/geometry3d/rotation'
import type { GroundShape } from '../../editor/document/cloud-change'
import type { Editor } from '../../editor/editor'
import { makeSaveId } from '../../editor/save/delta'
import { workspaceFacts } from '../../editor/workspaces/workspace'
import type { CloudBook } from '../segments/cloud-book'
import type { Place } from '../segments/screen-area'
import { pickRadians } from '../segments/segment-tools'
import type { Drawing, Ray, SceneWorkspace, View } from '../workspace'
import { distanceToStretch, listSides, listVertices } from './measure-shape'

/** CSS pixels. */
const gripReach = 10
const lineReach = 7
/** Places of the cloud up to this high (metres) stand for the ground around them; those up to `unevenness` are ground. */
const groundReach = 1
const unevenness = 0.25

/** Where a ray meets what lies so high above a plane. */
const meetPlane = ({ origin, direction }: Ray, plane: Pick<Ground, 'normal' | 'offset'>, height: number): Vector | null => {
  const [nx, ny, nz] = plane.normal
  const along = (height - heightAbove(plane, ...origin)) / (nx * direction[0] + ny * direction[1] + nz * direction[2])
  if (!(along > 0 && along < 1000)) return null
  return [origin[0] + direction[0] * along, origin[1] + direction[1] * along, origin[2] + direction[2] * along]
}

export type Grip = { kind: 'vertex' | 'middle'; at: number }

export type DraftShape = { type: GroundShape['type']; vertices: Vector[]; cursor: Vector | null }

export class GroundDrawing {
  labelId: number
  /** Vertices lie on the ground also where something stands on it. */
  onGround = true
  chosen: string | null = null
  readonly hidden = new Set<string>()
  readonly locked = new Set<string>()
  /** What is being drawn. */
  draft: DraftShape | null = null
  /** A shape as it would be. */
  preview: GroundShape | null = null
  private readonly listeners = new Set<() => void>()

  constructor(
    readonly scene: SceneWorkspace,
    readonly book: CloudBook,
  ) {
    this.labelId = this.labels[0]?.id ?? 0
    book.subscribe(({ frame }) => {
      if (frame === this.editor.state.frame) this.update()
    })
    this.editor.store.subscribe(['frame'], () => {
      this.draft = null
      this.preview = null
      const { frame } = this.editor.state
      book.open(frame).then(
        () => this.update(),
        // The points of the frame tell what is wrong.
        () => {},
      )
      this.update()
    })
    void book.open(this.editor.state.frame).then(
      () => this.update(),
      () => {},
    )
  }

  get editor(): Editor {
    return this.scene.editor
  }

  get labels() {
    return [...this.editor.job.labels.values()].filter(({ type }) => type !== 'tag' && type !== 'skeleton')
  }

  subscribe(listener: () => void): void {
    this.listeners.add(listener)
  }

  get shapes(): GroundShape[] {
    return this.book.listShapes(this.editor.state.frame)
  }

  get chosenShape(): GroundShape | null {
    return this.shapes.find(({ uid }) => uid === this.chosen) ?? null
  }

  choose(uid: string | null): void {
    this.chosen = uid
    this.update()
  }

  toggle(set: 'hidden' | 'locked', uid: string): void {
    if (this[set].has(uid)) this[set].delete(uid)
    else this[set].add(uid)
    this.update()
  }

  // --- places

  /** Where a vertex goes that is put under a pixel: on the ground there, as high as it is at that place; or to the very point. */
  placeAt(view: View, { x, y }: Place): Vector | null {
    const { cloud } = this.scene
    const ray = view.castRay(x, y)
    const found = cloud.pick(ray, pickRadians(view, { x, y }))
    const plane = cloud.ground ?? { normal: [0, 0, 1] as Vector, offset: 0 }
    if (!found) return meetPlane(ray, plane, 0)
    const height = heightAbove(plane, ...found)
    if (!this.onGround || !cloud.ground || height > groundReach || height < -groundReach) return found
    // Things that stand on the ground hide what is below them.
    return meetPlane(ray, plane, height < unevenness ? height : 0) ?? found
  }

  /** Vertex or middle of a side of the chosen shape under a pixel. */
  gripAt(view: View, at: Place): Grip | null {
    const shape = this.chosenShape
    if (!shape || this.locked.has(shape.uid) || this.hidden.has(shape.uid)) return null
    let best: { grip: Grip; distance: number } | null = null
    const offer = (grip: Grip, place: Vector, handicap: number) => {
      const seen = view.project(place)
      if (!seen) return
      const distance = Math.hypot(seen.x - at.x, seen.y - at.y) + handicap
      if (distance <= gripReach && (!best || distance < best.distance)) best = { grip, distance }
    }
    for (const [i, vertex] of listVertices(shape).entries()) offer({ kind: 'vertex', at: i }, vertex, 0)
    for (const [i, middle] of listMiddles(shape).entries()) offer({ kind: 'middle', at: i }, middle, 4)
    return (best as { grip: Grip } | null)?.grip ?? null
  }

  shapeAt(view: View, at: Place): GroundShape | null {
    let best: { shape: GroundShape; distance: number } | null = null
    for (const shape of this.shapes) {
      if (this.hidden.has(shape.uid)) continue
      const seen = listVertices(shape).map((vertex) => view.project(vertex))
      const near = (distance: number) => {
        if (distance <= lineReach && (!best || distance < best.distance)) best = { shape, distance }
      }
      for (const [from, to] of listSides(shape)) if (seen[from] && seen[to]) near(distanceToStretch(at, seen[from], seen[to]))
      for (const place of seen) if (place) near(Math.hypot(place.x - at.x, place.y - at.y))
    }
    return (best as { shape: GroundShape } | null)?.shape ?? null
  }

  // --- steps

  private put(title: string, before: GroundShape | null, after: GroundShape | null): void {
    const shape = after ?? before
    if (!workspaceFacts[this.editor.state.workspace].draws) this.editor.explain('Shapes stay as they are in this workspace')
    else if (shape) this.editor.changeCloud(title, [{ kind: 'shape', frame: shape.frame, uid: shape.uid, before, after }])
  }

  add(type: GroundShape['type'], vertices: readonly Vector[]): void {
    const label = this.editor.job.labels.get(this.labelId)
    if (!label) return
    const uid = makeSaveId()
    this.chosen = uid
    this.put(addTitles[type], null, {
      uid,
      frame: this.editor.state.frame,
      type,
      labelId: label.id,
      points: vertices.flat(),
      attributes: label.attributes.map(({ id, default_value }) => ({ spec_id: id, value: default_value })),
    })
  }

  change(title: string, uid: string, change: Partial<GroundShape>): void {
    const before = this.shapes.find((shape) => shape.uid === uid)
    if (before && !this.locked.has(uid)) this.put(title, before, { ...before, ...change })
  }

  setLabel(uid: string, labelId: number): void {
    const label = this.editor.job.labels.get(labelId)
    const attributes = label?.attributes.map(({ id, default_value }) => ({ spec_id: id, value: default_value })) ?? []
    this.change('Change label', uid, { labelId, attributes })
  }

  remove(uid: string): void {
    const before = this.shapes.find((shape) => shape.uid === uid)
    if (!before || this.locked.has(uid)) return
    if (this.chosen === uid) this.chosen = null
    this.put('Remove from the ground', before, null)
  }

  /** Takes a vertex out; a shape that would have too few goes wholly. */
  removeVertex(shape: GroundShape, at: number): void {
    const points = shape.points.toSpliced(at * 3, 3)
    if (points.length < fewest[shape.type] * 3) this.remove(shape.uid)
    else this.change('Remove a vertex', shape.uid, { points })
  }

  // --- the picture

  update(): void {
    this.draw()
    for (const listener of this.listeners) listener()
  }

  draw(): void {
    const drawings: Drawing[] = []
    for (const stored of this.shapes) {
      const shape = this.preview?.uid === stored.uid ? this.preview : stored
      if (this.hidden.has(shape.uid)) continue
      const colour = this.editor.job.labels.get(shape.labelId)?.color ?? '#ffffff'
      const isChosen = shape.uid === this.chosen
      drawings.push(...drawShape(shape, colour, isChosen))
      if (isChosen && !this.locked.has(shape.uid)) {
        drawings.push({ dots: shape.points, dotSize: 11, colour: '#ffffff' }, { dots: shape.points, dotSize: 7, colour })
        drawings.push({ dots: listMiddles(shape).flat(), dotSize: 5, colour: '#ffffff', opacity: 0.8 })
      }
    }
    if (this.draft) {
      const { type, vertices, cursor } = this.draft
      const colour = this.editor.job.labels.get(this.labelId)?.color ?? '#ffffff'
      const points = [...vertices, ...(cursor ? [cursor] : [])].flat()
      drawings.push(...drawShape({ type, points }, colour, true, true), { dots: points, dotSize: 8, colour })
    }
    this.scene.draw('ground-shapes', drawings.length > 0 ? drawings : null)
  }
}

const addTitles = { polyline: 'Draw a line on the ground', polygon: 'Draw an area', points: 'Draw key points' } as const
export const fewest = { polyline: 2, polygon: 3, points: 1 } as const

export const listMiddles = (shape: Pick<GroundShape, 'type' | 'points'>): Vector[] => {
  const vertices = listVertices(shape)
  return listSides(shape).map(([from, to]) => {
    const [a, b] = [vertices[from]!, vertices[to]!]
    return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2] as Vector
  })
}

const drawShape = (shape: Pick<GroundShape, 'type' | 'points'>, colour: string, isStrong: boolean, dashed = false): Drawing[] => {
  const vertices = listVertices(shape)
  const lines = listSides(shape).flatMap(([from, to]) => [...vertices[from]!, ...vertices[to]!])
  if (shape.type === 'points') return [{ dots: shape.points, dotSize: isStrong ? 10 : 8, colour }]
  // Twice, so that thin lines stand out from the points around them.
  return [
    { lines, colour, dashed },
    { lines, colour, opacity: isStrong ? 1 : 0.6, dashed },
  ]
}
