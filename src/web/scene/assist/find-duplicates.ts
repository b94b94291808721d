// Cuboids of a frame that were drawn twice, and how two become one.
import { findDuplicates } from '../../../formats/geometry3d/duplicates'
import { mergeObjects } from '../../editor/document/operations/merge'
import type { Editor } from '../../editor/editor'
import { toCuboid } from '../cuboid-body'

export type Twins = { ids: [number, number]; iou: number }

/** Pairs of the shown frame that are alike in space by at least `threshold` (0…1), or seen from above by as much. */
export const listTwins = (editor: Editor, threshold: number): Twins[] => {
  const items = [...editor.scene.items.values()].flatMap((item) => {
    const cuboid = item.body?.outside ? null : toCuboid(item.body)
    return cuboid ? [{ clientId: item.clientId, cuboid }] : []
  })
  const cuboids = items.map(({ cuboid }) => cuboid)
  const found = new Map<string, Twins>()
  for (const likeness of ['space', 'above'] as const)
    for (const { pair, iou } of findDuplicates(cuboids, threshold, likeness)) {
      const ids = pair.map((at) => items[at]!.clientId).sort((a, b) => a - b) as [number, number]
      const key = ids.join(' ')
      found.set(key, { ids, iou: Math.max(iou, found.get(key)?.iou ?? 0) })
    }
  return [...found.values()].sort((a, b) => b.iou - a.iou)
}

/** One of two goes: the later one. Locked ones stay. */
export const removeTwin = (editor: Editor, { ids }: Twins): void => {
  const goes = ids.findLast((id) => editor.document.get(id)?.locked === false)
  if (goes === undefined) editor.explain('Both objects are locked')
  else editor.do({ type: 'remove', clientIds: [goes] })
}

/**
 * One object of two. Tracks and shapes of other frames are joined; where both have a cuboid on the same frame, as twins do here, the one
 * drawn first counts and the other gives what lies on its other frames.
 */
export const mergeTwins = (editor: Editor, { ids }: Twins): void => {
  const [first, second] = ids.map((id) => editor.document.get(id)) as [
    ReturnType<Editor['document']['get']>,
    ReturnType<Editor['document']['get']>,
  ]
  if (!first || !second || first.locked || second.locked) {
    editor.explain('Both objects are locked')
    return
  }
  if (first.kind === 'shape' && second.kind === 'shape') {
    removeTwin(editor, { ids, iou: 1 })
    return
  }
  const [kept, given] = first.kind === 'track' ? [first, second] : [second, first]
  if (kept.kind !== 'track') return
  const own = new Set(kept.data.shapes.map(({ frame }) => frame))
  const rest = given.kind === 'track' ? given.data.shapes.filter(({ frame }) => !own.has(frame)) : []
  const last = Math.max(...own)
  const begin = Math.min(...own)
  const gone = { clientId: given.clientId, content: null }
  // Only what lies before and after the kept one: in between its own key frames tell where it is.
  const outer = rest.filter(({ frame }) => frame < begin || frame > last)
  if (outer.length === 0) {
    editor.do({ type: 'rewrite', title: 'Merge duplicates', changes: [gone] })
    return
  }
  const part = { ...given, data: { ...given.data, label_id: kept.data.label_id, shapes: outer, frame: outer[0]!.frame } }
  const merged = mergeObjects([kept, part as typeof kept], editor.job.labels, editor.frames.stop)
  if ('refusal' in merged) {
    editor.explain(merged.refusal)
    return
  }
  const content = { kind: 'track' as const, data: { ...merged.done, group: kept.data.group, attributes: kept.data.attributes } }
  editor.do({ type: 'rewrite', title: 'Merge duplicates', changes: [{ clientId: kept.clientId, content }, gone] })
}
