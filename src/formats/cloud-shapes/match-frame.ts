// Which frame of the target a file of a dataset means: by the name of its cloud, else by its number.
import type { CloudTarget } from './model'

type Frame = CloudTarget['frames'][number]

const stemOf = (name: string) => name.replace(/^.*\//, '').replace(/\.[^.]*$/, '')

/** @returns a search by name without folders and extension, which may be a task frame's number */
export const createFrameFinder = (frames: readonly Frame[]) => {
  const byName = new Map(frames.map((frame) => [stemOf(frame.name), frame]))
  const byNumber = new Map(frames.map((frame) => [frame.frame, frame]))
  return (name: string): Frame | undefined => {
    const stem = stemOf(name)
    return byName.get(stem) ?? (/^\d{1,9}$/.test(stem) ? byNumber.get(Number(stem)) : undefined)
  }
}

/** How frames are called in a layout with six digits: as they are where they have such names, else by their number. */
export const nameByNumber = ({ frame, name }: Frame): string => {
  const stem = stemOf(name)
  return /^\d{6}$/.test(stem) ? stem : String(frame).padStart(6, '0')
}
