// Chore name → handler. The compiler asks for a missing one; each is loaded when its first chore comes.
import type { ChoreName, ChorePayload } from '../server/queue/chores'
import type { Chore } from '../server/queue/queue'

export type Handling<N extends ChoreName> = {
  payload: ChorePayload<N>
  /** Tells how far the work is, 0…1, and in words what it does. */
  report: (progress: number, message?: string) => void
  signal: AbortSignal
}
export type Handler<N extends ChoreName> = (handling: Handling<N>) => Promise<void>

const handlers: { [N in ChoreName]: () => Promise<Handler<N>> } = {
  'create-task': async () => (await import('./create-task')).createTask,
  'export-backup': async () => (await import('./export-backup')).exportBackup,
  'import-backup': async () => (await import('./import-backup')).importBackup,
  'append-frames': async () => (await import('./append-frames')).appendFrames,
  'scan-watch': async () => (await import('./scan-watch')).scanWatch,
  'import-project-dataset': async () => (await import('./import-project-dataset')).importProjectDataset,
  'export-dataset': async () => (await import('./export-dataset')).exportDataset,
  'export-cloud-shapes': async () => (await import('./exchange-cloud-shapes')).exportCloudShapes,
  'import-cloud-shapes': async () => (await import('./exchange-cloud-shapes')).importCloudShapes,
  'export-events': async () => (await import('./export-events')).exportEvents,
  'compute-quality': async () => (await import('./compute-quality')).computeQuality,
  'find-suspects': async () => (await import('./find-suspects')).findSuspects,
  'merge-consensus': async () => (await import('./merge-consensus')).mergeConsensus,
  'import-annotations': async () => (await import('./import-annotations')).importAnnotations,
  'inspect-dataset': async () => (await import('./inspect-dataset')).inspectDataset,
  'annotate-automatically': async () => (await import('./annotate-automatically')).annotateAutomatically,
  'tile-cloud': async () => (await import('./tile-cloud')).tileCloud,
  'deliver-webhook': async () => (await import('./deliver-webhook')).deliverWebhook,
  'back-up-server': async () => (await import('./back-up-server')).backUpServer,
  cleanup: async () => (await import('./cleanup')).cleanUp,
}

/** Runs one chore in this thread. */
export const runChore = async (chore: Chore, events: Omit<Handling<ChoreName>, 'payload'>): Promise<void> => {
  const handler = (await handlers[chore.name]()) as Handler<ChoreName>
  await handler({ payload: chore.payload, ...events })
}
