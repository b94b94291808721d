// Those who use the server during a soak: each does one round of what people and programs do, again and again.
import { join } from 'node:path'
import { fromRoot } from '../build/paths.ts'
import { type Client, signIn, uploadMedia } from '../client.ts'

export type Place = {
  url: string
  password: string
  client: Client
  /** A task of pictures with a job, one of a point cloud, and the ids that saves need. */
  pictures: { task: number; job: number; label: number; frames: number }
  cloud: { job: number }
  signal: AbortSignal
  /** Events that arrived at the stand-in for a receiver of webhooks. */
  received: () => number
}
/** One round; throws what went wrong. `pauseMs`: until the next one. */
export type Actor = { name: string; pauseMs: number; act: (place: Place, round: number) => Promise<void> }

const demo = (name: string) => Bun.file(join(fromRoot('public/demo'), name))
const frames = 12

const readAll = async (answer: Response, status = 200) => {
  const bytes = await answer.arrayBuffer()
  if (answer.status !== status) throw new Error(`${new URL(answer.url).pathname} answered ${answer.status}`)
  return bytes
}
const download = async ({ client }: Place, path: string) => readAll(await client.raw(path))

/** A street of points, ground and walls. */
const makeCloud = (count: number): Blob => {
  const values = new Float32Array(count * 4)
  for (let i = 0; i < count; i++) {
    const isWall = i % 3 === 0
    values.set(
      [Math.random() * 200 - 100, isWall ? 20 : Math.random() * 40 - 20, isWall ? Math.random() * 10 : 0, Math.random()],
      i * 4,
    )
  }
  const head = `VERSION .7\nFIELDS x y z intensity\nSIZE 4 4 4 4\nTYPE F F F F\nCOUNT 1 1 1 1\nWIDTH ${count}\nHEIGHT 1\nVIEWPOINT 0 0 0 1 0 0 0\nPOINTS ${count}\nDATA binary\n`
  return new Blob([head, values])
}

const jobOf = async (client: Client, task: number): Promise<number> =>
  (await client.get(`/api/jobs?task_id=${task}`)).results[0].id

/** Makes what the actors work on. */
export const prepare = async (client: Client, receiver: string): Promise<Pick<Place, 'pictures' | 'cloud'>> => {
  const project = await client.send('POST', '/api/projects', { name: 'soak', labels: [{ name: 'thing' }] })
  await client.send('POST', '/api/webhooks', {
    ...{ target_url: receiver, type: 'project', project_id: project.id, content_type: 'application/json' },
    ...{ events: ['update:job', 'update:task', 'create:task', 'delete:task'], is_active: true, enable_ssl: false },
  })
  const { id: task } = await client.send('POST', '/api/tasks', { name: 'pictures', project_id: project.id })
  const bytes = await demo('coffee.jpg').bytes()
  await uploadMedia(
    client,
    task,
    // What follows the picture makes each file another one.
    Array.from({ length: frames }, (_, i) => [`${i}.jpg`, new Blob([bytes, new Uint8Array(8).fill(i + 1)])]),
  )
  const { id: cloudTask } = await client.send('POST', '/api/tasks', { name: 'cloud', labels: [{ name: 'car' }] })
  await uploadMedia(client, cloudTask, [['street.pcd', makeCloud(300_000)]])
  const [label] = (await client.get(`/api/labels?task_id=${task}`)).results
  return {
    pictures: { task, job: await jobOf(client, task), label: label.id, frames },
    cloud: { job: await jobOf(client, cloudTask) },
  }
}

const lists = [
  '/api/tasks',
  '/api/jobs',
  '/api/projects',
  '/api/requests',
  '/api/users',
  '/api/organizations',
  '/api/server/health',
  '/metrics',
]
const pages = ['/tasks', '/projects', '/jobs', '/admin', '/admin/figures', '/admin/storage', '/analytics']

