// `bun run bench:frames`: how creating and reading a task grows with its frames, as a curve. --print: only print it; --counts 1000,10000; --binary FILE.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { describeMachine, readMemory } from './benching/machine.ts'
import { writeSection } from './benching/report.ts'
import { type Client, signIn, uploadMedia } from './client.ts'
import { findFreePort, isAnswering, type Running, startServer, stopServer } from './server-process.ts'

const { values: flags } = parseArgs({
  options: { print: { type: 'boolean' }, counts: { type: 'string', default: '1000,10000,100000' }, binary: { type: 'string' } },
})
const counts = flags.counts.split(',').map(Number)
const password = 'annolith-benchmark'
const repeats = 5

/** A tar with `count` small JPEGs: one file to send, so that the upload does not hide what the server does. */
const packPictures = async (count: number, file: string) => {
  const { default: sharp } = await import('sharp')
  const jpeg = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#5a5a5a' } })
    .jpeg()
    .toBuffer()
  const padding = Buffer.alloc((512 - (jpeg.length % 512)) % 512)
  const writer = Bun.file(file).writer({ highWaterMark: 1 << 22 })
  for (let i = 0; i < count; i++) {
    const head = Buffer.alloc(512)
    head.write(`${Math.floor(i / 1000)}/${String(i).padStart(7, '0')}.jpg`)
    head.write(`${jpeg.length.toString(8).padStart(11, '0')}\0`, 124)
    head.write('        0', 148)
    head.write('ustar\x0000', 257, 'latin1')
    const sum = head.reduce((total, byte) => total + byte, 0)
    head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
    writer.write(head)
    writer.write(jpeg)
    writer.write(padding)
    if (i % 1000 === 0) await writer.flush()
  }
  writer.write(Buffer.alloc(1024))
  await writer.end()
}

const time = async (act: () => Promise<unknown>) => {
  const started = performance.now()
  await act()
  return performance.now() - started
}
/** The median of some runs. */
const timeOften = async (act: () => Promise<unknown>) => {
  const runs: number[] = []
  for (let i = 0; i < repeats; i++) runs.push(await time(act))
  return runs.sort((a, b) => a - b)[Math.floor(repeats / 2)]!
}

const read = async (client: Client, path: string) => {
  const response = await client.raw(path)
  if (response.status !== 200) throw new Error(`${path} answered ${response.status}`)
  await response.bytes()
}

/** Milliseconds of each step, and MB. */
const measure = async (client: Client, running: Running, folder: string, count: number) => {
  const file = join(folder, `${count}.tar`)
  await packPictures(count, file)
  const { id } = await client.send('POST', '/api/tasks', { name: `${count}`, segment_size: 1000, labels: [{ name: 'thing' }] })
  const ready = await time(() => uploadMedia(client, id, [[`${count}.tar`, Bun.file(file)]]))
  rmSync(file)
  const { results } = await (await client.raw(`/api/jobs?task_id=${id}&page_size=1`)).json()
  const last = count - 1
  return {
    count,
    ready,
    meta: await timeOften(() => read(client, `/api/tasks/${id}/data/meta`)),
    jobMeta: await timeOften(() => read(client, `/api/jobs/${results[0].id}/data/meta`)),
    frame: await timeOften(() => read(client, `/api/tasks/${id}/data?type=frame&number=${last}&quality=original`)),
    chunk: await time(() => read(client, `/api/tasks/${id}/data?type=chunk&number=${Math.floor(last / 72)}&quality=compressed`)),
    memory: readMemory(running.pid).rssMb,
  }
}
type Row = Awaited<ReturnType<typeof measure>>

const formatRows = (rows: Row[]) => {
  const each = ({ ready, count }: Row) => ((ready / count) * 1000).toFixed(0)
  return [
    '| Frames | ready | each | meta of the task | meta of a job | last frame | last chunk, cold | memory (RSS) |',
    '| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows.map(
      (row) =>
        `| ${row.count.toLocaleString('en')} | ${(row.ready / 1000).toFixed(1)} s | ${each(row)} µs | ${row.meta.toFixed(0)} ms | ${row.jobMeta.toFixed(1)} ms | ${row.frame.toFixed(1)} ms | ${row.chunk.toFixed(0)} ms | ${row.memory.toFixed(0)} MB |`,
    ),
  ].join('\n')
}

const folder = mkdtempSync(join(tmpdir(), 'annolith-bench-'))
const dataDir = join(folder, 'data')
let running: Running | undefined
try {
  const env = { ANNOLITH_ADMIN_PASSWORD: password }
  running = startServer({ dataDir, host: '127.0.0.1', port: findFreePort(), env, ...(flags.binary && { binary: flags.binary }) })
  for (const deadline = Date.now() + 60_000; !(await isAnswering(running.url)); await Bun.sleep(5))
    if (Date.now() > deadline) throw new Error(`the program did not answer; see ${dataDir}/annolith.log`)
  const client = await signIn(running.url, 'admin', password)
  const rows: Row[] = []
  for (const count of counts) {
    rows.push(await measure(client, running, folder, count))
    console.log(formatRows(rows.slice(-1)).split('\n').at(-1))
  }
  const table = formatRows(rows)
  if (flags.print) console.log(table)
  else writeSection('frames', 'bun run bench:frames', describeMachine(), new Date(), table)
} finally {
  if (running) await stopServer(dataDir, running).catch(() => {})
  rmSync(folder, { recursive: true, force: true })
}
