// The active object with its handles, what is being drawn, and the cross-hair: tens of Konva nodes, rebuilt when they change.
import Konva from 'konva/lib/Core.js'
import { Circle } from 'konva/lib/shapes/Circle.js'
import { Image as KonvaImage } from 'konva/lib/shapes/Image.js'
import { Line } from 'konva/lib/shapes/Line.js'
import { Rect } from 'konva/lib/shapes/Rect.js'
import { Text } from 'konva/lib/shapes/Text.js'
import { bodyOf, type Item } from '../document/scene'
import type { Editor } from '../editor'
import { shapeKinds } from '../shapes/registry'
import type { Body, Handle } from '../shapes/shape-kind'
import type { Angle } from '../state'
import type { Preview } from '../tools/tool'
import type { Point, Size } from '../view/geometry'
import { joinBoxes } from '../view/geometry'
import type { View } from '../view/view'
import { colorOf, fade } from './color'
import { describeItem } from './describe-item'
import { MaskLayer } from './mask-layer'
import { paintMask } from './paint'

const font = 'Inter Variable'
const selectedLimit = 200
/** Marks of tools, on any picture and for any label's colour. */
const accent = '#5b7cff'

export class ActiveLayer {
  private readonly stage: Konva.Stage
  private angle: Angle = 0
  private isEmpty = false
  private readonly layer = new Konva.Layer({ listening: false })
  private readonly mask: MaskLayer

  constructor(host: HTMLDivElement) {
    this.stage = new Konva.Stage({ container: host, width: 1, height: 1, listening: false })
    this.stage.add(this.layer)
    this.mask = new MaskLayer(host)
  }

  resize(area: Size, ratio: number): void {
    this.mask.resize(area, ratio)
    this.stage.size({ width: Math.max(area.width, 1), height: Math.max(area.height, 1) })
  }

  draw(editor: Editor): void {
    this.layer.destroyChildren()
    this.angle = editor.state.angle
    const { view, selection, activeId } = editor.state
    for (const id of selection.slice(0, selectedLimit)) {
      const item = editor.scene.items.get(id)
      if (item && id !== activeId) this.addItem(editor, item, view)
    }
    const active = editor.activeItem
    if (active && !active.object.hidden) this.addItem(editor, active, view)
    this.addSelectionBox(editor, view)
    this.addHandles(editor, view)
    this.addPreview(editor, view)
    const isEmpty = !this.layer.hasChildren()
    // Nothing over nothing: most moves of the view.
    if (!isEmpty || !this.isEmpty) this.layer.draw()
    this.isEmpty = isEmpty
  }

  private addItem(editor: Editor, item: Item, view: View): void {
    const body = editor.stage.shownBody(item) ?? bodyOf(item)
    if (!body) return
    const { appearance } = editor.state
    const color = colorOf(item.object, editor.job.labels, appearance.colorBy)
    const dash = item.object.locked ? [2, 3] : item.body?.occluded ? [6, 4] : []
    this.addBody(body, view, { color, fill: appearance.selectedOpacity / 100, width: 2.5, dash })
    // Many texts would only hide what is below.
    const text = editor.state.selection.length > 1 ? '' : describeItem(editor, item)
    const box = shapeKinds[body.type].bounds(body)
    if (!text) return
    const centred = editor.state.settings.textPosition === 'center'
    const at = centred
      ? { x: view.left + (view.scale * (box.left + box.right)) / 2, y: view.top + (view.scale * (box.top + box.bottom)) / 2 }
      : { x: view.left + view.scale * box.right + 6, y: view.top + view.scale * box.top - 2 }
    this.addText(text, at, color, editor.state.settings.textSize, centred)
  }

