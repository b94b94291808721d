// For the tests: a backup or a restore that is killed when a step lasts. Arguments: backup|restore, step, how often it comes before, target, data directory, address of PostgreSQL or ''.
import { config } from '../config'
import { openDisk } from '../storage/disk'
import { holdTarget, listSnapshots, placeOf, restoreSnapshot, writeSnapshot } from './service'

const [action, step, times, folder, dataDir, url] = process.argv.slice(2) as [string, string, string, string, string, string]
const target = openDisk(folder)
let left = Number(times)
const afterStep = (reached: string) => {
  if (reached === step && left-- === 0) process.kill(process.pid, 'SIGKILL')
}
if (action === 'backup')
  await holdTarget(target, () => writeSnapshot(target, { place: placeOf(config()), dataDir, version: '0.0.1', afterStep }))
else await restoreSnapshot(target, (await listSnapshots(target)).at(-1)!, { dataDir, ...(url && { toPostgres: url }), afterStep })
