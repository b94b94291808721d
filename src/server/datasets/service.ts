// The face of exports and imports to other features and to the workers.
export { planExport, runExport } from './export'
export { authorizeImport, planImport, runImport } from './import'
export { runInspection } from './inspect/run'
export { planProjectImport, requireArchiveName, runProjectImport } from './project-import'
