// What a review shows in the views: issues, conflicts with the ground truth and its objects, as lines and as words at a place.
import { type Cuboid } from '../../../formats/geometry3d/cuboid'
import type { Vector } from '../../../formats/geometry3d/rotation'
import type { Editor } from '../../editor/editor'
import type { Conflict } from '../../editor/review/conflict-book'
import { showsTruth } from '../../editor/review/conflict-marks'
import { describeConflict, findParties } from '../../editor/review/describe-conflict'
import type { Issue } from '../../editor/review/issue-book'
import { listCuboidLines } from '../assist/cuboid-lines'
import { toCuboid } from '../cuboid-body'
import type { Drawing } from '../workspace'
import { readIssuePlace } from './issue-place'

export type Mark = { at: Vector; words: string; about: { issue: Issue } | { conflict: Conflict } }

const colours = { open: '#ffb020', resolved: '#4cc38a', error: '#ff5d55', warning: '#e6b450', truth: '#57c7ff' }

/** Half the length of the lines that cross in a place, metres. */
const crossReach = 0.5

const listCross = ([x, y, z]: Vector): number[] =>
  [0, 1, 2].flatMap((axis) => {
    const end = (sign: number) => [x, y, z].map((value, i) => value + (i === axis ? sign * crossReach : 0))
    return [...end(-1), ...end(1)]
  })

const topOf = ({ position, scale }: Cuboid): Vector => [position[0], position[1], position[2] + scale[2] / 2]

export const showsIssues = ({ state }: Editor): boolean =>
  state.workspace === 'review' || (state.sideOpen && state.sideTab === 'issues')

const listIssues = (editor: Editor): { marks: Mark[]; drawings: Drawing[] } => {
  const marks: Mark[] = []
  const drawings: Drawing[] = []
  for (const issue of showsIssues(editor) ? editor.issues.listFrame(editor.state.frame) : []) {
    const place = readIssuePlace(issue.position)
    if (!place || !editor.issues.isShown(issue)) continue
    const colour = issue.resolved ? colours.resolved : colours.open
    const { cuboid, at } = place
    drawings.push({ lines: cuboid ? listCuboidLines(cuboid) : listCross(at), colour, dashed: issue.resolved })
    marks.push({ at: cuboid ? topOf(cuboid) : at, words: editor.issues.commentsOf(issue.id)[0]?.message ?? '', about: { issue } })
  }
  return { marks, drawings }
}

const listConflicts = (editor: Editor): { marks: Mark[]; drawings: Drawing[] } => {
  const marks: Mark[] = []
  const drawings: Drawing[] = []
  if (!showsTruth(editor)) return { marks, drawings }
  const named = new Set<string>()
  for (const conflict of editor.conflicts.listFrame(editor.state.frame)) {
    const { here, truth } = findParties(editor, conflict)
    const mine = here.flatMap((item) => toCuboid(item.object.hidden ? null : item.body) ?? [])
    const wanted = truth.flatMap(({ body }) => toCuboid(body) ?? [])
    for (const { kind, id } of truth) named.add(`${kind} ${id}`)
    const colour = colours[conflict.severity]
    drawings.push(...mine.map((cuboid) => ({ lines: listCuboidLines(cuboid), colour })))
    drawings.push(...wanted.map((cuboid) => ({ lines: listCuboidLines(cuboid), colour, dashed: true })))
    const about = [...mine, ...wanted][0]
    if (about) marks.push({ at: topOf(about), words: describeConflict(editor, conflict), about: { conflict } })
  }
  for (const { kind, id, body } of editor.conflicts.listTruth(editor.state.frame)) {
    const cuboid = named.has(`${kind} ${id}`) ? null : toCuboid(body)
    if (cuboid) drawings.push({ lines: listCuboidLines(cuboid), colour: colours.truth, dashed: true, opacity: 0.8 })
  }
  return { marks, drawings }
}

export const listMarks = (editor: Editor): { marks: Mark[]; drawings: Drawing[] } => {
  const [issues, conflicts] = [listIssues(editor), listConflicts(editor)]
  return { marks: [...conflicts.marks, ...issues.marks], drawings: [...issues.drawings, ...conflicts.drawings] }
}
