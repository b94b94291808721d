// The door of functions: models that annotate, whoever runs them.
export { runAnnotation } from './annotate/run'
