// `bun run bench:annotations`: saves and loads annotations of growing jobs on the compiled program, with its memory; writes docs/benchmarks.md. --print: only print it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { describeMachine, readMemory } from './benching/machine.ts'
import { createRandom } from './benching/pictures.ts'
import { formatTable, type Measurement, writeSection } from './benching/report.ts'
import { binaryPath } from './build/paths.ts'
import { type Client, signIn, uploadMedia } from './client.ts'
import { findFreePort, isAnswering, type Running, startServer } from './server-process.ts'

const { values: flags } = parseArgs({
  options: {
    print: { type: 'boolean' },
    /** Counts of shapes for which everything is measured. */
    shapes: { type: 'string', default: '10000,100000' },
    /** Count of shapes of the job that is loaded by ranges of frames; 0 leaves it out. */
    huge: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '5' },
    binary: { type: 'string', default: binaryPath },
  },
})
const rounds = Number(flags.rounds)
const password = 'annolith-benchmark'
const frames = 500
/** Frames that the editor loads at once. */
const rangeFrames = 10
/** So many shapes go into one request. */
const batch = 50_000

const measurements: Measurement[] = []
const add = (what: string, value: number, unit: Measurement['unit']) => {
  measurements.push({ what, value, unit })
  console.log(`${what}: ${value.toFixed(1)} ${unit}`)
}
const median = (list: number[]) => list.toSorted((a, b) => a - b)[list.length >> 1]!

/** Polygons of 20 points spread over all frames, as JSON text. */
const writeShapes = (count: number, labelId: number, seed: number): string => {
  const random = createRandom(seed)
  const shape = (_: unknown, i: number) => {
    const [x, y, radius] = [200 + random() * 1500, 200 + random() * 650, 20 + random() * 150]
    const points = Array.from({ length: 20 }, (_, k) => {
      const angle = (k / 20) * 2 * Math.PI
      return [x + Math.cos(angle) * radius, y + Math.sin(angle) * radius].map((value) => Math.round(value * 100) / 100)
    }).flat()
    const common = { occluded: false, outside: false, z_order: 0, rotation: 0, group: 0, source: 'manual', attributes: [] }
    return { ...common, type: 'polygon', frame: i % frames, label_id: labelId, points }
  }
  return JSON.stringify({ version: 0, tags: [], tracks: [], shapes: Array.from({ length: count }, shape) })
}

const start = async (dataDir: string): Promise<Running> => {
  const env = { ANNOLITH_ADMIN_PASSWORD: password }
  const running = startServer({ dataDir, host: '127.0.0.1', port: findFreePort(), env, binary: flags.binary })
  for (const deadline = Date.now() + 60_000; !(await isAnswering(running.url)); await Bun.sleep(5))
    if (Date.now() > deadline) throw new Error(`the program did not answer; see ${dataDir}/annolith.log`)
  return running
}

/** A job of `frames` frames. */
const createJob = async (client: Client) => {
  const { id } = await client.send('POST', '/api/tasks', { name: 'annotations', labels: [{ name: 'thing' }] })
  const picture = new Blob([await Bun.file(join(import.meta.dir, '../public/demo/coffee.jpg')).bytes()])
  await uploadMedia(
    client,
    id,
    Array.from({ length: frames }, (_, i) => [`${String(i).padStart(4, '0')}.jpg`, picture]),
  )
  const [job] = (await client.get(`/api/jobs?task_id=${id}`)).results
  const [label] = (await client.get(`/api/labels?task_id=${id}`)).results
  return { path: `/api/jobs/${job.id}/annotations`, label: label.id as number }
}

/** Sends a ready text and reads the answer to its end; only that is timed, not what the client does with it. */
const send = async (client: Client, method: string, path: string, body?: string): Promise<number> => {
  const started = performance.now()
  const headers: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
  const response = await client.raw(path, { method, body, headers })
  await response.bytes()
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}`)
  return performance.now() - started
}

const measureCount = async (client: Client, pid: number, count: number) => {
  const { path, label } = await createJob(client)
  const [first, second] = [writeShapes(count, label, 1), writeShapes(count, label, 2)]
  const times = { create: [] as number[], load: [] as number[], replace: [] as number[], delete: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    times.create.push(await send(client, 'PATCH', `${path}?action=create`, first))
    times.load.push(await send(client, 'GET', path))
    times.replace.push(await send(client, 'PUT', path, second))
    times.delete.push(await send(client, 'DELETE', path))
  }
  const what = `${count.toLocaleString('en')} polygons of 20 points`
  for (const [name, list] of Object.entries(times)) add(`${what}: ${name}`, median(list), 'ms')
  add(`${what}: resident memory after it`, readMemory(pid).rssMb, 'MB')
}

const measureHuge = async (client: Client, pid: number, count: number) => {
  const { path, label } = await createJob(client)
  for (let left = count; left > 0; left -= batch)
    await send(client, 'PATCH', `${path}?action=create`, writeShapes(Math.min(batch, left), label, left))
  const what = `a job with ${count.toLocaleString('en')} polygons`
  add(`${what}: resident memory after saving it`, readMemory(pid).rssMb, 'MB')
  const ranges: number[] = []
  for (let round = 0; round < 20; round++) {
    const from = (round * 23) % (frames - rangeFrames)
    ranges.push(await send(client, 'GET', `${path}?frame_from=${from}&frame_to=${from + rangeFrames - 1}`))
  }
  const size = Math.round((count / frames) * rangeFrames).toLocaleString('en')
  add(`${what}: load ${rangeFrames} of ${frames} frames (${size} polygons)`, median(ranges), 'ms')
  const one: number[] = []
  for (let round = 0; round < 20; round++)
    one.push(await send(client, 'PATCH', `${path}?action=create`, writeShapes(1, label, 1_000_000 + round)))
  add(`${what}: save one more`, median(one), 'ms')
}

const dataDir = mkdtempSync(join(tmpdir(), 'annolith-bench-'))
let running: Running | undefined
try {
  running = await start(dataDir)
  const client = await signIn(running.url, 'admin', password)
  for (const count of flags.shapes.split(',').map(Number)) await measureCount(client, running.pid, count)
  if (Number(flags.huge)) await measureHuge(client, running.pid, Number(flags.huge))
} finally {
  if (running) process.kill(running.pid, 'SIGTERM')
  await Bun.sleep(1000)
  rmSync(dataDir, { recursive: true, force: true })
}
const table = formatTable(measurements)
console.log(`\n${describeMachine()}\n\n${table}`)
if (!flags.print) writeSection('annotations', 'bun run bench:annotations', describeMachine(), new Date(), table)
