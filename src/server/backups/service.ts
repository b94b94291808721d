// The face of backups to the workers, to plain pages, and to imports that make tasks out of files as restores do.
export { planBackup, runBackup } from './export'
export type { JobAnnotations } from './read-annotations'
export { removeAbandonedRestores } from './remove-abandoned'
export { planRestore, runRestore } from './restore'
export type { Place, PreparedTask } from './save-task'
export { saveTasks } from './save-tasks'
export { settleAll } from './settle-all'
