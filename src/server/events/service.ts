// The door of the audit log: what everybody calls when something changes.
export { type Change, type ChangeResource, recordChange } from './record-change'
