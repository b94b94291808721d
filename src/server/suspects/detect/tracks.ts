// Tracks that leave their way: one key frame beside it, a leap to another place, a sudden change of size, a value that flickers.
import { findMiddle, type Middle } from '../robust'
import { type Finding, type Key, scoreBeyond, type Thing } from '../thing'

type Seen = { frame: number; x: number; y: number; size: number; key: Key }
/** A key frame between two others: how far it lies from the straight way between them, in its own sizes and as a factor of size. */
type Bend = { at: number; offset: number; growth: number }
type Step = { from: number; perFrame: number; sizes: number }
type Way = { thing: Thing; seen: Seen[]; bends: Bend[]; steps: Step[] }

/** Own sizes and spreads beyond which a key frame is beside its way. */
const limits = { offset: 1, growth: Math.log(2.2), leap: 1.5, speed: 0.3, spreads: 8 }
/** Fewer steps of a track do not tell how it moves; its label's do. */
const leastOwn = 6
const leastPool = 12

const toSeen = (key: Key): Seen => {
  const [left, top, right, bottom] = key.box!
  return {
    frame: key.frame,
    x: (left + right) / 2,
    y: (top + bottom) / 2,
    size: Math.sqrt((right - left) * (bottom - top)) || Math.max(right - left, bottom - top, 1),
    key,
  }
}

/** Parts of a track between the frames on which it is gone. */
const listRuns = (keys: readonly Key[]): Seen[][] => {
  const runs: Seen[][] = [[]]
  for (const key of keys)
    if (key.outside || !key.box) runs.push([])
    else runs.at(-1)!.push(toSeen(key))
  return runs.filter((run) => run.length > 1)
}

const measureBend = (a: Seen, b: Seen, c: Seen, at: number): Bend => {
  const share = (b.frame - a.frame) / (c.frame - a.frame)
  const [x, y] = [a.x + (c.x - a.x) * share, a.y + (c.y - a.y) * share]
  const size = Math.exp(Math.log(a.size) + (Math.log(c.size) - Math.log(a.size)) * share)
  return { at, offset: Math.hypot(b.x - x, b.y - y) / size, growth: Math.abs(Math.log(b.size / size)) }
}

const measureStep = (a: Seen, b: Seen, from: number): Step => {
  const sizes = Math.hypot(b.x - a.x, b.y - a.y) / Math.sqrt(a.size * b.size)
  return { from, sizes, perFrame: sizes / (b.frame - a.frame) }
}

const listWays = (things: readonly Thing[]): Way[] =>
  things.flatMap((thing) =>
    listRuns(thing.keys).map((seen) => ({
      thing,
      seen,
      bends: seen.slice(2).map((next, at) => measureBend(seen[at]!, seen[at + 1]!, next, at + 1)),
      steps: seen.slice(1).map((next, at) => measureStep(seen[at]!, next, at)),
    })),
  )

/** What is usual for a track: by its own values, else by those of its label; unknown when there are too few of both. */
const choose = (own: number[], pool: Middle): Middle | undefined =>
  own.length >= leastOwn ? findMiddle(own) : pool.count >= leastPool ? pool : undefined

const beyond = (middle: Middle, floor: number) => middle.median + limits.spreads * Math.max(middle.spread, floor)

