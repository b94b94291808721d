// Every kind of background work as data: what it is given, its lane, and how long and how often it may try.

export const lanes = [
  'import',
  'export',
  'annotation',
  'webhooks',
  'quality',
  'chunks',
  'consensus',
  'functions',
  'cleanup',
  'backups',
] as const
export type Lane = (typeof lanes)[number]

export type ChoreSpec = {
  lane: Lane
  /** How often it is run again after an error. A run that a crash cut off is repeated in any case (see `maxAttempts`). */
  retries: number
  /** A run that takes longer is ended and counts as an error. */
  timeoutSeconds: number
}

const chore = <Payload>(spec: ChoreSpec): ChoreSpec & { payload?: Payload } => spec
const hour = 3600

export const chores = {
  'create-task': chore<{ requestId: string; taskId: number }>({ lane: 'import', retries: 0, timeoutSeconds: 6 * hour }),
  'export-backup': chore<{ requestId: string }>({ lane: 'export', retries: 0, timeoutSeconds: 6 * hour }),
  'import-backup': chore<{ requestId: string }>({ lane: 'import', retries: 0, timeoutSeconds: 6 * hour }),
  'append-frames': chore<{ requestId: string; taskId: number }>({ lane: 'import', retries: 0, timeoutSeconds: 6 * hour }),
  'scan-watch': chore<{ watchId: number }>({ lane: 'cleanup', retries: 0, timeoutSeconds: 600 }),
  'import-project-dataset': chore<{ requestId: string }>({ lane: 'import', retries: 0, timeoutSeconds: 6 * hour }),
  'export-dataset': chore<{ requestId: string }>({ lane: 'export', retries: 0, timeoutSeconds: 6 * hour }),
  'export-cloud-shapes': chore<{ requestId: string }>({ lane: 'export', retries: 0, timeoutSeconds: 6 * hour }),
  'import-cloud-shapes': chore<{ requestId: string }>({ lane: 'annotation', retries: 0, timeoutSeconds: 6 * hour }),
  'export-events': chore<{ requestId: string }>({ lane: 'export', retries: 0, timeoutSeconds: hour }),
  'import-annotations': chore<{ requestId: string }>({ lane: 'annotation', retries: 0, timeoutSeconds: 6 * hour }),
  'compute-quality': chore<{ requestId: string }>({ lane: 'quality', retries: 0, timeoutSeconds: 6 * hour }),
  'find-suspects': chore<{ requestId: string }>({ lane: 'quality', retries: 0, timeoutSeconds: 6 * hour }),
  'merge-consensus': chore<{ requestId: string }>({ lane: 'consensus', retries: 0, timeoutSeconds: 6 * hour }),
  'inspect-dataset': chore<{ requestId: string }>({ lane: 'annotation', retries: 0, timeoutSeconds: 6 * hour }),
  'annotate-automatically': chore<{ requestId: string }>({ lane: 'functions', retries: 0, timeoutSeconds: 24 * hour }),
  'tile-cloud': chore<{ taskId: number; frame: number }>({ lane: 'chunks', retries: 0, timeoutSeconds: 2 * hour }),
  'deliver-webhook': chore<{ deliveryId: number }>({ lane: 'webhooks', retries: 5, timeoutSeconds: 60 }),
  'back-up-server': chore<Record<string, never>>({ lane: 'backups', retries: 1, timeoutSeconds: 24 * hour }),
  cleanup: chore<Record<string, never>>({ lane: 'cleanup', retries: 2, timeoutSeconds: hour }),
}

export type ChoreName = keyof typeof chores
export type ChorePayload<N extends ChoreName> = NonNullable<(typeof chores)[N]['payload']>

/** Runs after which a chore is given up although each was only cut off (crash, restart, lost host). */
export const maxAttempts = (name: ChoreName) => Math.max(chores[name].retries, 2) + 1

/** Pause before the next try, in ms: 1 s, 4 s, 16 s … at most 5 minutes. */
export const backOff = (attempts: number) => Math.min(1000 * 4 ** (attempts - 1), 300_000)
