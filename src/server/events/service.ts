// The door of the audit log: what everybody calls when something changes.
export { addDelivery, showSender, targetOf } from './queue-deliveries'
export { type Actor, type Change, type ChangeResource, readActor, recordChange, recordChanges } from './record-change'
export { forgetAllEvents, forgetOldEvents } from './retention'