  /** A frame around all that are selected, with their number. */
  private addSelectionBox(editor: Editor, view: View): void {
    const ids = editor.chosenIds
    if (ids.length < 2 || editor.stage.tool.id !== 'cursor') return
    const boxes = ids.flatMap((id) => {
      const item = editor.scene.items.get(id)
      const body = item && editor.stage.shownBody(item)
      return body ? [shapeKinds[body.type].bounds(body)] : []
    })
    if (boxes.length === 0) return
    const { left, top, right, bottom } = joinBoxes(boxes)
    const [x = 0, y = 0, x1 = 0, y1 = 0] = toArea([left, top, right, bottom], view)
    const gap = 5
    const at = { x: x - gap, y: y - gap, width: x1 - x + 2 * gap, height: y1 - y + 2 * gap }
    this.layer.add(new Rect({ ...at, stroke: '#ffffff', strokeWidth: 1 }))
    this.layer.add(new Rect({ ...at, stroke: accent, strokeWidth: 1, dash: [5, 4] }))
    this.addText(`Selection (${ids.length})`, { x: x1 + gap + 6, y: y - gap }, accent)
  }

  private addBody(body: Body, view: View, style: { color: string; fill: number; width: number; dash: number[] }): void {
    const kind = shapeKinds[body.type]
    if (body.type === 'mask') {
      const mask = paintMask(body.points, style.color)
      if (!mask) return
      const { canvas } = mask
      const size = { width: canvas.width * view.scale, height: canvas.height * view.scale }
      const at = { x: view.left + view.scale * mask.left, y: view.top + view.scale * mask.top }
      this.layer.add(
        new KonvaImage({ image: canvas as unknown as CanvasImageSource, ...at, ...size, opacity: Math.max(style.fill, 0.5) }),
      )
      return
    }
    for (const line of kind.outline(body)) {
      const points = toArea(line.points, view)
      const fill = kind.filled && line.closed ? { fill: fade(style.color, style.fill) } : {}
      const stroke = { stroke: style.color, strokeWidth: style.width, dash: style.dash, lineJoin: 'round' as const }
      this.layer.add(new Line({ points, closed: line.closed, ...fill, ...stroke }))
    }
    const dots = toArea(kind.dots(body), view)
    for (let i = 0; i < dots.length; i += 2) {
      this.layer.add(
        new Circle({ x: dots[i]!, y: dots[i + 1]!, radius: 4.5, fill: style.color, stroke: '#ffffff', strokeWidth: 1 }),
      )
    }
  }

  private addHandles(editor: Editor, view: View): void {
    const item = editor.activeItem
    if (!item) return
    const color = colorOf(item.object, editor.job.labels, editor.state.appearance.colorBy)
    const handles = editor.stage.listHandles()
    const size = editor.state.settings.controlPoints
    const rotate = handles.find((handle) => handle.role === 'rotate')
    const top = handles.find((handle) => handle.id === 'top')
    if (rotate && top) {
      this.layer.add(new Line({ points: toArea([rotate.x, rotate.y, top.x, top.y], view), stroke: color, strokeWidth: 1 }))
    }
    if (item.body?.type === 'skeleton' && rotate) this.addFrame(handles, rotate, view, color)
    for (const handle of handles) this.addHandle(handle, view, color, size)
    this.addPartName(editor, item, view, color)
  }

  /** The box that scales and turns a skeleton. */
  private addFrame(handles: readonly Handle[], rotate: Handle, view: View, color: string): void {
    const corners = handles.filter((handle) => handle.role === 'corner').flatMap(({ x, y }) => [x, y])
    if (corners.length < 8) return
    const look = { stroke: color, strokeWidth: 1 }
    this.layer.add(new Line({ points: toArea(corners, view), closed: true, dash: [4, 4], ...look }))
    const [left = 0, top = 0, right = 0] = corners
    this.layer.add(new Line({ points: toArea([rotate.x, rotate.y, (left + right) / 2, top], view), ...look }))
  }

