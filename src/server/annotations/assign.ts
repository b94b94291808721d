// Pairs the rows of a table with its columns so that the costs add up to as little as possible.

/**
 * The column of each row, -1 for a row that is left over (when there are more rows than columns).
 * The Hungarian method with potentials, O(rows² · columns).
 */
export const assign = (costs: readonly (readonly number[])[]): number[] => {
  const width = costs[0]?.length ?? 0
  if (costs.length <= width) return assignRows(costs)
  const turned = Array.from({ length: width }, (_, column) => costs.map((row) => row[column]!))
  const rows = costs.map(() => -1)
  for (const [column, row] of assignRows(turned).entries()) rows[row] = column
  return rows
}

/** For at most as many rows as columns. Row and column 0 of the tables below stand for "none". */
const assignRows = (costs: readonly (readonly number[])[]): number[] => {
  const width = costs[0]?.length ?? 0
  const ofRow = new Float64Array(costs.length + 1)
  const ofColumn = new Float64Array(width + 1)
  const rowOf = new Int32Array(width + 1)
  const before = new Int32Array(width + 1)
  for (let row = 1; row <= costs.length; row++) {
    const least = new Float64Array(width + 1).fill(Infinity)
    const isUsed = new Uint8Array(width + 1)
    let column = 0
    rowOf[0] = row
    do {
      isUsed[column] = 1
      const current = rowOf[column]!
      let delta = Infinity
      let next = 0
      for (let other = 1; other <= width; other++) {
        if (isUsed[other]) continue
        const cost = costs[current - 1]![other - 1]! - ofRow[current]! - ofColumn[other]!
        if (cost < least[other]!) {
          least[other] = cost
          before[other] = column
        }
        if (least[other]! < delta) {
          delta = least[other]!
          next = other
        }
      }
      for (let other = 0; other <= width; other++) {
        if (isUsed[other]) {
          ofRow[rowOf[other]!]! += delta
          ofColumn[other]! -= delta
        } else least[other]! -= delta
      }
      column = next
    } while (rowOf[column] !== 0)
    while (column !== 0) {
      rowOf[column] = rowOf[before[column]!]!
      column = before[column]!
    }
  }
  const columns = costs.map(() => -1)
  for (let column = 1; column <= width; column++) if (rowOf[column]) columns[rowOf[column]! - 1] = column - 1
  return columns
}
