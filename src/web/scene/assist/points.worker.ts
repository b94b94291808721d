// Runs beside the page: holds the points of the shown frame and answers one question after the other.
import { createAnswerer } from './answer'
import type { Answer, Ask, Operations } from './protocol'

const answer = createAnswerer()

self.onmessage = ({ data: { id, operation, values } }: MessageEvent<Ask>) => {
  let told: Answer
  try {
    told = { id, value: answer(operation, values as Operations[typeof operation]['ask']) as Operations['count']['answer'] }
  } catch (error) {
    told = { id, problem: error instanceof Error ? error.message : String(error) }
  }
  self.postMessage(told)
}