  /** The name of the skeleton's point under the pointer. */
  private addPartName(editor: Editor, item: Item, view: View, color: string): void {
    const part = editor.state.activePart === null ? undefined : item.elements[editor.state.activePart]
    const owner = editor.job.labels.get(item.object.data.label_id)
    const name = owner?.sublabels.find((one) => one.id === part?.label_id)?.name
    if (!part || !name) return
    const [x = 0, y = 0] = toArea(part.points, view)
    const flags = [part.occluded && 'occluded', part.outside && 'outside'].filter(Boolean).join(', ')
    this.addText(flags ? `${name} (${flags})` : name, { x: x + 12, y: y - 10 }, color)
  }

  private addHandle(handle: Handle, view: View, color: string, size: number): void {
    const x = view.left + view.scale * handle.x
    const y = view.top + view.scale * handle.y
    const look = { fill: '#ffffff', stroke: color, strokeWidth: 1.5 }
    if (handle.role === 'corner') {
      this.layer.add(new Rect({ x: x - size / 2, y: y - size / 2, width: size, height: size, cornerRadius: 1.5, ...look }))
    } else if (handle.role === 'direction') {
      const points = [-4, -4.5, 6, 0, -4, 4.5]
      this.layer.add(
        new Line({ x, y, points, closed: true, rotation: handle.angle ?? 0, fill: color, stroke: '#ffffff', strokeWidth: 1.5 }),
      )
    } else if (handle.role === 'insert') {
      this.layer.add(new Circle({ x, y, radius: size * 0.32, fill: fade(color, 0.75), stroke: '#ffffff', strokeWidth: 1 }))
    } else this.layer.add(new Circle({ x, y, radius: size / 2, ...look }))
  }

  private addPreview(editor: Editor, view: View): void {
    const preview = editor.stage.preview
    const { area, cursor, drawLabelId, appearance } = editor.state
    const color = editor.job.labels.get(drawLabelId)?.color || '#ffffff'
    const sheet = preview?.sheet && !preview.sheet.hidden ? preview.sheet.sheet : null
    this.mask.draw(sheet, view, color, Math.max(appearance.selectedOpacity / 100, 0.5))
    if (!preview) return
    const style = { color, fill: appearance.selectedOpacity / 200, width: 1.5, dash: [] }
    for (const body of preview.clientId === undefined ? [preview.body, ...(preview.more ?? [])] : []) {
      if (body) this.addBody(body, view, style)
    }
    this.addMarks(editor, preview, view)
    if (preview.line) {
      const points = toArea(preview.line, view)
      this.layer.add(new Line({ points, stroke: 'rgba(0,0,0,0.6)', strokeWidth: 3, lineJoin: 'round' }))
      this.layer.add(new Line({ points, stroke: '#ffffff', strokeWidth: 1.5, lineJoin: 'round' }))
    }
    const vertices = toArea(preview.vertices ?? [], view)
    for (let i = 0; i < vertices.length; i += 2) {
      const first = i === 0
      const look = { fill: first ? color : '#ffffff', stroke: first ? '#ffffff' : color, strokeWidth: 1.5 }
      this.layer.add(new Circle({ x: vertices[i]!, y: vertices[i + 1]!, radius: first ? 5 : 3.5, ...look }))
    }
    if (preview.box) {
      const [x = 0, y = 0, right = 0, bottom = 0] = toArea(
        [preview.box.left, preview.box.top, preview.box.right, preview.box.bottom],
        view,
      )
      const look = { fill: fade(accent, 0.12), stroke: accent, strokeWidth: 1, dash: [4, 3] }
      this.layer.add(new Rect({ x, y, width: right - x, height: bottom - y, ...look }))
    }
    if (preview.brush) this.addBrush(preview.brush, view)
    if (!cursor) return
    const at = { x: view.left + view.scale * cursor.x, y: view.top + view.scale * cursor.y }
    if (preview.crosshair) this.addCrosshair(at, area)
    if (preview.text) this.addText(preview.text, { x: at.x + 14, y: at.y + 14 }, null)
  }

