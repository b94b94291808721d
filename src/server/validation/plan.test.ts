import { describe, expect, test } from 'bun:test'
import type { ValidationParams } from './params'
import { planGroundTruth, planHoneypots } from './plan'

const names = (count: number) => Array.from({ length: count }, (_, i) => `${i}.png`)
const pool = (more: Partial<ValidationParams>): ValidationParams => ({ mode: 'gt_pool', method: 'random_uniform', ...more })

describe('honeypots', () => {
  /** What CVAT's way of drawing gives with NumPy 2.4: pictures, segment size, pool, per job, seed; pictures of the pool and of the jobs. */
  test.each([
    [
      20,
      5,
      5,
      2,
      42,
      [1, 7, 8, 11, 15],
      [
        [13, 0, 8, 11, 19, 9, 2],
        [5, 3, 6, 14, 15, 7, 10],
        [12, 16, 1, 17, 8, 4, 18],
      ],
    ],
    [
      17,
      4,
      3,
      3,
      7,
      [4, 6, 10],
      [
        [7, 10, 4, 6, 9, 13, 15],
        [6, 12, 4, 14, 10, 11, 3],
        [10, 6, 2, 5, 16, 4, 1],
        [10, 8, 4, 0, 6],
      ],
    ],
  ])(
    '%i pictures, jobs of %i, %i in the pool, %i per job, seed %i',
    (size, segmentSize, frameCount, framesPerJobCount, randomSeed, chosen, jobs) => {
      const plan = planHoneypots(pool({ frameCount, framesPerJobCount, randomSeed }), names(size), segmentSize)
      const pictures = plan.placements.map(({ picture }) => picture)
      expect(plan.cuts.map(({ startFrame, stopFrame }) => pictures.slice(startFrame, stopFrame + 1))).toEqual(jobs)
      expect(plan.frames.map((frame) => pictures[frame])).toEqual(chosen)
      expect(plan.framesPerJob).toBe(framesPerJobCount)
    },
  )

  test('each job gets its number of honeypots, uses differ by at most one, a honeypot shows its frame of the pool', () => {
    const { placements, cuts, frames } = planHoneypots(pool({ frameShare: 0.1, framesPerJobShare: 0.2 }), names(200), 20)
    expect(frames).toEqual(Array.from({ length: 20 }, (_, i) => placements.length - 20 + i))
    expect(placements).toHaveLength(180 + 9 * 4 + 20)
    const uses = new Map(frames.map((frame) => [frame, 0]))
    for (const { startFrame, stopFrame } of cuts) {
      const shown = placements.slice(startFrame, stopFrame + 1).flatMap(({ realFrame }) => realFrame ?? [])
      expect(new Set(shown).size).toBe(4)
      for (const frame of shown) uses.set(frame, uses.get(frame)! + 1)
    }
    expect(Math.max(...uses.values()) - Math.min(...uses.values())).toBeLessThanOrEqual(1)
    for (const { picture, realFrame } of placements) if (realFrame !== null) expect(placements[realFrame]!.picture).toBe(picture)
    const regular = placements.slice(0, -20).filter(({ realFrame }) => realFrame === null)
    expect(new Set(regular.map(({ picture }) => picture)).size).toBe(180)
  })

  test('named pictures make the pool, in natural order', () => {
    const plan = planHoneypots(pool({ method: 'manual', frames: ['7.png', '2.png'], framesPerJobCount: 1 }), names(10), 4)
    expect(plan.frames.map((frame) => plan.placements[frame]!.picture)).toEqual([2, 7])
  })

  test.each([
    [{ frameCount: 10, framesPerJobCount: 1 }, /must be less than the number of task frames/],
    [{ frameCount: 2, framesPerJobCount: 3 }, /greater than the validation pool size/],
    [{ method: 'manual', frames: ['a', '1.png'], framesPerJobCount: 1 }, /Unknown validation frames requested: a/],
    [{ method: 'manual', frames: names(10), framesPerJobCount: 1 }, /Too few frames/],
  ] as const)('%j is refused', (more, why) => expect(() => planHoneypots(pool(more as object), names(10), 5)).toThrow(why))

  test('more per job than there are in the pool are all of it', () =>
    expect(planHoneypots(pool({ frameShare: 0.1, framesPerJobCount: 5 }), names(20), 5).framesPerJob).toBe(2))
})

describe('ground truth', () => {
  const cutting = {
    size: 10,
    segmentSize: 5,
    overlap: 0,
    jobs: [
      { startFrame: 0, stopFrame: 4 },
      { startFrame: 5, stopFrame: 9 },
    ],
  }
  const plan = (more: Partial<ValidationParams>, known: string[] | null = names(10)) =>
    planGroundTruth({ mode: 'gt', method: 'manual', ...more }, cutting, known)

  test('named pictures, counts and shares', () => {
    expect(plan({ frames: ['7.png', '2.png'] })).toEqual({ mode: 'gt', frames: [2, 7], framesPerJob: null })
    expect(plan({ method: 'random_uniform', frameShare: 0.35 }).frames).toHaveLength(3)
    const { frames } = plan({ method: 'random_per_job', framesPerJobShare: 0.5 })
    expect(frames.filter((frame) => frame < 5)).toHaveLength(2)
  })

  test.each([
    [{ frames: ['b', 'a'] }, undefined, /Unknown validation frames requested: a, b/],
    [{ frames: ['a'] }, null, /pictures only/],
    [{ method: 'random_uniform', frameCount: 11 }, undefined, /from 1 to 10, not 11/],
    [{ method: 'random_per_job', framesPerJobCount: 5 }, undefined, /less than the segment size/],
  ] as const)('%j is refused', (more, known, why) => expect(() => plan(more as object, known as null)).toThrow(why))
})
