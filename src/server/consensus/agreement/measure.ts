// How far the people who annotated the replicas of a job agree: per pair, per label and per attribute.
import type { FrameMarks, Mark, MatchOptions } from '../../quality/service'
import { strictMatchers } from '../../quality/service'
import { findClusters } from '../cluster'
import { measureCohen, measureFleiss, measureKrippendorff, type Rating } from './statistics'

/** One object as each person saw it; undefined for people who have nothing there. */
type Unit = (Mark | undefined)[]

/** Objects of a frame, and each tag label that anybody set. */
const listUnits = (sources: readonly FrameMarks[], options: MatchOptions): Unit[] => {
  const sourceOf = new Map(sources.flatMap(({ marks }, at) => marks.map((mark) => [mark, at] as const)))
  const toUnit = (cluster: readonly Mark[]): Unit => {
    const unit: Unit = sources.map(() => undefined)
    for (const mark of cluster) unit[sourceOf.get(mark)!] = mark
    return unit
  }
  const tags = sources.flatMap(({ marks }) => marks.filter(({ kind }) => kind === 'label'))
  const units = [...Map.groupBy(tags, ({ labelId }) => labelId).values()].map(toUnit)
  for (const [kind, match] of Object.entries(strictMatchers) as [Mark['kind'], (typeof strictMatchers)['bbox']][])
    units.push(...findClusters(sources, kind, match, options, true).clusters.map(toUnit))
  return units
}

export type Agreement = {
  /** Objects that at least one person has. */
  units: number
  cohen: { first: number; second: number; kappa: number | null; units: number }[]
  /** Null with fewer than two people. */
  fleiss: number | null
  krippendorff: number | null
}

const nothing = ''

const measureRatings = (rows: Rating[][], people: number): Agreement => {
  const values = [...new Set(rows.flat().filter((value) => value !== undefined))]
  const full = rows.filter((row) => row.every((value) => value !== undefined))
  const cohen: Agreement['cohen'] = []
  for (let first = 0; first < people; first++)
    for (let second = first + 1; second < people; second++) {
      const pairs = rows.map((row): [Rating, Rating] => [row[first], row[second]])
      const units = pairs.filter(([a, b]) => a !== undefined && b !== undefined).length
      cohen.push({ first, second, kappa: measureCohen(pairs), units })
    }
  return {
    units: rows.length,
    cohen,
    fleiss:
      people > 1 ? measureFleiss(full.map((row) => values.map((value) => row.filter((one) => one === value).length))) : null,
    krippendorff: measureKrippendorff(rows),
  }
}

export type AgreementReport = {
  /** Which label an object has, "nothing" among them. */
  overall: Agreement
  /** Whether an object has this label. */
  labels: { label_id: number; agreement: Agreement }[]
  /** Which value an object has, among people who have it with this label. */
  attributes: { label_id: number; name: string; agreement: Agreement }[]
}

/** @param frames each frame as every person annotated it, people always in the same order */
export const measureAgreement = (frames: readonly (readonly FrameMarks[])[], options: MatchOptions): AgreementReport => {
  const people = frames[0]?.length ?? 0
  const units = frames.flatMap((sources) => listUnits(sources, options))
  const labelOf = (mark: Mark | undefined) => (mark ? String(mark.labelId) : nothing)
  const labelIds = [...new Set(units.flat().flatMap((mark) => (mark ? [mark.labelId] : [])))].sort((a, b) => a - b)
  const labels = labelIds.map((label_id) => {
    const rows = units
      .filter((unit) => unit.some((mark) => mark?.labelId === label_id))
      .map((unit): Rating[] => unit.map((mark) => (mark?.labelId === label_id ? 'yes' : 'no')))
    // Objects that nobody gave the label are what "no" means; without them chance could not be told.
    const others = units
      .filter((unit) => unit.every((mark) => mark?.labelId !== label_id))
      .map((unit): Rating[] => unit.map(() => 'no'))
    return { label_id, agreement: measureRatings([...rows, ...others], people) }
  })
  const attributes = labelIds.flatMap((label_id) => {
    const own = units.map((unit) => unit.map((mark) => (mark?.labelId === label_id ? mark : undefined)))
    const named = own.filter((unit) => unit.filter(Boolean).length > 1)
    const names = [...new Set(named.flat().flatMap((mark) => (mark ? [...mark.attributes.keys()] : [])))].sort()
    return names.map((name) => ({
      label_id,
      name,
      agreement: measureRatings(
        named.map((unit) =>
          unit.map((mark): Rating => (mark?.attributes.has(name) ? String(mark.attributes.get(name)) : undefined)),
        ),
        people,
      ),
    }))
  })
  return {
    overall: measureRatings(
      units.map((unit): Rating[] => unit.map(labelOf)),
      people,
    ),
    labels,
    attributes,
  }
}
