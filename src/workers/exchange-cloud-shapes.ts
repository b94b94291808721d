// Runs exports and imports of what is drawn on point clouds.
import { runCloudExport, runCloudImport } from '../server/cloud-shapes/service'
import { runRequest } from '../server/requests/service'
import type { Handler } from './index'

export const exportCloudShapes: Handler<'export-cloud-shapes'> = ({ payload }) => runRequest(payload.requestId, runCloudExport)
export const importCloudShapes: Handler<'import-cloud-shapes'> = ({ payload }) => runRequest(payload.requestId, runCloudImport)
