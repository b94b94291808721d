// Words for a conflict with the ground truth, and where on the picture it lies.
import { bodyOf, type Item } from '../document/scene'
import type { Editor } from '../editor'
import { t } from '../i18n/message'
import { shapeKinds } from '../shapes/registry'
import { type Box, joinBoxes } from '../view/geometry'
import type { Conflict } from './conflict-book'

const words: Record<string, string> = {
  missing_annotation: 'Missing annotation',
  extra_annotation: 'Extra annotation',
  mismatching_label: 'Wrong label',
  low_overlap: 'Fits badly',
  mismatching_direction: 'Wrong direction',
  mismatching_attributes: 'Wrong attributes',
  mismatching_groups: 'Wrong group',
  covered_annotation: 'Covered annotation',
}

/** All titles that a conflict may have, for the catalogue. */
export const conflictTitles: readonly string[] = Object.values(words)

const findHere = (editor: Editor, conflict: Conflict): Item[] => {
  const refs = editor.conflicts.refsHere(conflict)
  return [...editor.scene.items.values()].filter((item) =>
    refs.some((ref) => ref.type === item.object.kind && ref.obj_id === editor.document.serverId(item.clientId)),
  )
}

/** What a conflict is about, on the frame that is shown: objects of the job, and of the ground truth. */
export const findParties = (editor: Editor, conflict: Conflict) => {
  const refs = editor.conflicts.refsOfTruth(conflict)
  return {
    here: findHere(editor, conflict),
    truth: editor.conflicts
      .listTruth(conflict.frame)
      .filter((one) => refs.some((ref) => ref.obj_id === one.id && ref.type === one.kind)),
  }
}

/** Box around all that takes part, picture pixels; null for tags. */
export const findConflictBox = (editor: Editor, conflict: Conflict): Box | null => {
  const { here, truth } = findParties(editor, conflict)
  const bodies = [...here.flatMap((item) => bodyOf(item) ?? []), ...truth.map((one) => one.body)]
  return bodies.length > 0 ? joinBoxes(bodies.map((body) => shapeKinds[body.type].bounds(body))) : null
}

/** E.g. `Wrong label: person, not car`. */
export const describeConflict = (editor: Editor, conflict: Conflict): string => {
  const title = t(words[conflict.type] ?? conflict.type.replaceAll('_', ' '))
  if (conflict.attribute_names?.length) return `${title}: ${conflict.attribute_names.join(', ')}`
  const { here, truth } = findParties(editor, conflict)
  const nameOf = (labelId: number | undefined) => editor.job.labels.get(labelId ?? -1)?.name
  const [mine, wanted] = [nameOf(here[0]?.object.data.label_id), nameOf(truth[0]?.labelId)]
  if (conflict.type === 'mismatching_label' && mine && wanted)
    return `${title}: ${t('{wanted}, not {found}', { wanted, found: mine })}`
  const name = wanted ?? mine
  return name ? `${title}: ${name}` : title
}
