// The door of labels: read as trees, changed through the lists that tasks and projects carry.
export { applyLabels, type LabelChange, type LabelInput } from './apply-labels'
export { labelBody, storageBody } from './body'
export { readLabelChanges, readRawLabels, writeRawLabels } from './raw-labels'
export { cleanSkeletonSvg } from './skeleton-svg'
export { type LabelRow, type LabelTree, labelsOf, type Parent } from './tree'