export const actors: Actor[] = [
  {
    name: 'sign-in and lists',
    pauseMs: 300,
    act: async ({ url, password }) => {
      const client = await signIn(url, 'admin', password)
      for (const path of lists) await readAll(await client.raw(path))
      for (const path of pages) await readAll(await client.raw(path, { headers: { accept: 'text/html' } }))
    },
  },
  {
    name: 'saves',
    pauseMs: 100,
    act: async ({ client, pictures: { job, label, frames } }, round) => {
      const shape = { type: 'rectangle', label_id: label, attributes: [], occluded: false, group: 0, source: 'manual' }
      const shapes = Array.from({ length: 20 }, (_, i) => ({
        ...shape,
        frame: (round + i) % frames,
        points: [i, i, i + 20, i + 30.5],
      }))
      const made = await client.send('PATCH', `/api/jobs/${job}/annotations?action=create`, { shapes, tracks: [], tags: [] })
      const changed = made.shapes.map((one: { points: number[] }) => ({ ...one, points: one.points.map((value) => value + 1) }))
      await client.send('PATCH', `/api/jobs/${job}/annotations?action=update`, { shapes: changed, tracks: [], tags: [] })
      await client.get(`/api/jobs/${job}/annotations`)
      await client.send('PATCH', `/api/jobs/${job}/annotations?action=delete`, { shapes: changed, tracks: [], tags: [] })
      await client.send('PATCH', `/api/jobs/${job}`, { state: round % 2 ? 'in progress' : 'completed' })
    },
  },
  {
    name: 'frames',
    pauseMs: 50,
    act: async (place, round) => {
      const { task, job, frames } = place.pictures
      const number = round % frames
      for (const quality of ['compressed', 'original'])
        await download(place, `/api/jobs/${job}/data?type=frame&quality=${quality}&number=${number}`)
      await download(place, `/api/tasks/${task}/data?type=chunk&quality=compressed&number=0`)
      await download(place, `/api/tasks/${task}/preview`)
    },
  },
  {
    name: 'point clouds',
    pauseMs: 500,
    act: async (place) => {
      const path = `/api/jobs/${place.cloud.job}/cloud`
      const answer = await place.client.raw(`${path}?number=0`)
      const text = await answer.text()
      if (answer.status === 202) return void (await download(place, `${path}/points?number=0&node=sample`))
      if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${text.slice(0, 200)}`)
      const { nodes } = JSON.parse(text) as { nodes: unknown[] }
      for (let node = 0; node < Math.min(8, nodes.length); node++) await download(place, `${path}/points?number=0&node=${node}`)
    },
  },
  {
    name: 'exports and imports',
    pauseMs: 1000,
    act: async (place, round) => {
      const { client, pictures } = place
      const format = encodeURIComponent(['COCO 1.0', 'CVAT for images 1.1', 'YOLO 1.1'][round % 3]!)
      const { rq_id } = await client.send(
        'POST',
        `/api/jobs/${pictures.job}/dataset/export?format=${format}&save_images=${round % 2 === 0}`,
      )
      const { result_url } = await client.finish(rq_id)
      const { pathname, search } = new URL(result_url)
      const archive = await download(place, pathname + search)
      // A task of its own: saves go on in the other one.
      const { id } = await client.send('POST', '/api/tasks', { name: `round ${round}`, labels: [{ name: 'thing' }] })
      await uploadMedia(client, id, [['0.jpg', demo('coffee.jpg')]])
      const form = new FormData()
      form.set('annotation_file', new Blob([archive]), 'annotations.zip')
      const started = await client.raw(`/api/tasks/${id}/annotations?format=${encodeURIComponent('COCO 1.0')}`, {
        method: 'POST',
        body: form,
      })
      if (started.status !== 202)
        throw new Error(`the import answered ${started.status}: ${(await started.text()).slice(0, 200)}`)
      const { rq_id: importing } = (await started.json()) as { rq_id: string }
      // Pictures of the other task are none of this one: only what is broken in the server counts.
      await client.finish(importing).catch((error: Error) => {
        if (/Internal|SQLITE|undefined/.test(error.message)) throw error
      })
      await client.send('DELETE', `/api/tasks/${id}`)
    },
  },
  {
    name: 'task backups',
    pauseMs: 5000,
    act: async (place) => {
      const { rq_id } = await place.client.send('POST', `/api/tasks/${place.pictures.task}/backup/export`)
      const { result_url } = await place.client.finish(rq_id)
      const { pathname, search } = new URL(result_url)
      await download(place, pathname + search)
    },
  },
  ...Array.from(
    { length: 4 },
    (_, i): Actor => ({
      name: `live events ${i + 1}`,
      pauseMs: 100,
      act: async ({ client, pictures, signal }) => {
        const end = AbortSignal.any([signal, AbortSignal.timeout(20_000 + i * 1000)])
        const answer = await client.raw(`/api/stream?task_id=${pictures.task}`, {
          signal: end,
          headers: { accept: 'text/event-stream' },
        })
        if (answer.status !== 200) throw new Error(`/api/stream answered ${answer.status}`)
        try {
          for await (const _ of answer.body!) if (end.aborted) break
        } catch (error) {
          if (!end.aborted) throw error
        }
      },
    }),
  ),
]
