// `bun run bench:datasets`: a million boxes out as COCO and as CVAT XML and in again, with the memory that each takes. --boxes N, --source.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type ArchiveEntry, writeZip } from '../src/formats/io/zip-writer.ts'
import { encodePng } from '../src/formats/png-mask.ts'
import { benchMemory } from './benching/memory.ts'
import { createRandom } from './benching/pictures.ts'
import { type Client, uploadMedia } from './client.ts'

const { values: flags } = parseArgs({
  options: {
    boxes: { type: 'string', default: '1000000' },
    frames: { type: 'string', default: '2000' },
    source: { type: 'boolean' },
  },
})
const [boxes, frames] = [Number(flags.boxes), Number(flags.frames)]
const mb = 2 ** 20

const writeFile = async (path: string, entries: Iterable<ArchiveEntry> | AsyncIterable<ArchiveEntry>) => {
  const sink = Bun.file(path).writer({ highWaterMark: mb })
  for await (const bytes of writeZip(entries, new Date())) {
    sink.write(bytes)
    await sink.flush()
  }
  await sink.end()
}

const nameFrame = (number: number) => `frame_${String(number).padStart(6, '0')}.png`

const writePictures = (path: string) => {
  const content = encodePng({ width: 64, height: 48, channels: 1, values: new Uint8Array(64 * 48).fill(128) })
  return writeFile(
    path,
    Array.from({ length: frames }, (_, number) => ({ name: nameFrame(number), content, store: true })),
  )
}

async function* coco(): AsyncGenerator<string> {
  const random = createRandom(1)
  const list = (count: number, write: (at: number) => string) => Array.from({ length: count }, (_, at) => write(at)).join(',')
  yield `{"categories":[{"id":1,"name":"thing"}],"images":[${list(frames, (at) => `{"id":${at + 1},"file_name":"${nameFrame(at)}","width":64,"height":48}`)}],"annotations":[`
  for (let at = 0; at < boxes; at += 1000) {
    const part = list(Math.min(1000, boxes - at), (i) => {
      const [x, y, w, h] = [random() * 40, random() * 30, random() * 20, random() * 15].map(
        (value) => Math.round(value * 100) / 100,
      )
      const image = 1 + Math.floor(((at + i) * frames) / boxes)
      return `{"id":${at + i + 1},"image_id":${image},"category_id":1,"bbox":[${x},${y},${w},${h}],"area":${w! * h!},"segmentation":[],"iscrowd":0}`
    })
    yield `${at === 0 ? '' : ','}${part}`
  }
  yield ']}'
}

const exportTask = async (client: Client, id: number, format: string, file: string) => {
  const { rq_id } = await client.send('POST', `/api/tasks/${id}/dataset/export?format=${encodeURIComponent(format)}`)
  const { result_url } = await client.finish(rq_id)
  const { pathname, search } = new URL(result_url)
  await Bun.write(file, await client.raw(pathname + search))
}

const importTask = async (client: Client, id: number, format: string, file: string) => {
  const body = new FormData()
  body.set('annotation_file', Bun.file(file) as unknown as Blob, 'data.zip')
  const response = await client.raw(`/api/tasks/${id}/annotations?format=${encodeURIComponent(format)}`, { method: 'POST', body })
  const answer = (await response.json()) as { rq_id: string }
  if (response.status !== 202) throw new Error(JSON.stringify(answer))
  await client.finish(answer.rq_id)
}

const makeTask = async (client: Client, pictures: string): Promise<number> => {
  const { id } = await client.send('POST', '/api/tasks', { name: 'benchmark', labels: [{ name: 'thing' }] })
  await uploadMedia(client, id, [['pictures.zip', Bun.file(pictures)]])
  return id
}

await benchMemory(flags.source === true, async ({ folder, client, measure }) => {
  const [pictures, dataset] = [join(folder, 'pictures.zip'), join(folder, 'coco.zip')]
  await writePictures(pictures)
  await writeFile(dataset, [{ name: 'annotations/instances_default.json', content: coco() }])
  const [first, second] = [await makeTask(client, pictures), await makeTask(client, pictures)]
  await measure('nothing', () => Bun.sleep(1000))
  await measure(`import of ${boxes} boxes as COCO`, () => importTask(client, first, 'COCO 1.0', dataset))
  const [asCoco, asXml] = [join(folder, 'out-coco.zip'), join(folder, 'out-xml.zip')]
  await measure(`export of ${boxes} boxes as COCO`, () => exportTask(client, first, 'COCO 1.0', asCoco))
  await measure(`export of ${boxes} boxes as CVAT for images`, () => exportTask(client, first, 'CVAT for images 1.1', asXml))
  await measure(`import of ${boxes} boxes as CVAT`, () => importTask(client, second, 'CVAT 1.1', asXml))
})
