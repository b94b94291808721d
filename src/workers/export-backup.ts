// Runs a backup that a request asked for.
import { runBackup } from '../server/backups/service'
import { runRequest } from '../server/requests/service'
import type { Handler } from './index'

export const exportBackup: Handler<'export-backup'> = ({ payload }) => runRequest(payload.requestId, runBackup)
