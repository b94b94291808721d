// `bun run bench`: measures the compiled program on a fresh data directory and writes the table of docs/benchmarks.md. --print: only print it.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { describeMachine, readCpuSeconds, readMemory } from './benching/machine.ts'
import { createRandom, makePictures } from './benching/pictures.ts'
import { formatTable, type Measurement, writeReport } from './benching/report.ts'
import { binaryPath } from './build/paths.ts'
import { type Client, signIn, uploadMedia } from './client.ts'
import { findFreePort, isAnswering, type Running, startServer, stopServer } from './server-process.ts'

const { values: flags } = parseArgs({
  options: {
    print: { type: 'boolean' },
    pictures: { type: 'string', default: '500' },
    shapes: { type: 'string', default: '10000' },
  },
})
const pictureCount = Number(flags.pictures)
const shapeCount = Number(flags.shapes)
/** After a start the engine still compiles and collects for a while. */
const settleSeconds = 12
const idleSeconds = 20
const password = 'annolith-benchmark'

const measurements: Measurement[] = []
const add = (what: string, value: number, unit: Measurement['unit']) => {
  measurements.push({ what, value, unit })
  console.log(`${what}: ${value.toFixed(1)} ${unit}`)
}
const measure = async <T>(what: string, act: () => Promise<T>): Promise<T> => {
  const started = performance.now()
  const result = await act()
  add(what, performance.now() - started, 'ms')
  return result
}

const start = async (dataDir: string): Promise<Running> => {
  const running = startServer({ dataDir, host: '127.0.0.1', port: findFreePort(), env: { ANNOLITH_ADMIN_PASSWORD: password } })
  for (const deadline = Date.now() + 60_000; !(await isAnswering(running.url)); await Bun.sleep(1))
    if (Date.now() > deadline) throw new Error(`the program did not answer; see ${dataDir}/annolith.log`)
  return running
}

const measureIdle = async ({ pid }: Running) => {
  await Bun.sleep(settleSeconds * 1000)
  const before = readCpuSeconds(pid)
  await Bun.sleep(idleSeconds * 1000)
  add('idle: CPU of one core', ((readCpuSeconds(pid) - before) / idleSeconds) * 100, '%')
  const { rssMb, pssMb } = readMemory(pid)
  add('idle: resident memory (RSS)', rssMb, 'MB')
  add('idle: proportional memory (PSS)', pssMb, 'MB')
}

const readAll = async (client: Client, path: string) => {
  const response = await client.raw(path)
  if (response.status !== 200) throw new Error(`${path} answered ${response.status}`)
  return (await response.bytes()).length
}

const measureTask = async (client: Client, files: string[]): Promise<number> => {
  const { id } = await client.send('POST', '/api/tasks', { name: 'benchmark', labels: [{ name: 'thing' }] })
  const contents = files.map((file): [string, Blob] => [basename(file), Bun.file(file)])
  await measure(`task of ${files.length} JPEGs of 1920 × 1080: upload until ready`, () => uploadMedia(client, id, contents))
  await measure('first frame', () => readAll(client, `/api/tasks/${id}/data?type=frame&number=0&quality=compressed`))
  await measure('the same frame again', () => readAll(client, `/api/tasks/${id}/data?type=frame&number=0&quality=compressed`))
  await measure('first chunk', () => readAll(client, `/api/tasks/${id}/data?type=chunk&number=0&quality=compressed`))
  await measure('the same chunk again', () => readAll(client, `/api/tasks/${id}/data?type=chunk&number=0&quality=compressed`))
  return id
}

/** Polygons of 20 points spread over all frames. */
const makeShapes = (count: number, frames: number, labelId: number) => {
  const random = createRandom(1)
  return Array.from({ length: count }, (_, i) => {
    const [x, y, radius] = [200 + random() * 1500, 200 + random() * 650, 20 + random() * 150]
    const points = Array.from({ length: 20 }, (_, k) => {
      const angle = (k / 20) * 2 * Math.PI
      return [x + Math.cos(angle) * radius, y + Math.sin(angle) * radius].map((value) => Math.round(value * 100) / 100)
    }).flat()
    const common = { occluded: false, outside: false, z_order: 0, rotation: 0, group: 0, source: 'manual', attributes: [] }
    return { ...common, type: 'polygon', frame: i % frames, label_id: labelId, points }
  })
}

const measureAnnotations = async (client: Client, taskId: number) => {
  const { results } = await client.get(`/api/labels?task_id=${taskId}`)
  const path = `/api/tasks/${taskId}/annotations`
  const body = { version: 0, tags: [], tracks: [], shapes: makeShapes(shapeCount, pictureCount, results[0].id) }
  const what = `${shapeCount.toLocaleString('en')} polygons of 20 points`
  await measure(`${what}: save`, () => client.send('PATCH', `${path}?action=create`, body))
  const loaded = await measure(`${what}: load`, () => client.get(path))
  if (loaded.shapes.length !== shapeCount) throw new Error(`${loaded.shapes.length} shapes came back`)
  await measure(`${what}: replace`, () => client.send('PUT', path, body))
  await measure(`${what}: delete`, () => client.send('DELETE', path))
  await client.send('PATCH', `${path}?action=create`, body)
  for (const format of ['COCO 1.0', 'CVAT for images 1.1'])
    await measure(`${what}: export as ${format}, without pictures`, async () => {
      const query = `format=${encodeURIComponent(format)}&save_images=false`
      const { rq_id } = await client.send('POST', `/api/tasks/${taskId}/dataset/export?${query}`)
      const { result_url } = await client.finish(rq_id)
      const { pathname, search } = new URL(result_url, 'http://localhost')
      return readAll(client, `${pathname}${search}`)
    })
}

if (!existsSync(binaryPath)) throw new Error('dist/annolith does not exist; run bun run build')
const files = await makePictures(pictureCount)
const dataDir = mkdtempSync(join(tmpdir(), 'annolith-bench-'))
let running: Running | undefined
try {
  running = await measure('first start to first answer, fresh data directory', () => start(dataDir))
  await stopServer(dataDir, running)
  running = await measure('next start to first answer', () => start(dataDir))
  await measureIdle(running)
  const client = await signIn(running.url, 'admin', password)
  const taskId = await measureTask(client, files)
  await measureAnnotations(client, taskId)
  add('after all this: resident memory (RSS)', readMemory(running.pid).rssMb, 'MB')
} finally {
  if (running) await stopServer(dataDir, running).catch(() => {})
  rmSync(dataDir, { recursive: true, force: true })
}
console.log(`\n${describeMachine()}\n\n${formatTable(measurements)}`)
if (!flags.print) writeReport(measurements, describeMachine(), new Date())
