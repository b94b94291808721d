// The door of suspicious labels.
export {
  type Action,
  type Asked,
  applyDecision,
  type Done,
  maxDecided,
  type Plan,
  planDecision,
  reopenMended,
  type Step,
} from './decide'
export {
  countReasons,
  countSuspects,
  findSuspects,
  getSuspect,
  type Narrowing,
  openPlace,
  readLastRun,
  readNarrowing,
  type ShownSuspect,
  showSuspects,
  whereVisible,
} from './list'
export { findRunning, type Place, planRun, runSearch } from './run'
export { regionOf, sendThumbnail } from './thumbnail'
