// The door of the audit log: what everybody calls when something changes.
export { addDelivery, showSender, targetOf } from './queue-deliveries'
export { type Change, type ChangeResource, recordChange } from './record-change'
