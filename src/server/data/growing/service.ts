// The face of growing tasks: appending frames, and looking into watched folders.
export { appendFrames } from './append'
export { addDueScans, scanWatch } from './scan'
