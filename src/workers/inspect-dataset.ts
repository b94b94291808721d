// Runs a dry run of an import that a request asked for.
import { runInspection } from '../server/datasets/service'
import { runRequest } from '../server/requests/service'
import type { Handler } from './index'

export const inspectDataset: Handler<'inspect-dataset'> = ({ payload }) => runRequest(payload.requestId, runInspection)