  /** Objects that a tool gathered, places to snap to. */
  private addMarks(editor: Editor, preview: Preview, view: View): void {
    for (const id of (preview.marks ?? []).slice(0, selectedLimit)) {
      const item = editor.scene.items.get(id)
      const body = item && bodyOf(item)
      if (!body) continue
      this.addBody(body, view, { color: accent, fill: 0.25, width: 3, dash: [] })
    }
    const targets = toArea(preview.targets ?? [], view)
    for (let i = 0; i < targets.length; i += 2) {
      this.layer.add(
        new Circle({ x: targets[i]!, y: targets[i + 1]!, radius: 3, fill: accent, stroke: '#ffffff', strokeWidth: 1 }),
      )
    }
    if (!preview.snap) return
    const [x = 0, y = 0] = toArea([preview.snap.x, preview.snap.y], view)
    this.layer.add(new Circle({ x, y, radius: 7, stroke: '#ffffff', strokeWidth: 4 }))
    this.layer.add(new Circle({ x, y, radius: 7, stroke: accent, strokeWidth: 2 }))
  }

  /** The form of the brush at the pointer; dashed while it erases. */
  private addBrush({ at, size, form, erases }: NonNullable<Preview['brush']>, view: View): void {
    const [x = 0, y = 0] = toArea([at.x, at.y], view)
    const across = Math.max(size * view.scale, 2)
    const dash = erases ? [4, 3] : []
    for (const look of [
      { stroke: 'rgba(0,0,0,0.75)', strokeWidth: 2.5 },
      { stroke: '#ffffff', strokeWidth: 1, dash },
    ]) {
      if (form === 'circle') this.layer.add(new Circle({ x, y, radius: across / 2, ...look }))
      else this.layer.add(new Rect({ x: x - across / 2, y: y - across / 2, width: across, height: across, ...look }))
    }
  }

  /** A white line on a dark one is seen on every picture. */
  private addCrosshair(at: Point, area: Size): void {
    for (const [stroke, dash] of [
      ['rgba(0,0,0,0.65)', []],
      ['rgba(255,255,255,0.9)', [5, 5]],
    ] as [string, number[]][]) {
      const look = { stroke, dash, strokeWidth: 1 }
      const x = Math.round(at.x) + 0.5
      const y = Math.round(at.y) + 0.5
      this.layer.add(new Line({ points: [0, y, area.width, y], ...look }))
      this.layer.add(new Line({ points: [x, 0, x, area.height], ...look }))
    }
  }

  /** Stands upright however the picture is turned. */
  private addText(text: string, at: Point, color: string | null, fontSize = 12, centred = false): void {
    const label = new Text({ text, fontSize, fontFamily: font, fontStyle: 'normal', fill: '#ffffff', lineHeight: 1.35 })
    const pad = color ? 10 : 6
    const width = label.width() + pad + 6
    const height = label.height() + 6
    const place = centred ? { x: at.x - width / 2, y: at.y - height / 2 } : at
    const isUpright = this.angle === 0
    const clamp = (value: number, limit: number) => Math.round(isUpright ? Math.max(Math.min(value, limit), 2) : value)
    const group = new Konva.Group({
      x: clamp(place.x, this.stage.width() - width - 2),
      y: clamp(place.y, this.stage.height() - height - 2),
      rotation: -this.angle,
    })
    group.add(new Rect({ width, height, cornerRadius: 4, fill: 'rgba(15,18,22,0.82)' }))
    if (color) group.add(new Rect({ width: 3, height, cornerRadius: [4, 0, 0, 4], fill: color }))
    label.position({ x: pad, y: 3 })
    group.add(label)
    this.layer.add(group)
  }
}

const toArea = (points: readonly number[], view: View): number[] =>
  points.map((value, i) => (i % 2 === 0 ? view.left : view.top) + view.scale * value)
