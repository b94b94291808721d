// Runs an export that a request asked for.
import { runExport } from '../server/datasets/service'
import { runRequest } from '../server/requests/service'
import type { Handler } from './index'

export const exportDataset: Handler<'export-dataset'> = ({ payload }) => runRequest(payload.requestId, runExport)
