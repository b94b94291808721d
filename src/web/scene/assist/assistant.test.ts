// The quick tools on a document without a screen: which points the worker is handed, what fits, turns and merges do as one step each.
import { describe, expect, test } from 'bun:test'
import { type Cuboid, readCuboid, writeCuboid } from '../../../formats/geometry3d/cuboid'
import type { Annotations, Label } from '../../../formats/model'
import { openDocument } from '../../editor/document/document'
import { type Intent, planEdit } from '../../editor/document/intent'
import { placeObject } from '../../editor/document/place'
import type { CloudPoints, SceneWorkspace } from '../workspace'
import { createAnswerer } from './answer'
import { Assistant } from './assistant'
import { mergeTwins, removeTwin } from './find-duplicates'
import { PointCounts } from './point-counts'
import type { Points } from './points'

const car: Cuboid = { position: [10, 4, 0.8], rotation: [0, 0, 0.5], scale: [4.2, 1.8, 1.6] }
const label = { id: 1, name: 'car', color: '#fff', type: 'any', attributes: [], sublabels: [] } as Label
const shape = (cuboid: Cuboid) =>
  ({ type: 'cuboid', frame: 0, label_id: 1, points: writeCuboid(cuboid), rotation: 0, occluded: false, outside: false, z_order: 0, group: 0, source: 'manual', score: 1, attributes: [], elements: [] }) as never // biome-ignore format: one line
const track = (...keys: [number, Cuboid][]) =>
  ({ frame: keys[0]![0], label_id: 1, group: 0, source: 'manual', attributes: [], elements: [], shapes: keys.map(([frame, cuboid]) => ({ ...(shape(cuboid) as object), frame })) }) as never // biome-ignore format: one line

/** An editor of the parts that the tools touch; steps are kept. */
const open = (annotations: Partial<Annotations>, count: number, chosen: number[]) => {
  const document = openDocument({ version: 0, tags: [], shapes: [], tracks: [], ...annotations })
  const steps: string[] = []
  const said: string[] = []
  const deleted: ReadonlySet<number> = new Set()
  const editor = {
    document,
    state: { frame: 0, deletedFrames: deleted },
    frames: { frames: [0, 1, 2, 3], start: 0, stop: 3 },
    job: { labels: new Map([[1, label]]), info: { id: 1 } },
    chosenIds: chosen,
    explain: (text: string) => void said.push(text),
    do: (...intents: Intent[]) => {
      const edits = intents.flatMap((one) => planEdit(one, { document, labels: new Map([[1, label]]), frame: 0, deleted }) ?? [])
      document.apply(edits.flatMap(({ patches }) => patches))
      if (edits[0]) steps.push(edits[0].title)
    },
  }
  const asked: string[] = []
  const points: CloudPoints = { positions: new Float32Array(0), rows: new Uint32Array(0), origin: [0, 0, 0] }
  const cuboidOf = (clientId: number) => {
    const object = document.get(clientId)
    const body = object && placeObject(object, 0, deleted)?.body
    return body ? readCuboid(body.points) : null
  }
  const scene = {
    editor,
    cuboidOf,
    cloud: {
      frame: 0,
      count,
      ground: { normal: [0, 0, 1], offset: 0, support: 9 },
      collect: async ({ position }: Cuboid) => {
        asked.push(`around ${position[0]}`)
        return points
      },
      collectAll: async () => {
        asked.push('all')
        return points
      },
    },
  } as unknown as SceneWorkspace
  const answer = createAnswerer()
  const worker: Points = { ask: async (operation, values) => answer(operation, values), close: () => {} }
  return { assistant: new Assistant(scene, worker), editor: editor as never, document, steps, said, asked, cuboidOf }
}

describe('points', () => {
  test('of a usual cloud are handed over once, of a huge one only those around what is worked on', async () => {
    const small = open({}, 120_000, [])
    await small.assistant.count([car])
    await small.assistant.count([{ ...car, position: [90, 0, 0] }])
    expect(small.asked).toEqual(['all'])
    const large = open({}, 80_000_000, [])
    await large.assistant.count([car, { ...car, position: [12, 4, 0.8] }, { ...car, position: [90, 0, 0] }])
    expect(large.asked).toEqual(['around 10', 'around 90'])
  })

  test('are counted for many cards at once, and told', async () => {
    const { assistant, asked } = open({ shapes: [shape(car), shape(car)] }, 100, [1])
    const counts = new PointCounts(assistant)
    const told = new Promise<void>((resolve) => counts.onChange(resolve))
    expect([counts.get(1), counts.get(2)]).toEqual([null, null])
    await told
    expect([counts.get(1), counts.get(2), asked.length]).toEqual([0, 0, 1])
  })
})

describe('steps', () => {
  test('several cuboids are put on the ground at once; locked ones stay; too few points say so', async () => {
    const lifted: Cuboid = { ...car, position: [10, 4, 3] }
    const { assistant, document, steps, said, cuboidOf } = open(
      { shapes: [shape(lifted), shape(lifted), shape(lifted)] },
      100,
      [1, 2, 3],
    )
    document.apply([{ clientId: 2, before: document.get(2), after: { ...document.get(2)!, locked: true } }])
    await assistant.snapToGround()
    expect([1, 2, 3].map((id) => cuboidOf(id)!.position[2])).toEqual([0.8, 3, 0.8])
    expect(steps).toEqual(['Move to the ground'])
    await assistant.fit('all')
    expect(said).toEqual(['There are too few points to fit to'])
    expect(steps).toHaveLength(1)
  })

  test('duplicates: of two shapes one goes, of a track and a shape the track stays, tracks take over what lies outside', () => {
    const shapes = open({ shapes: [shape(car), shape(car)] }, 1, [])
    mergeTwins(shapes.editor, { ids: [1, 2], iou: 1 })
    expect([...shapes.document.objects.keys()]).toEqual([1])
    const mixed = open({ shapes: [shape(car)], tracks: [track([0, car], [2, car])] }, 1, [])
    mergeTwins(mixed.editor, { ids: [1, 2], iou: 1 })
    expect([...mixed.document.objects.values()].map(({ kind }) => kind)).toEqual(['track'])
    const tracks = open({ tracks: [track([0, car], [1, car]), track([0, car], [3, { ...car, position: [20, 4, 0.8] }])] }, 1, [])
    mergeTwins(tracks.editor, { ids: [1, 2], iou: 1 })
    const [kept] = [...tracks.document.objects.values()]
    expect(tracks.document.objects.size).toBe(1)
    expect(kept?.kind === 'track' && kept.data.shapes.map(({ frame, points }) => [frame, points[0]])).toEqual([[0, 10], [1, 10], [3, 20]]) // biome-ignore format: rows
    expect(tracks.steps).toEqual(['Merge duplicates'])
    removeTwin(tracks.editor, { ids: [1, 1], iou: 1 })
    expect(tracks.document.objects.size).toBe(0)
  })
})
