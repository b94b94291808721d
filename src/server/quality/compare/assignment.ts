// Pairs rows with columns so that the costs add up to as little as possible: shortest augmenting paths (Jonker and Volgenant, as
// D. F. Crouse describes them in "On implementing 2D rectangular assignment algorithms", 2016).

/**
 * The column of each row of a square or rectangular table of costs (row by row, `rows` × `columns`), -1 for rows that are left over.
 * Of equal columns the last free one is taken, so that results are the same on every run. Costs must be finite.
 */
export const solveAssignment = (costs: Float64Array, rows: number, columns: number): Int32Array => {
  if (columns >= rows) return solveWide(costs, rows, columns)
  const turned = new Float64Array(costs.length)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) turned[column * rows + row] = costs[row * columns + column]!
  const chosen = new Int32Array(rows).fill(-1)
  solveWide(turned, columns, rows).forEach((row, column) => {
    chosen[row] = column
  })
  return chosen
}

/** At least as many columns as rows. */
const solveWide = (costs: Float64Array, rows: number, columns: number): Int32Array => {
  const ofRow = new Float64Array(rows)
  const ofColumn = new Float64Array(columns)
  const columnOf = new Int32Array(rows).fill(-1)
  const rowOf = new Int32Array(columns).fill(-1)
  const path = new Int32Array(columns)
  const shortest = new Float64Array(columns)
  const remaining = new Int32Array(columns)
  const rowsSeen: number[] = []
  const columnsSeen: number[] = []
  for (let start = 0; start < rows; start++) {
    for (let at = 0; at < columns; at++) remaining[at] = columns - at - 1
    shortest.fill(Number.POSITIVE_INFINITY)
    rowsSeen.length = 0
    columnsSeen.length = 0
    let left = columns
    let reached = 0
    let sink = -1
    for (let row = start; sink < 0; ) {
      rowsSeen.push(row)
      let lowest = Number.POSITIVE_INFINITY
      let best = -1
      const offset = row * columns
      for (let at = 0; at < left; at++) {
        const column = remaining[at]!
        const length = reached + costs[offset + column]! - ofRow[row]! - ofColumn[column]!
        if (length < shortest[column]!) {
          path[column] = row
          shortest[column] = length
        }
        const known = shortest[column]!
        if (known < lowest || (known === lowest && rowOf[column] === -1)) {
          lowest = known
          best = at
        }
      }
      reached = lowest
      const column = remaining[best]!
      columnsSeen.push(column)
      if (rowOf[column] === -1) sink = column
      else row = rowOf[column]!
      remaining[best] = remaining[--left]!
    }
    ofRow[start]! += reached
    for (const row of rowsSeen) if (row !== start) ofRow[row]! += reached - shortest[columnOf[row]!]!
    for (const column of columnsSeen) ofColumn[column]! -= reached - shortest[column]!
    for (let column = sink; ; ) {
      const row = path[column]!
      rowOf[column] = row
      const before = columnOf[row]!
      columnOf[row] = column
      if (row === start) break
      column = before
    }
  }
  return columnOf
}
