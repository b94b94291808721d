// Looks for suspicious labels in what a request named.
import { runRequest } from '../server/requests/service'
import { runSearch } from '../server/suspects/service'
import type { Handler } from './index'

export const findSuspects: Handler<'find-suspects'> = ({ payload }) => runRequest(payload.requestId, runSearch)
