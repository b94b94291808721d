// The size of the next cuboid of a label: that of the last one, which the browser remembers.

import { isSpatial } from '../../formats/geometry/interpolation'
import type { Vector } from '../../formats/geometry3d/rotation'
import type { Editor } from '../editor/editor'

/** Metres along x, y, z: a small car. */
export const startSize: Vector = [4, 1.8, 1.6]

const key = (editor: Editor): string =>
  `annolith-sizes:${editor.job.user}:${editor.job.info.project_id ?? editor.job.info.task_id}`

export class LastSizes {
  private sizes: Record<string, Vector> = {}

  constructor(private readonly editor: Editor) {
    try {
      const kept = JSON.parse(localStorage.getItem(key(editor)) ?? '{}') as Record<string, unknown>
      for (const [label, size] of Object.entries(kept ?? {}))
        if (Array.isArray(size) && size.length === 3 && size.every((one) => typeof one === 'number' && one > 0))
          this.sizes[label] = size as unknown as Vector
    } catch {}
    // Of this frame's objects the last one of a label counts, until one is placed.
    editor.onEdit.push((edit) => {
      for (const { after } of edit.patches) {
        if (!after || after.kind === 'tag') continue
        const points = after.kind === 'shape' ? after.data.points : after.data.shapes.at(-1)?.points
        if (points && isSpatial(points)) this.set(after.data.label_id, [points[6]!, points[7]!, points[8]!])
      }
    })
  }

  get(labelId: number): Vector {
    const known = this.sizes[labelId]
    if (known) return known
    let size = startSize
    for (const { object, body } of this.editor.scene.items.values())
      if (object.data.label_id === labelId && body && isSpatial(body.points))
        size = [body.points[6]!, body.points[7]!, body.points[8]!]
    return size
  }

  private set(labelId: number, size: Vector): void {
    this.sizes = { ...this.sizes, [labelId]: size }
    try {
      localStorage.setItem(key(this.editor), JSON.stringify(this.sizes))
    } catch {}
  }
}
