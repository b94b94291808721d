// The face of validation layouts to other features.
export { getTaskLayout, updateJobLayout, updateTaskLayout } from './layout'
