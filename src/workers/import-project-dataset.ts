// Runs an import of a dataset into a project that a request asked for.
import { runProjectImport } from '../server/datasets/service'
import { runRequest } from '../server/requests/service'
import type { Handler } from './index'

export const importProjectDataset: Handler<'import-project-dataset'> = ({ payload }) =>
  runRequest(payload.requestId, runProjectImport)
