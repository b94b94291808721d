// Turns run lengths over rows into changes along columns, and the other way round, without drawing the mask.

/**
 * Walks the runs of a mask (background first) over lines of `lineLength` pixels and notes, for every place on a line, the lines at
 * which it changes between background and foreground; beyond the last line everything is background.
 */
export function transposeRuns(
  runs: readonly number[],
  runCount: number,
  lineLength: number,
  note: (place: number, line: number) => void,
): void {
  let before: number[] = []
  let current: number[] = []
  let line = 0
  const moveTo = (target: number) => {
    noteDifferences(before, current, line, note)
    if (target > line + 1) noteDifferences(current, [], line + 1, note)
    before = target > line + 1 ? [] : current
    current = []
    line = target
  }
  let position = 0
  for (let at = 0; at < runCount; at++) {
    const end = position + runs[at]!
    if (at % 2 === 1) {
      while (position < end) {
        const target = Math.floor(position / lineLength)
        if (target > line) moveTo(target)
        const start = position - line * lineLength
        position = Math.min(end, (line + 1) * lineLength)
        current.push(start, position - line * lineLength)
      }
    }
    position = end
  }
  moveTo(line + 2)
}

/** Notes the places at which two lines, given by the borders of their runs, differ. */
function noteDifferences(a: number[], b: number[], line: number, note: (place: number, line: number) => void): void {
  let [atA, atB] = [0, 0]
  let open = -1
  while (atA < a.length || atB < b.length) {
    const border = Math.min(a[atA] ?? Infinity, b[atB] ?? Infinity)
    let crossings = 0
    for (; a[atA] === border; atA++) crossings++
    for (; b[atB] === border; atB++) crossings++
    if (crossings % 2 === 0) continue
    if (open < 0) open = border
    else {
      for (let place = open; place < border; place++) note(place, line)
      open = -1
    }
  }
}
