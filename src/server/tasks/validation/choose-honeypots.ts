// Which validation frames the honeypots of a task show from now on.
import type { Honeypot } from '../../data/service'
import { refused } from '../../http/errors'
import { createGenerator, randomSeed } from '../../jobs/service'
import { createFrameSelector } from '../../validation/service'

type Layout = { frames: number[]; disabledFrames: number[] }

const listActive = ({ frames, disabledFrames }: Layout) => {
  const disabled = new Set(disabledFrames)
  return frames.filter((frame) => !disabled.has(frame))
}

const name = (frames: Iterable<number>) =>
  [...new Set(frames)]
    .sort((a, b) => a - b)
    .slice(0, 20)
    .join(', ')

/** The frames that a person wants for some honeypots, in their order. Throws 400 when they do not fit. */
export const chooseWanted = (layout: Layout, honeypots: Honeypot[], wanted: number[]): number[] => {
  const pool = new Set(layout.frames)
  const active = new Set(listActive(layout))
  const strangers = wanted.filter((frame) => !pool.has(frame))
  if (strangers.length)
    throw refused(`Could not update honeypot frames: frames ${name(strangers)} are not from the validation pool`)
  const disabled = wanted.filter((frame) => !active.has(frame))
  if (disabled.length)
    throw refused(
      `Could not update honeypot frames: frames ${name(disabled)} are disabled. Restore them in the validation pool first`,
    )
  if (wanted.length !== honeypots.length)
    throw refused(
      `Could not update honeypot frames: the number of honeypots must remain the same. Requested ${wanted.length}, current ${honeypots.length}`,
    )
  return wanted
}

/**
 * Draws frames for the honeypots of some jobs, each frame at most once in a job and the least used first.
 * @param counted honeypots whose present frames count as used; none when all are drawn anew
 */
export const chooseRandomly = (layout: Layout, jobs: Honeypot[][], counted: Honeypot[] = []): number[][] => {
  const uses = new Map(listActive(layout).map((frame) => [frame, 0]))
  for (const { realFrame } of counted) if (uses.has(realFrame)) uses.set(realFrame, uses.get(realFrame)! + 1)
  const most = Math.max(0, ...jobs.map(({ length }) => length))
  if (uses.size < most)
    throw refused(
      `Can't select validation frames: the remaining number of validation frames (${uses.size}) is less than the number of honeypots in a job (${most}). Try to restore some validation frames`,
    )
  const select = createFrameSelector(uses, createGenerator(randomSeed()))
  return jobs.map(({ length }) => select(length))
}
