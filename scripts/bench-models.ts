// `bun run bench:models`: previews of an interactor, what others feel while a task is annotated, and memory before and after. --print; --binary FILE.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { writeHeavyModels } from './benching/heavy-models.ts'
import { describeMachine, readMemory } from './benching/machine.ts'
import { createRandom } from './benching/pictures.ts'
import { writeSection } from './benching/report.ts'
import { type Client, signIn, uploadMedia } from './client.ts'
import { findFreePort, startServer, stopServer, waitUntilReady } from './server-process.ts'

const { values: flags } = parseArgs({ options: { print: { type: 'boolean' }, binary: { type: 'string' } } })
const password = 'annolith-benchmark'
const idleSeconds = 4
const frames = 12
const clicks = 40

const time = async (act: () => Promise<unknown>) => {
  const started = performance.now()
  await act()
  return performance.now() - started
}
const quantile = (values: number[], share: number) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]!

/** The process of the server and those that run its models. */
const listProcesses = (pid: number): number[] => [
  pid,
  ...readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== pid)
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]!.split(' ')[1] === String(pid)
      } catch {
        return false
      }
    })
    .map(Number),
]
const measureMemory = (pid: number) => {
  const all = listProcesses(pid)
  return { processes: all.length, mb: all.reduce((sum, one) => sum + readMemory(one).pssMb, 0) }
}

const makePictures = async (): Promise<[string, Blob][]> => {
  const { default: sharp } = await import('sharp')
  const random = createRandom(3)
  const noise = Buffer.from(Uint8Array.from({ length: 1920 * 1080 * 3 }, () => random() * 255))
  const raw = { width: 1920, height: 1080, channels: 3 } as const
  const blurred = await sharp(noise, { raw }).blur(6).jpeg({ quality: 85 }).toBuffer()
  const turned = async (i: number) =>
    new Blob([
      Uint8Array.from(
        await sharp(blurred)
          .modulate({ hue: i * 25 })
          .jpeg({ quality: 85 })
          .toBuffer(),
      ),
    ])
  return Promise.all(Array.from({ length: frames }, async (_, i): Promise<[string, Blob]> => [`${i}.jpg`, await turned(i)]))
}

const click = (client: Client, task: number, frame: number, i: number) =>
  client.send('POST', '/api/lambda/functions/looker', {
    task,
    frame,
    pos_points: [[300 + 30 * i, 200 + 15 * i]],
    neg_points: i % 3 ? [[900, 50 + 20 * i]] : [],
    compact: true,
  })

/** How long somebody waits who asks every few milliseconds, while `work` goes on. */
const watch = async (client: Client, work: () => Promise<unknown>) => {
  const waits: number[] = []
  let isDone = false
  const working = work().finally(() => {
    isDone = true
  })
  while (!isDone) {
    waits.push(await time(async () => (await client.raw('/api/users/self')).arrayBuffer()))
    await Bun.sleep(5)
  }
  await working
  return waits
}

const annotate = async (client: Client, task: number) => {
  const { id } = await client.send('POST', '/api/lambda/requests', { function: 'finder', task, cleanup: true })
  for (;;) {
    const { status, exc_info } = await client.get(`/api/lambda/requests/${id}`)
    if (status === 'failed') throw new Error(exc_info)
    if (status === 'finished') return
    await Bun.sleep(100)
  }
}

const folder = mkdtempSync(join(tmpdir(), 'annolith-bench-'))
const dataDir = join(folder, 'data')
const env = { ANNOLITH_ADMIN_PASSWORD: password, ANNOLITH_MODEL_IDLE: String(idleSeconds), ANNOLITH_FUNCTION_CALLS: '0' }
const server = startServer({
  dataDir,
  host: '127.0.0.1',
  port: findFreePort(),
  env,
  ...(flags.binary && { binary: flags.binary }),
})
try {
  if (!(await waitUntilReady(server))) throw new Error(`the program did not answer; see ${dataDir}/annolith.log`)
  const client = await signIn(server.url, 'admin', password)
  writeHeavyModels(join(dataDir, 'models'))
  const labels = [{ name: 'thing' }, { name: 'other' }]
  const { id: task } = await client.send('POST', '/api/tasks', { name: 'bench', labels })
  await uploadMedia(client, task, await makePictures())
  const before = measureMemory(server.pid)
  const cold = await time(() => click(client, task, 0, 0))
  const previews: number[] = []
  for (let i = 1; i <= clicks; i++) previews.push(await time(() => click(client, task, 0, i)))
  const nextFrame = await time(() => click(client, task, 1, 0))
  const quiet = await watch(client, () => Bun.sleep(2000))
  let seconds = 0
  const busy = await watch(client, async () => {
    seconds = (await time(() => annotate(client, task))) / 1000
  })
  await click(client, task, 1, 0)
  const loaded = measureMemory(server.pid)
  while (listProcesses(server.pid).length > 1) await Bun.sleep(100)
  await Bun.sleep(1000)
  const after = measureMemory(server.pid)
  const ms = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} ms`
  const rows: [string, string][] = [
    ['first click: model loaded, picture looked at', ms(cold)],
    [`further clicks on that picture, median of ${clicks}`, ms(quantile(previews, 0.5))],
    ['the slowest of them', ms(quantile(previews, 1))],
    ['first click on another picture', ms(nextFrame)],
    [`a task of ${frames} pictures annotated`, `${seconds.toFixed(1)} s`],
    ['`GET /api/users/self` meanwhile, p50 / p99', `${ms(quantile(busy, 0.5))} / ${ms(quantile(busy, 0.99))} of ${busy.length}`],
    ['the same while nothing runs', `${ms(quantile(quiet, 0.5))} / ${ms(quantile(quiet, 0.99))}`],
    ['memory (PSS) before, no model loaded', `${before.mb.toFixed(0)} MB`],
    [`with both models (${loaded.processes - 1} processes)`, `${loaded.mb.toFixed(0)} MB`],
    [`after ${idleSeconds} s without a question`, `${after.mb.toFixed(0)} MB`],
  ]
  const table = ['| what | measured |', '|---|---:|', ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n')
  if (flags.print) console.log(table)
  else writeSection('models', 'bun run bench:models', describeMachine(), new Date(), table)
} finally {
  await stopServer(dataDir, server).catch(() => {})
  rmSync(folder, { recursive: true, force: true })
}
