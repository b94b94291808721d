// Runs an import that a request asked for.
import { runImport } from '../server/datasets/service'
import { runRequest } from '../server/requests/service'
import type { Handler } from './index'

export const importAnnotations: Handler<'import-annotations'> = ({ payload }) => runRequest(payload.requestId, runImport)
