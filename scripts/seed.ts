// Creates the demo project through the REST API: labels, a task with four pictures, a task with a clip, and what is drawn on them.
import { basename } from 'node:path'
import { fromRoot } from './build/paths.ts'
import { type Client, signIn, uploadMedia } from './client.ts'
import { clip, labels, motions, pictures } from './demo.ts'
import { type Box, castSweep, placeUser, roadUsers, sceneLabels, sweepCount } from './demo-scene.ts'

type LabelIds = Map<string, { id: number; attributes: Map<string, number> }>

const common = { occluded: false, outside: false, z_order: 0, rotation: 0 }

const findOrCreateProject = async (client: Client): Promise<number> => {
  const { results } = await client.get('/api/projects?name=Demo')
  const found = results.find(({ name }: { name: string }) => name === 'Demo')
  return (found ?? (await client.send('POST', '/api/projects', { name: 'Demo', labels }))).id
}

const readLabelIds = async (client: Client, projectId: number): Promise<LabelIds> => {
  const { results } = await client.get(`/api/labels?project_id=${projectId}&page_size=100`)
  return new Map(
    results.map((label: any) => [
      label.name,
      { id: label.id, attributes: new Map(label.attributes.map((a: any) => [a.name, a.id])) },
    ]),
  )
}

const toAttributes = (ids: LabelIds, label: string, values: Record<string, string> = {}) =>
  Object.entries(values).map(([name, value]) => ({ spec_id: ids.get(label)!.attributes.get(name)!, value }))

const toShapes = (ids: LabelIds, frameNames: string[]) =>
  Object.entries(pictures).flatMap(([picture, drawings]) =>
    drawings.map(({ label, type, points, attributes }) => ({
      ...common,
      type,
      points,
      frame: frameNames.indexOf(picture),
      label_id: ids.get(label)!.id,
      group: 0,
      source: 'manual',
      attributes: toAttributes(ids, label, attributes),
    })),
  )

const toTracks = (ids: LabelIds) =>
  motions.map(({ label, boxes }) => ({
    frame: 0,
    label_id: ids.get(label)!.id,
    group: 0,
    source: 'manual',
    attributes: toAttributes(ids, label, { species: 'rabbit' }),
    shapes: Object.entries(boxes).map(([frame, points]) => ({
      ...common,
      type: 'rectangle',
      frame: Number(frame),
      points,
      attributes: [],
    })),
  }))

/** Creates a task with its media and annotations; one that a crash left without frames is made anew. */
const createTask = async (
  client: Client,
  projectId: number,
  name: string,
  files: string[],
  annotate: (frameNames: string[]) => object,
) => {
  const { results } = await client.get(`/api/tasks?project_id=${projectId}&name=${encodeURIComponent(name)}`)
  const found = results.find((task: any) => task.name === name)
  if (found?.size) return
  if (found) await client.send('DELETE', `/api/tasks/${found.id}`)
  const { id } = await client.send('POST', '/api/tasks', { name, project_id: projectId })
  const contents = files.map((file): [string, Blob] => [basename(file), Bun.file(fromRoot('public/demo', file))])
  await uploadMedia(client, id, contents)
  const { frames } = await client.get(`/api/tasks/${id}/data/meta`)
  const annotations = annotate(frames.map((frame: { name: string }) => basename(frame.name)))
  await client.send('PUT', `/api/tasks/${id}/annotations`, { version: 0, tags: [], shapes: [], tracks: [], ...annotations })
}

const crossing = 'Crossing'

const toPoints = ({ position, rotation, scale }: Box) => [...position, ...rotation, ...scale, 0, 0, 0, 0, 0, 0, 0]

/** The task of point clouds; it stands by itself, as a project holds pictures or clouds, not both. */
const createCrossing = async (client: Client) => {
  const { results } = await client.get(`/api/tasks?name=${crossing}&dimension=3d`)
  const found = results.find((task: any) => task.name === crossing && task.dimension === '3d')
  if (found?.size) return
  if (found) await client.send('DELETE', `/api/tasks/${found.id}`)
  const { id } = await client.send('POST', '/api/tasks', { name: crossing, labels: sceneLabels })
  const sweeps = Array.from({ length: sweepCount }, (_, i): [string, Blob] => [
    `${String(i).padStart(6, '0')}.bin`,
    new Blob([castSweep(i) as BlobPart]),
  ])
  await uploadMedia(client, id, sweeps)
  const known = await client.get(`/api/labels?task_id=${id}&page_size=100`)
  const labelOf = (name: string) => known.results.find((label: any) => label.name === name)
  const tracks = roadUsers.map(({ label, parked = false, keys }) => ({
    ...{ frame: 0, label_id: labelOf(label).id, group: 0, source: 'manual', attributes: [] },
    shapes: Object.keys(keys).map((sweep) => ({
      ...common,
      ...{ type: 'cuboid', frame: Number(sweep), points: toPoints(placeUser(keys, Number(sweep))) },
      attributes: labelOf(label).attributes.map((one: any) => ({ spec_id: one.id, value: String(parked) })),
    })),
  }))
  await client.send('PUT', `/api/tasks/${id}/annotations`, { version: 0, tags: [], shapes: [], tracks })
}

/** Creates what is missing of the demo; safe to run again. */
export const seedDemo = async (url: string, username: string, password: string) => {
  const client = await signIn(url, username, password)
  const projectId = await findOrCreateProject(client)
  const ids = await readLabelIds(client, projectId)
  await createTask(client, projectId, 'Photographs', Object.keys(pictures), (names) => ({ shapes: toShapes(ids, names) }))
  await createTask(client, projectId, 'Big Buck Bunny', [clip], () => ({ tracks: toTracks(ids) }))
  await createCrossing(client)
}

if (import.meta.main) {
  const url = process.argv[2] ?? `http://127.0.0.1:${process.env.ANNOLITH_PORT || 8080}`
  const password = process.env.ANNOLITH_ADMIN_PASSWORD
  if (!password) throw new Error('usage: ANNOLITH_ADMIN_PASSWORD=… bun run seed [URL]')
  await seedDemo(url, 'admin', password)
}
