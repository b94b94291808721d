// `bun run bench:backups`: a task of many megabytes is backed up and restored, with the memory that each takes. --megabytes N, --source.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { fromRoot } from './build/paths.ts'
import { type Client, signIn, uploadMedia } from './client.ts'
import { findFreePort, isAnswering, startServer, stopServer } from './server-process.ts'

const { values: flags } = parseArgs({ options: { megabytes: { type: 'string', default: '300' }, source: { type: 'boolean' } } })
const megabytes = Number(flags.megabytes)
const password = 'annolith-benchmark'
const mb = 2 ** 20
const pictureMb = 10

/** JPEGs that are as large as wanted: what follows the picture is noise that no reader looks at. */
const writePictures = async (folder: string): Promise<string[]> => {
  const picture = await Bun.file(fromRoot('public/demo/rocket.jpg')).bytes()
  const noise = new Uint8Array(pictureMb * mb)
  for (let at = 0; at < noise.length; at += 65_536) crypto.getRandomValues(noise.subarray(at, at + 65_536))
  const files = Array.from({ length: Math.ceil(megabytes / pictureMb) }, (_, i) => join(folder, `picture_${i}.jpg`))
  for (const file of files) await Bun.write(file, new Blob([picture, noise]))
  return files
}

const readPeakMb = (pid: number) => Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024

const rows: string[][] = []
const measure = async (what: string, pid: number, act: () => Promise<unknown>) => {
  // 5 sets the high-water mark back to what is resident now.
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
  const started = performance.now()
  await act()
  const row = [what, `${((performance.now() - started) / 1000).toFixed(1)} s`, `${readPeakMb(pid).toFixed(0)} MB`]
  rows.push(row)
  console.log(row.join('  '))
}

const backUp = async (client: Client, id: number): Promise<string> => {
  const { rq_id } = await client.send('POST', `/api/tasks/${id}/backup/export`)
  const { pathname, search } = new URL((await client.finish(rq_id)).result_url)
  return pathname + search
}

/** Uploads in pieces, as the official client does. */
const upload = async (client: Client, path: string): Promise<string> => {
  const file = Bun.file(path)
  const name = btoa(basename(path))
  const headers = { 'tus-resumable': '1.0.0', 'upload-length': String(file.size), 'upload-metadata': `filename ${name}` }
  const started = await client.raw('/api/tasks/backup/', { method: 'POST', headers })
  const address = new URL(started.headers.get('location')!).pathname
  for (let at = 0; at < file.size; at += 10 * mb) {
    const piece = { 'tus-resumable': '1.0.0', 'upload-offset': String(at), 'content-type': 'application/offset+octet-stream' }
    const answer = await client.raw(address, { method: 'PATCH', headers: piece, body: file.slice(at, at + 10 * mb) })
    if (answer.status !== 204) throw new Error(`${address} answered ${answer.status}`)
  }
  return started.headers.get('upload-filename')!
}

const restore = async (client: Client, name: string) => {
  const answer = await client.raw(`/api/tasks/backup/?filename=${name}`, { method: 'POST', headers: { 'upload-finish': '' } })
  await client.finish(((await answer.json()) as { rq_id: string }).rq_id)
}

const folder = mkdtempSync(join(tmpdir(), 'annolith-bench-'))
const dataDir = join(folder, 'data')
const source = join(folder, 'annolith')
writeFileSync(source, `#!/bin/sh\nexec ${process.execPath} ${fromRoot('src/main.ts')} "$@"\n`, { mode: 0o755 })
const running = startServer({
  dataDir,
  host: '127.0.0.1',
  port: findFreePort(),
  env: { ANNOLITH_ADMIN_PASSWORD: password },
  ...(flags.source && { binary: source }),
})
try {
  for (const deadline = Date.now() + 60_000; !(await isAnswering(running.url)); await Bun.sleep(20))
    if (Date.now() > deadline) throw new Error(`the program did not answer; see ${dataDir}/annolith.log`)
  const client = await signIn(running.url, 'admin', password)
  const { id } = await client.send('POST', '/api/tasks', { name: 'benchmark', labels: [{ name: 'thing' }] })
  const files = (await writePictures(folder)).map((file): [string, Blob] => [basename(file), Bun.file(file)])
  await uploadMedia(client, id, files)
  await measure('nothing', running.pid, () => Bun.sleep(1000))
  let address = ''
  await measure(`backup of ${megabytes} MB`, running.pid, async () => {
    address = await backUp(client, id)
  })
  const archive = join(folder, 'backup.zip')
  await measure('download', running.pid, async () => Bun.write(archive, await client.raw(address)))
  let name = ''
  await measure('upload', running.pid, async () => {
    name = await upload(client, archive)
  })
  await measure(`restoring ${megabytes} MB`, running.pid, () => restore(client, name))
  console.log(
    `\n| what | time | peak of resident memory |\n|---|---:|---:|\n${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}`,
  )
} finally {
  await stopServer(dataDir, running)
  rmSync(folder, { recursive: true, force: true })
}
