// Backups of the whole server: written while it runs, restored into an empty one. The door of the feature.
export type { Snapshot } from './layout'
export { readValues, writeLines } from './lines'
export { listSnapshots, pruneSnapshots, readSnapshot, verifySnapshot } from './list-snapshots'
export { isHalfRestored, type RestoreOptions, restoreSnapshot } from './restore-snapshot'
export { openTarget } from './target'
export { type SnapshotOptions, writeSnapshot } from './write-snapshot'
