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
import type { Point, Size } from '../view/geometry'
import type { View } from '../view/view'
import { colorOf, fade } from './color'
import { describeItem } from './describe-item'
import { paintMask } from './paint'

const font = 'Inter Variable'
const selectedLimit = 200

export class ActiveLayer {
  private readonly stage: Konva.Stage
  private readonly layer = new Konva.Layer({ listening: false })

  constructor(host: HTMLDivElement) {
    this.stage = new Konva.Stage({ container: host, width: 1, height: 1, listening: false })
    this.stage.add(this.layer)
  }

  resize(area: Size): void {
    this.stage.size({ width: Math.max(area.width, 1), height: Math.max(area.height, 1) })
  }

  draw(editor: Editor): void {
    this.layer.destroyChildren()
    const { view, selection, activeId } = editor.state
    for (const id of selection.slice(0, selectedLimit)) {
      const item = editor.scene.items.get(id)
      if (item && id !== activeId) this.addItem(editor, item, view)
    }
    const active = editor.activeItem
    if (active && !active.object.hidden) this.addItem(editor, active, view)
    this.addHandles(editor, view)
    this.addPreview(editor, view)
    this.layer.draw()
  }

  private addItem(editor: Editor, item: Item, view: View): void {
    const body = editor.stage.shownBody(item) ?? bodyOf(item)
    if (!body) return
    const { appearance } = editor.state
    const color = colorOf(item.object, editor.job.labels, appearance.colorBy)
    const dash = item.object.locked ? [2, 3] : item.body?.occluded ? [6, 4] : []
    this.addBody(body, view, { color, fill: appearance.selectedOpacity / 100, width: 2.5, dash })
    const text = describeItem(editor, item)
    const box = shapeKinds[body.type].bounds(body)
    if (text) this.addText(text, { x: view.left + view.scale * box.right + 6, y: view.top + view.scale * box.top - 2 }, color)
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
    for (const handle of handles) this.addHandle(handle, view, color, size)
  }

  private addHandle(handle: Handle, view: View, color: string, size: number): void {
    const x = view.left + view.scale * handle.x
    const y = view.top + view.scale * handle.y
    const look = { fill: '#ffffff', stroke: color, strokeWidth: 1.5 }
    if (handle.role === 'corner') {
      this.layer.add(new Rect({ x: x - size / 2, y: y - size / 2, width: size, height: size, cornerRadius: 1.5, ...look }))
    } else if (handle.role === 'insert') {
      this.layer.add(new Circle({ x, y, radius: size * 0.32, fill: fade(color, 0.75), stroke: '#ffffff', strokeWidth: 1 }))
    } else this.layer.add(new Circle({ x, y, radius: size / 2, ...look }))
  }

  private addPreview(editor: Editor, view: View): void {
    const preview = editor.stage.preview
    if (!preview) return
    const { area, cursor, drawLabelId, appearance } = editor.state
    const color = editor.job.labels.get(drawLabelId)?.color ?? '#ffffff'
    for (const body of preview.clientId === undefined ? [preview.body, ...(preview.more ?? [])] : []) {
      if (body) this.addBody(body, view, { color, fill: appearance.selectedOpacity / 200, width: 1.5, dash: [] })
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
      const look = { fill: 'rgba(90,120,255,0.12)', stroke: '#6f87ff', strokeWidth: 1, dash: [4, 3] }
      this.layer.add(new Rect({ x, y, width: right - x, height: bottom - y, ...look }))
    }
    if (!cursor) return
    const at = { x: view.left + view.scale * cursor.x, y: view.top + view.scale * cursor.y }
    if (preview.crosshair) this.addCrosshair(at, area)
    if (preview.text) this.addText(preview.text, { x: at.x + 14, y: at.y + 14 }, null)
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

  private addText(text: string, at: Point, color: string | null): void {
    const label = new Text({ text, fontSize: 12, fontFamily: font, fontStyle: 'normal', fill: '#ffffff', lineHeight: 1.35 })
    const pad = color ? 10 : 6
    const width = label.width() + pad + 6
    const x = Math.round(Math.max(Math.min(at.x, this.stage.width() - width - 2), 2))
    const y = Math.round(Math.max(Math.min(at.y, this.stage.height() - label.height() - 8), 2))
    this.layer.add(new Rect({ x, y, width, height: label.height() + 6, cornerRadius: 4, fill: 'rgba(15,18,22,0.82)' }))
    if (color) this.layer.add(new Rect({ x, y, width: 3, height: label.height() + 6, cornerRadius: [4, 0, 0, 4], fill: color }))
    label.position({ x: x + pad, y: y + 3 })
    this.layer.add(label)
  }
}

const toArea = (points: readonly number[], view: View): number[] =>
  points.map((value, i) => (i % 2 === 0 ? view.left : view.top) + view.scale * value)
