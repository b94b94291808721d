// Lets a function annotate the task or job that a request named.
import { runAnnotation } from '../server/functions/service'
import { runRequest } from '../server/requests/service'
import type { Handler } from './index'

export const annotateAutomatically: Handler<'annotate-automatically'> = ({ payload, signal }) =>
  runRequest(payload.requestId, async (row, report) => {
    try {
      return await runAnnotation(row, report, signal)
    } catch (error) {
      // Stopped from outside: the queue knows why, and runs it again if the server is what stopped.
      if (signal.aborted) return new Promise<never>(() => {})
      throw error
    }
  })
