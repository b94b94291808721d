// Failures of functions as answers of the API.
import { ApiError } from '../http/errors'
import { FunctionError, type FunctionFault } from './contract'

const statusOf: Record<FunctionFault, number> = { input: 400, unavailable: 503, timeout: 504, answer: 502 }

/** Runs work that asks functions; their failures become answers that say what went wrong. */
export const orExplain = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof FunctionError)) throw error
    throw new ApiError(statusOf[error.fault], { detail: error.message })
  }
}
