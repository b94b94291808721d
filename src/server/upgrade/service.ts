// Upgrades with the way back. The door of the feature.
export { type Journal, readJournal, type Step } from './journal'
export { rollBack, trialVariable, type UpgradeOptions, upgrade } from './upgrade'
