// Runs an export of the audit log that a request asked for.
import { runEventsExport } from '../server/events/export'
import { runRequest } from '../server/requests/service'
import type { Handler } from './index'

export const exportEvents: Handler<'export-events'> = ({ payload }) => runRequest(payload.requestId, runEventsExport)
