// Segments of a frame as runs of values, so that each point keeps one label and instance whatever is painted over it.
import { paintAll, paintRuns, splitValues, type ValueRuns, withValue } from '../../formats/cloud-shapes/value-runs'
import type { Operation } from './read-body'
import type { Segment } from './rows'

const instances = 65_536
/** Labels have numbers from 1, so that 0 is left for "none". */
const toValue = (labelId: number, instance: number) => labelId * instances + instance

const toValues = (segments: readonly Segment[]): ValueRuns =>
  paintAll(segments.map(({ labelId, instance, rows }) => withValue(rows, toValue(labelId, instance))))

const toSegments = (runs: ValueRuns): Segment[] =>
  [...splitValues(runs)]
    .map(([value, rows]) => ({ labelId: Math.floor(value / instances), instance: value % instances, rows }))
    .sort((a, b) => a.labelId - b.labelId || a.instance - b.instance)

/** What the operations make of the segments, the last one on top. */
export const paintSegments = (segments: readonly Segment[], operations: readonly Operation[]): Segment[] =>
  toSegments(
    paintRuns(
      toValues(segments),
      paintAll(
        operations.map(({ labelId, instance, rows }) => withValue(rows, labelId === null ? 0 : toValue(labelId, instance))),
      ),
    ),
  )

/** Segments that lie over one another become such that do not: the last one wins. */
export const settleSegments = (segments: readonly Segment[]): Segment[] => toSegments(toValues(segments))
