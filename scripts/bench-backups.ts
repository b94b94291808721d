// `bun run bench:backups`: a task of many megabytes is backed up and restored, with the memory that each takes. --megabytes N, --source;
// --server: the whole server instead, by annolith backup and restore (--megabytes 10240 needs 30 GB; --place DIR: where).
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { benchMemory } from './benching/memory.ts'
import { benchServerBackup } from './benching/server-backup.ts'
import { fromRoot } from './build/paths.ts'
import { type Client, uploadMedia } from './client.ts'

const { values: flags } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '300' },
    source: { type: 'boolean' },
    server: { type: 'boolean' },
    place: { type: 'string' },
  },
})
const megabytes = Number(flags.megabytes)
if (flags.server) {
  await benchServerBackup(megabytes, flags.source === true, flags.place)
  process.exit(0)
}
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

await benchMemory(flags.source === true, async ({ folder, client, measure }) => {
  const { id } = await client.send('POST', '/api/tasks', { name: 'benchmark', labels: [{ name: 'thing' }] })
  const files = (await writePictures(folder)).map((file): [string, Blob] => [basename(file), Bun.file(file)])
  await uploadMedia(client, id, files)
  await measure('nothing', () => Bun.sleep(1000))
  let address = ''
  await measure(`backup of ${megabytes} MB`, async () => {
    address = await backUp(client, id)
  })
  const archive = join(folder, 'backup.zip')
  await measure('download', async () => Bun.write(archive, await client.raw(address)))
  let name = ''
  await measure('upload', async () => {
    name = await upload(client, archive)
  })
  await measure(`restoring ${megabytes} MB`, () => restore(client, name))
})
