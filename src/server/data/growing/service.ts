// The face of growing tasks: appending frames, and looking into watched folders.
export { appendFrames } from './append'
export { requireGrowable } from './growable'
export { addDueScans, scanWatch } from './scan'
export { listWatches, longestIntervalSeconds, shortestIntervalSeconds } from './watches'
