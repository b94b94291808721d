// Graphs of characters: braille, two samples and four steps a cell, the newest sample at the right. Pure.
import type { Graph } from './pane'

/** Bits of the dots of one braille cell, from the bottom up, of the left and the right column. */
const dots = [
  [0x40, 0x04, 0x02, 0x01],
  [0x80, 0x20, 0x10, 0x08],
] as const
const stepsPerCell = 4

export const topOf = ({ samples, max }: Graph) => max ?? Math.max(0, ...samples)

/** Lines of `width` cells, top first: the area below the samples. */
export const drawGraph = (graph: Graph, width: number, height: number): string[] => {
  const top = topOf(graph)
  const seen = graph.samples.slice(-width * 2)
  const start = width * 2 - seen.length
  const steps = height * stepsPerCell
  const cells = Array.from({ length: height }, () => new Array<number>(width).fill(0))
  for (const [i, value] of seen.entries()) {
    const at = start + i
    // What is there at all is seen.
    const filled = top > 0 && value > 0 ? Math.max(1, Math.min(steps, Math.round((value / top) * steps))) : 0
    for (let step = 0; step < filled; step++) {
      const line = cells[height - 1 - Math.floor(step / stepsPerCell)]!
      line[at >> 1]! |= dots[at % 2 ? 1 : 0]![step % stepsPerCell]!
    }
  }
  return cells.map((line) => line.map((bits) => (bits ? String.fromCharCode(0x2800 + bits) : ' ')).join(''))
}
