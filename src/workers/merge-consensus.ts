// Merges replicas that a request named.
import { runMerge } from '../server/consensus/service'
import { runRequest } from '../server/requests/service'
import type { Handler } from './index'

export const mergeConsensus: Handler<'merge-consensus'> = ({ payload }) => runRequest(payload.requestId, runMerge)
