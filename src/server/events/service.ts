// The door of the audit log and the event store: what everybody calls when something changes, and what others read.
import type { Who } from '../policy/who'
import type { Wanted } from './export'

export { writeRow } from './csv'
export { keepEventsMoving } from './keep'
export { addDelivery, showSender, targetOf } from './queue-deliveries'
export { rebuildSums } from './rebuild'
export { type Actor, type Change, type ChangeResource, readActor, recordChange, recordChanges } from './record-change'
export { forgetAllEvents, forgetOldEvents } from './retention'
export { settleEvents } from './settle'
export { activityDays, activityHours, eventLog, jobMoves, type Metric, metrics } from './store-schema'

/** Events as CSV, as far as the person may have them. Loaded late, for exports know features that record events. */
export const streamEvents = async (who: Who, wanted: Wanted) => (await import('./export')).streamEvents(who, wanted)
