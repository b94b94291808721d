// Entry of the bundle that decodes video; the editor loads it when a job has one.
export { openVideo } from './open-video'
