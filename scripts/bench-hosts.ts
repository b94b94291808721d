// `bun run bench:hosts`: what a second worker brings: chunks made and exports written with 1 and 2 workers, each on a host of its own. --tasks N, --frames N.
import { readdirSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { adminPassword, openCluster, until } from '../tests/hosts/cluster.ts'
import { type Caller, createTask, expectOk, finishRequest, signInAt, startExport } from '../tests/hosts/load.ts'

const { values: flags } = parseArgs({
  options: {
    tasks: { type: 'string', default: '4' },
    frames: { type: 'string', default: '120' },
    workers: { type: 'string', default: '1,2' },
  },
})
const [tasks, frames] = [Number(flags.tasks), Number(flags.frames)]
const chunkSize = 10
const formats = ['CVAT for images 1.1', 'Segmentation mask 1.1']
const patienceMs = 1_800_000

const picture = Bun.file(join(import.meta.dir, '../public/demo/coffee.jpg'))

/** A task whose chunks are made ahead; answers when the worker has begun it. */
const startTask = async ({ call }: Caller): Promise<string> => {
  const { json: task } = expectOk(await call('POST', '/api/tasks', { name: 'chunks', labels: [{ name: 'cup' }] }))
  const form = new FormData()
  // Less than the pictures have, so that each is encoded anew.
  form.set('image_quality', '50')
  form.set('chunk_size', String(chunkSize))
  form.set('use_cache', 'false')
  const bytes = await picture.bytes()
  for (let i = 0; i < frames; i++) form.set(`client_files[${i}]`, new Blob([bytes]), `${String(i).padStart(5, '0')}.jpg`)
  return expectOk(await call('POST', `/api/tasks/${task.id}/data`, form)).json.rq_id
}

const countChunks = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.zip')).length

const measure = async (workers: number) => {
  // One volume, because chunks that are made ahead lie in the cache of the host that made them. One thread a worker, so that two
  // workers stand for two machines with half of the processors each.
  const cluster = await openCluster({ servers: 1, workers, isVolume: true, env: { ANNOLITH_WORKER_THREADS: '1' } })
  try {
    const caller = await signInAt(cluster.servers, 'admin', adminPassword)
    const ready: Awaited<ReturnType<typeof createTask>>[] = []
    for (let n = 0; n < tasks; n++) ready.push(await createTask(caller, frames, frames))
    const exported = performance.now()
    const ids: string[] = []
    for (const format of formats) for (const { id } of ready) ids.push(await startExport(caller, id, format))
    await Promise.all(ids.map((id) => finishRequest(caller, id)))
    const exportSeconds = (performance.now() - exported) / 1000

    const cache = join(cluster.home, 'volume/cache/media')
    const made = performance.now()
    const created = await Promise.all(Array.from({ length: tasks }, () => startTask(caller)))
    await Promise.all(created.map((id) => finishRequest(caller, id)))
    const wanted = tasks * Math.ceil(frames / chunkSize)
    await until('all chunks are made', () => countChunks(cache) >= wanted, patienceMs)
    const chunkSeconds = (performance.now() - made) / 1000
    return { exports: ids.length / (exportSeconds / 60), chunks: wanted / chunkSeconds }
  } finally {
    await cluster.close()
  }
}

console.log(`${availableParallelism()} processors (${cpus()[0]?.model ?? 'unknown'}); ${tasks} tasks of ${frames} pictures`)
console.log('| workers | exports with pictures a minute | chunks of 10 pictures a second |')
console.log('|---|---|---|')
for (const workers of flags.workers.split(',').map(Number)) {
  const { exports, chunks } = await measure(workers)
  console.log(`| ${workers} | ${exports.toFixed(1)} | ${chunks.toFixed(2)} |`)
}
console.log(
  'Server, databases and clients share the processors with the workers, so that the gain is bounded by what they leave; on hosts of their own it is not.',
)
process.exit(0)
