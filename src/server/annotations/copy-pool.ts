// Shows what is annotated on validation frames on their honeypots too, when a whole task is written.
import type { Pool } from './limits'
import type { Rows, ShapeRow, TagRow } from './rows'

type Framed = TagRow | ShapeRow
const moveTo = <R extends Framed>(row: R, frame: number): R => {
  const { id: _, ...copy } = structuredClone(row)
  const elements = (copy as Partial<ShapeRow>).elements?.map((element) => moveTo(element, frame))
  return { ...copy, frame, ...(elements && { elements }) } as R
}

/**
 * Rows with those of validation frames copied to the honeypots that show them, in place of what the rows have on those. With
 * `present` nothing happens unless a validation frame is annotated.
 */
export const copyPool = (rows: Rows, pool: Pool | undefined, when: 'present' | 'always'): Rows => {
  if (!pool) return rows
  const isTruth = ({ frame }: Framed) => pool.frames.has(frame)
  if (when === 'present' && !rows.tags.some(isTruth) && !rows.shapes.some(isTruth)) return rows
  const placesOf = Map.groupBy(pool.honeypots, ([, shown]) => shown)
  const covered = new Set(pool.honeypots.map(([frame]) => frame))
  const spread = <R extends Framed>(list: R[]): R[] => {
    const own = list.filter(({ frame }) => !covered.has(frame))
    const copies = own.flatMap((row) => (placesOf.get(row.frame) ?? []).map(([frame]) => moveTo(row, frame)))
    return [...own, ...copies]
  }
  return { ...rows, tags: spread(rows.tags), shapes: spread(rows.shapes) }
}
