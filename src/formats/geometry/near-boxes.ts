// Finds pairs of boxes that touch, without looking at every pair.
/** x, y, width, height. */
type Box = readonly [x: number, y: number, width: number, height: number]

/** Positions of touching boxes of two lists. @param margin pixels that boxes are grown by */
export const listNearBoxes = (ones: readonly Box[], others: readonly Box[], margin = 0): [one: number, other: number][] => {
  const near: [number, number][] = []
  const order = others.map((_, at) => at).sort((a, b) => others[a]![0] - others[b]![0])
  const lefts = Float64Array.from(order, (at) => others[at]![0])
  const widest = others.reduce((most, [, , width]) => Math.max(most, width), 0)
  ones.forEach(([x, y, width, height], one) => {
    let [low, high] = [0, order.length]
    const first = x - margin - widest
    while (low < high) {
      const middle = (low + high) >> 1
      if (lefts[middle]! < first) low = middle + 1
      else high = middle
    }
    for (let at = low; at < order.length && lefts[at]! <= x + width + margin; at++) {
      const [otherX, otherY, otherWidth, otherHeight] = others[order[at]!]!
      if (otherX + otherWidth + margin < x || otherY > y + height + margin || otherY + otherHeight + margin < y) continue
      near.push([one, order[at]!])
    }
  })
  return near.sort((a, b) => a[0] - b[0] || a[1] - b[1])
}
