// What each server counts, over a day: the door of the feature.
export { type Figure, type Figures, figureUnits } from './collect'
export { type History, listServers, readHistory, readLast } from './history'
export { keepSamples, nameServer } from './keep'
