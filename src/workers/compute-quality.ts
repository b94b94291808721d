// Computes a quality report that a request asked for.
import { runReport } from '../server/quality/service'
import { runRequest } from '../server/requests/service'
import type { Handler } from './index'

export const computeQuality: Handler<'compute-quality'> = ({ payload }) => runRequest(payload.requestId, runReport)
