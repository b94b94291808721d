// The face of backups to the workers.
export { runBackup } from './export'
export { runRestore } from './restore'
