// Clouds in pieces through the API: a sample at once, tiles by a chore, single nodes, ranges, refusals.
import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { rm } from 'node:fs/promises'
import { createPerson } from '../../../tests/api'
import { loadTaskMedia } from '../data/service'
import { get, getBytes, kittiOf, paint, pcdOf, taskOf } from '../data/task-fixture'
import type { Hierarchy } from '../media/clouds/tiles/tile-file'
import { mediaPath } from '../media/media'
import { work } from '../queue/queue'
import { openProgress, readProgress } from './progress'
import { findTiles, makeTiles } from './service'

setDefaultTimeout(60_000)

const points = Array.from({ length: 30_000 }, (_, i) => [i / 1000, (i * 37) % 40, Math.sin(i / 20) * 5, i % 256])
const jobOf = async (task: number): Promise<number> => (await get(`/api/jobs?task_id=${task}`)).json.results[0].id

const working = work(
  async ({ name, payload }, signal) => {
    if (name !== 'tile-cloud') return
    const { taskId, frame } = payload as { taskId: number; frame: number }
    await makeTiles(taskId, frame, { signal })
  },
  { lanes: ['chunks'], concurrency: 1 },
)
afterAll(async () => (await working).stop())

/** Asks until the tiles are there, or are refused. */
const untilReady = async (path: string) => {
  for (;;) {
    const answer = await get(path)
    if (answer.status !== 202) return answer
    await Bun.sleep(20)
  }
}

const readNode = async (path: string, count: number) => {
  const { status, bytes } = await getBytes(path)
  expect(status).toBe(200)
  expect(bytes.length).toBe(count * 20)
  const { buffer } = bytes.slice()
  return { places: new Float32Array(buffer, 0, count * 3), rows: new Uint32Array(buffer, count * 12, count) }
}

describe('a cloud in pieces', () => {
  test('a sample comes at once, then nodes that hold every point once', async () => {
    const task = await taskOf([['a.bin', kittiOf(points)]])
    const path = `/api/jobs/${await jobOf(task)}/cloud`
    const early = await get(`${path}?number=0`)
    expect(early.status).toBe(202)
    expect(early.json.nodes).toHaveLength(1)
    expect(early.json.attributes.map(({ name }: { name: string }) => name)).toEqual(['position', 'row', 'intensity'])
    const { places: sample, rows: picked } = await readNode(`${path}/points?number=0&node=sample`, early.json.points)
    expect([sample[0], sample[1], sample[2], picked[0]]).toEqual([0, 0, 0, 0])
    expect(early.json.progress).toBeWithin(0, 1.000001)

    const ready = await untilReady(`${path}?number=0`)
    expect(ready.status).toBe(200)
    const hierarchy = ready.json as Hierarchy
    expect(hierarchy.points).toBe(30_000)
    expect(hierarchy.intensity).toEqual([0, 255])
    const seen = new Set<number>()
    for (const [number, node] of hierarchy.nodes.entries()) {
      const { places, rows } = await readNode(`${path}/points?number=0&node=${number}`, node.points)
      for (const [i, row] of rows.entries()) {
        seen.add(row)
        const wanted = Float32Array.from(points[row]!.slice(0, 3))
        if (places.subarray(i * 3, i * 3 + 3).join() !== wanted.join()) throw new Error(`row ${row} was moved`)
      }
    }
    expect(seen.size).toBe(30_000)
    expect(hierarchy.rows).toBe(30_000)
    expect('progress' in hierarchy).toBe(false)

    const whole = await getBytes(`${path}/points?number=0`)
    const second = hierarchy.nodes[1]!
    const range = `bytes=${second.offset}-${second.offset + second.bytes - 1}`
    const part = await getBytes(`${path}/points?number=0`, { range })
    expect(part.status).toBe(206)
    expect(Buffer.compare(part.bytes, whole.bytes.subarray(second.offset, second.offset + second.bytes))).toBe(0)

    const node = await getBytes(`${path}/points?number=0&node=1`)
    const again = await getBytes(`${path}/points?number=0&node=1`, { 'if-none-match': node.headers.get('etag')! })
    expect(again.status).toBe(304)
    expect((await get(`${path}/points?number=0&node=99999`)).status).toBe(404)

    // Dropped from the cache, they are made anew.
    const media = await loadTaskMedia(task)
    await rm((await findTiles(media, 0))!.path)
    expect((await get(`${path}?number=0`)).status).toBe(202)
    expect((await untilReady(`${path}?number=0`)).json.points).toBe(30_000)
  })

  test('a damaged frame is named, the others still open', async () => {
    const task = await taskOf([
      ['a.pcd', pcdOf(points.slice(0, 50).map((point) => point.slice(0, 3)))],
      ['b.pcd', pcdOf(points.slice(0, 50).map((point) => point.slice(0, 3)))],
    ])
    const path = `/api/jobs/${await jobOf(task)}/cloud`
    const { file } = (await loadTaskMedia(task)).frames![1]!
    const whole = await Bun.file(await mediaPath(file)).text()
    await Bun.write(await mediaPath(file), whole.split('\n').slice(0, -20).join('\n').padEnd(whole.length, '\n'))
    const refusal = await untilReady(`${path}?number=1`)
    expect(refusal.status).toBe(400)
    expect(refusal.text).toMatch(/b\.pcd: the file is cut off: \d+ of 50 points are missing/)
    expect((await untilReady(`${path}?number=0`)).json.points).toBe(50)
  })

  test('who asks for what is not there', async () => {
    const task = await taskOf([['a.pcd', pcdOf([[1, 2, 3]])]])
    const path = `/api/jobs/${await jobOf(task)}/cloud`
    expect((await get(`${path}?number=1`)).status).toBe(404)
    expect((await get(path)).status).toBe(400)
    expect((await get(`${path}?number=0.5`)).status).toBe(400)
    const pictures = await jobOf(await taskOf([['a.png', await paint('png')]]))
    const flat = await get(`/api/jobs/${pictures}/cloud?number=0`)
    expect([flat.status, flat.text]).toEqual([400, expect.stringContaining('frame 0 is no point cloud')])
    const stranger = await createPerson()
    for (const address of [`${path}?number=0`, `${path}/points?number=0&node=0`, `${path}/points?number=0&node=sample`])
      expect((await stranger.call('GET', address)).status).toBe(403)
  })
})

test('how far the tiles are is told while they are made, and forgotten then', async () => {
  const key = { key: `progress ${crypto.randomUUID()}`, extension: '.tiles' as const }
  expect(await readProgress(key)).toBe(0)
  const progress = openProgress(key)
  progress.report(0.25)
  while ((await readProgress(key)) !== 0.25) await Bun.sleep(1)
  await progress.close()
  expect(await readProgress(key)).toBe(0)
})
