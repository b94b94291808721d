// The face of exports and imports to other features and to the workers.
export { planExport, runExport } from './export'
export { authorizeImport, planImport, runImport } from './import'
export { runInspection } from './inspect/run'
export { runProjectImport } from './project-import'