const judgeWay = ({ thing, seen, bends, steps }: Way, pools: Record<'offset' | 'growth' | 'speed', Middle>): Finding[] => {
  const findings: Finding[] = []
  const add = (reason: Finding['reason'], at: number, value: number, limit: number) =>
    findings.push({
      thing,
      reason,
      frame: seen[at]!.frame,
      score: scoreBeyond(value, limit),
      details: { box: seen[at]!.key.box!, value },
    })
  const beside = new Set<number>()
  for (const name of ['offset', 'growth'] as const) {
    const usual = choose(
      bends.map((bend) => bend[name]),
      pools[name],
    )
    if (!usual) continue
    const limit = Math.max(limits[name], beyond(usual, 0.05))
    bends.forEach((bend, i) => {
      const value = bend[name]
      // A wrong key frame bends the way at its neighbours, too, but less.
      if (value < limit || value < (bends[i - 1]?.[name] ?? 0) || value < (bends[i + 1]?.[name] ?? 0)) return
      const [before, after] = [seen[bend.at - 1]!, seen[bend.at + 1]!]
      const direct =
        name === 'offset' ? Math.hypot(after.x - before.x, after.y - before.y) : Math.abs(Math.log(after.size / before.size))
      const around =
        name === 'offset'
          ? [before, after].reduce((sum, one) => sum + Math.hypot(one.x - seen[bend.at]!.x, one.y - seen[bend.at]!.y), 0)
          : [before, after].reduce((sum, one) => sum + Math.abs(Math.log(one.size / seen[bend.at]!.size)), 0)
      // Who turns a corner does not come back.
      if (direct > around / 2) return
      if (name === 'offset') beside.add(bend.at)
      add(
        name === 'offset' ? 'off_track' : 'track_size',
        bend.at,
        name === 'growth' ? Math.exp(value) : value,
        name === 'growth' ? Math.exp(limit) : limit,
      )
    })
  }
  const usual = choose(
    steps.map(({ perFrame }) => perFrame),
    pools.speed,
  )
  if (!usual) return findings
  const limit = Math.max(limits.speed, beyond(usual, 0.02))
  for (const { from, perFrame, sizes } of steps)
    if (perFrame >= limit && sizes >= limits.leap && !beside.has(from) && !beside.has(from + 1))
      add('track_jump', from + 1, perFrame, limit)
  return findings
}

/** Key frames beside the way of their track (`off_track`, `track_size`) and leaps (`track_jump`). */
export const findOddTracks = (things: readonly Thing[]): Finding[] => {
  const tracks = things.filter(({ kind }) => kind === 'track')
  return [...Map.groupBy(tracks, ({ labelId }) => labelId).values()].flatMap((group) => {
    const ways = listWays(group)
    const pools = {
      offset: findMiddle(ways.flatMap(({ bends }) => bends.map(({ offset }) => offset))),
      growth: findMiddle(ways.flatMap(({ bends }) => bends.map(({ growth }) => growth))),
      speed: findMiddle(ways.flatMap(({ steps }) => steps.map(({ perFrame }) => perFrame))),
    }
    return ways.flatMap((way) => judgeWay(way, pools))
  })
}

const leastKeys = 5
/** A value that holds for a larger part of a track is meant. */
const longestFlicker = 0.2
/** An attribute that flickers in more of the tracks does so by nature, as an indicator light. */
const usualFlicker = 0.1

type Flicker = { thing: Thing; spec: number; key: Key; value: string; share: number }

/** Where the value of an attribute is another one for a single key frame, and the track has only one other value. */
const findFlicker = (thing: Thing, spec: number): Flicker | undefined => {
  const seen = thing.keys.filter(({ outside, values }) => !outside && values.has(spec))
  if (seen.length < leastKeys) return undefined
  const changes = seen.flatMap(({ values }, at) => (at && values.get(spec) !== seen[at - 1]!.values.get(spec) ? [at] : []))
  const [start, end] = changes as [number, number]
  if (changes.length !== 2 || end !== start + 1 || seen[end]!.values.get(spec) !== seen[0]!.values.get(spec)) return undefined
  const share = (seen[end]!.frame - seen[start]!.frame) / (seen.at(-1)!.frame - seen[0]!.frame)
  return { thing, spec, key: seen[start]!, value: seen[start]!.values.get(spec)!, share }
}

/** Values of attributes that change for one key frame and back. @param nameOf name of an attribute */
export const findFlickers = (things: readonly Thing[], nameOf: (spec: number) => string): Finding[] => {
  const tracks = things.filter(({ keys }) => keys.length >= leastKeys)
  const specs = new Set(tracks.flatMap(({ keys }) => [...keys[0]!.values.keys()]))
  return [...specs].flatMap((spec) => {
    const having = tracks.filter(({ keys }) => keys[0]!.values.has(spec))
    const flickers = having.flatMap((thing) => findFlicker(thing, spec) ?? [])
    if (flickers.length > Math.max(1, usualFlicker * having.length)) return []
    return flickers
      .filter(({ share }) => share <= longestFlicker)
      .map(
        ({ thing, key, value, share }): Finding => ({
          thing,
          reason: 'attribute_flip',
          frame: key.frame,
          score: 0.9 - (0.4 * share) / longestFlicker,
          details: { ...(key.box && { box: key.box }), attributes: [{ name: nameOf(spec), value }] },
        }),
      )
  })
}
