// Which frames the timeline shows, and where a frame lies in it.
import type { Span } from './strip'

/** `from` and `to` in frames, as fractions while zooming; `width` in CSS pixels. */
export type Scale = { from: number; to: number; width: number }

const fewestFrames = 10

/** Left edge of a frame. */
export const toX = ({ from, to, width }: Scale, frame: number): number => ((frame - from) / (to - from)) * width

export const toFrame = ({ from, to, width }: Scale, x: number, job: Span): number => {
  const frame = Math.floor(from + (x / Math.max(width, 1)) * (to - from))
  return Math.min(Math.max(frame, job.from), job.to)
}

/** All frames of the job; the last one has its full width too. */
export const showAll = ({ from, to }: Span, width: number): Scale => ({ from, to: to + 1, width })

const keepInside = ({ from, to, width }: Scale, job: Span): Scale => {
  const size = Math.min(to - from, job.to + 1 - job.from)
  const start = Math.min(Math.max(from, job.from), job.to + 1 - size)
  return { from: start, to: start + size, width }
}

/** `factor` above 1 shows fewer frames; the frame at `x` stays where it is. */
export const zoomScale = (scale: Scale, factor: number, x: number, job: Span): Scale => {
  const size = Math.max((scale.to - scale.from) / factor, Math.min(fewestFrames, job.to + 1 - job.from))
  const middle = scale.from + (x / scale.width) * (scale.to - scale.from)
  const from = middle - (x / scale.width) * size
  return keepInside({ ...scale, from, to: from + size }, job)
}

export const moveScale = (scale: Scale, pixels: number, job: Span): Scale => {
  const frames = (pixels / scale.width) * (scale.to - scale.from)
  return keepInside({ ...scale, from: scale.from + frames, to: scale.to + frames }, job)
}

/** Moved just so far that the frame is to be seen. */
export const revealFrame = (scale: Scale, frame: number, job: Span): Scale => {
  if (frame >= scale.from && frame + 1 <= scale.to) return scale
  const size = scale.to - scale.from
  const from = frame < scale.from ? frame : frame + 1 - size
  return keepInside({ ...scale, from, to: from + size }, job)
}

/** Frames for the marks of the ruler: round numbers, at least so many pixels apart. */
export const listTicks = (scale: Scale, apartPx: number): number[] => {
  const least = ((scale.to - scale.from) / Math.max(scale.width, 1)) * apartPx
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1)))
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= least) ?? 10 * power
  const ticks: number[] = []
  for (let frame = Math.ceil(scale.from / step) * step; frame < scale.to; frame += step) ticks.push(frame)
  return ticks
}
