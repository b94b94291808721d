// How many points are drawn: as many as keep the view moving at twenty pictures a second, and more and more of them while it rests.

export type PointBudget = {
  /** While the view moves. */
  readonly moving: number
  /** A picture of the moving view took so long (milliseconds) with so many points. */
  noteFrame: (ms: number, points: number) => void
  /** After so many pictures at rest. */
  atRest: (pictures: number) => number
}

export type BudgetOptions = { start: number; least?: number; most: number; mostAtRest: number }

/** Below this many milliseconds there is room for more points; above the other one there are too many. 50 ms are 20 pictures a second. */
const [roomBelowMs, tooLongMs, aimMs] = [28, 42, 35]
/** One picture may be late for any reason: the middle one of so many decides. */
const judgedFrames = 5
/** Longer than any drawing: the tab was hidden, or the machine asleep. */
const impossibleMs = 3000

export const createBudget = ({ start, least = 4000, most, mostAtRest }: BudgetOptions): PointBudget => {
  let moving = Math.min(start, most)
  let frames: { ms: number; points: number }[] = []
  const judge = () => {
    const byTime = frames.map(({ ms }) => ms).sort((a, b) => a - b)
    const ms = byTime[judgedFrames >> 1]!
    const points = Math.max(...frames.map((frame) => frame.points))
    frames = []
    // What was drawn counts, which is less than the budget where there is little to see.
    if (ms > tooLongMs) moving = Math.max(least, Math.min(moving, points) * Math.max(0.5, aimMs / ms))
    else if (ms < roomBelowMs && points > moving * 0.8) moving = Math.min(most, moving * Math.min(1.5, aimMs / Math.max(ms, 1)))
  }
  return {
    get moving() {
      return Math.round(moving)
    },
    noteFrame: (ms, points) => {
      if (ms > impossibleMs) return
      frames.push({ ms, points })
      if (frames.length === judgedFrames) judge()
    },
    atRest: (pictures) => Math.round(Math.min(mostAtRest, Math.max(moving, least) * 2 ** Math.min(pictures, 20))),
  }
}
