// The door of the live events: what everybody calls to tell those who watch.
export { startCarrying } from './carry'
export { type LiveEvent, listen, publish, setCarrier } from './hub'
export { endStreams } from './streams'
