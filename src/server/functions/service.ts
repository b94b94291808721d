// The door of functions: models that annotate, whoever runs them.
export { forgetOldAgentRequests } from './agent/queue'
export { endWatches } from './agent/watch'
export { runAnnotation } from './annotate/run'
