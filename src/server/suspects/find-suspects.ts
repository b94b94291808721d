// Ranks the objects that look wrong without any ground truth: all detectors together, one finding per object and reason.
import type { Attribute } from '../../formats/model'
import { type Double, findDoubleTags, judgeDoubles, listDoubles } from './detect/doubles'
import { findFlips } from './detect/flips'
import { findOddSizes, findOutside, findTiny } from './detect/sizes'
import { findFlickers, findOddTracks } from './detect/tracks'
import { findOddValues } from './detect/values'
import { type Finding, leastScore, type Placed, type Reason, type Thing } from './thing'

/** What is left out of an object when another reason says why already. */
const implied: Partial<Record<Reason, readonly Reason[]>> = {
  tiny: ['size_outlier', 'shape_outlier', 'track_size'],
  outside_picture: ['size_outlier', 'shape_outlier'],
  label_flip: ['size_outlier', 'shape_outlier'],
  track_size: ['size_outlier'],
}

const keyOf = ({ thing, reason }: Finding) => `${thing.kind} ${thing.id} ${reason}`

/** Of several findings of one object and reason the worst; without those that follow from another. */
const settle = (findings: readonly Finding[]): Finding[] => {
  const worst = new Map<string, Finding>()
  for (const finding of findings) {
    const known = worst.get(keyOf(finding))
    if (finding.score >= leastScore && (!known || finding.score > known.score)) worst.set(keyOf(finding), finding)
  }
  const isImplied = ({ thing, reason }: Finding) =>
    Object.entries(implied).some(
      ([cause, follows]) => follows.includes(reason) && worst.has(`${thing.kind} ${thing.id} ${cause}`),
    )
  return [...worst.values()].filter((finding) => !isImplied(finding)).sort((a, b) => b.score - a.score || a.thing.id - b.thing.id)
}

/** Takes in job after job, so that only what is needed of all of them together is kept. */
export const createSearch = (specs: ReadonlyMap<number, Attribute>) => {
  const things: Thing[] = []
  const doubles: Double[] = []
  const findings: Finding[] = []
  return {
    /** @param placed every object on every frame of the job where it is seen. @param isVideo whether frames follow each other */
    addJob: (own: readonly Thing[], placed: readonly Placed[], isVideo: boolean) => {
      for (const thing of own) things.push(thing)
      for (const double of listDoubles(placed)) doubles.push(double)
      if (isVideo) for (const finding of findFlips(placed)) findings.push(finding)
    },
    /** Everything that looks wrong, the worst first. */
    finish: (): { findings: Finding[]; things: readonly Thing[] } => ({
      things,
      findings: settle([
        ...findings,
        ...judgeDoubles(things, doubles),
        ...findDoubleTags(things),
        ...findOddSizes(things),
        ...findTiny(things),
        ...findOutside(things),
        ...findOddTracks(things),
        ...findFlickers(things, (spec) => specs.get(spec)?.name ?? ''),
        ...findOddValues(things, specs),
      ]),
    }),
  }
}
