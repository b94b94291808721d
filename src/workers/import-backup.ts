// Runs the restoring of a backup that a request asked for.
import { runRestore } from '../server/backups/service'
import { runRequest } from '../server/requests/service'
import type { Handler } from './index'

export const importBackup: Handler<'import-backup'> = ({ payload }) => runRequest(payload.requestId, runRestore)
