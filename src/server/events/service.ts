// The door of the audit log and the event store: what everybody calls when something changes, and what others read.
export { keepEventsMoving } from './keep'
export { addDelivery, showSender, targetOf } from './queue-deliveries'
export { rebuildSums } from './rebuild'
export { type Actor, type Change, type ChangeResource, readActor, recordChange, recordChanges } from './record-change'
export { forgetAllEvents, forgetOldEvents } from './retention'
export { settleEvents } from './settle'
export { activityDays, activityHours, eventLog, jobMoves, type Metric, metrics } from './store-schema'
