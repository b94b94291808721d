// The door of the live events: what everybody calls to tell those who watch.
export { type LiveEvent, publish, setCarrier } from './hub'
