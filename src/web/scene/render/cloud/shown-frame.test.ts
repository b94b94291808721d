// A frame from its sample to its tiles: what is asked for, what is shown meanwhile, and what becomes of failures.
import { afterEach, describe, expect, test } from 'bun:test'
import { Material } from 'three'
import type { Hierarchy } from '../../../../server/media/clouds/tiles/tile-file'
import { FrameCloud } from './frame-cloud'
import { createNodeMemory } from './node-memory'
import { ShownFrame } from './shown-frame'

const realFetch = globalThis.fetch
afterEach(() => {
  globalThis.fetch = realFetch
})

const attributes: Hierarchy['attributes'] = [
  { name: 'position', type: 'float32', components: 3 },
  { name: 'row', type: 'uint32', components: 1 },
]
/** A root and one child of it, or a sample. */
const describeCloud = (counts: number[], rows: number): Hierarchy => ({
  ...{ version: 2, points: counts.reduce((a, b) => a + b, 0), rows, dropped: 0, origin: [0, 0, 0], attributes },
  bounds: { min: [0, 0, 0], max: [8, 8, 8] },
  cube: { min: [0, 0, 0], side: 8 },
  ...{ cells: 8, leafPoints: 100, spacing: 1 },
  nodes: counts.map((points, i) => ({
    ...{ parent: i - 1, octant: 0, level: i, points, bytes: points * 16 },
    offset: counts.slice(0, i).reduce((sum, count) => sum + count * 16, 0),
  })),
})
const sample = describeCloud([40], 1000)
const whole = describeCloud([60, 30], 1000)
const json = (body: unknown, status: number) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', 'retry-after': '0.01' } })

/** A server that is ready after so many questions; `log` has what was asked for. */
const serve = (readyAfter: number, refusal?: string) => {
  const log: string[] = []
  let asked = 0
  globalThis.fetch = (async (address: string) => {
    const url = new URL(address, 'http://here')
    const node = url.searchParams.get('node')
    if (node !== null) {
      log.push(node)
      return new Response(new Uint8Array((node === 'sample' ? sample.nodes[0]! : whole.nodes[Number(node)]!).bytes))
    }
    asked++
    log.push('?')
    if (asked <= readyAfter) return json({ ...sample, progress: asked / 10 }, 202)
    return refusal ? json([refusal], 400) : json(whole, 200)
  }) as unknown as typeof fetch
  return log
}
const open = (onChange: () => void = () => {}) => {
  const memory = createNodeMemory<() => void>(1 << 20, (forget) => forget())
  const cloud = new FrameCloud({ jobId: 1, frame: 5, onChange })
  return { shown: new ShownFrame(cloud, memory, new Material(), () => {}), cloud, memory }
}
const until = async (isSo: () => boolean) => {
  while (!isSo()) await Bun.sleep(2)
}
const signal = new AbortController().signal

describe('a frame', () => {
  test('that is tiled begins with the root', async () => {
    const log = serve(0)
    const { shown, cloud } = open()
    await shown.ready
    expect(log).toEqual(['?', '0'])
    expect([shown.nodes.get(0)!.count, cloud.progress, shown.shown?.isSample]).toEqual([60, 1, false])
  })

  test('shows a sample while it is tiled, and goes on to the tiles when enough of them is there', async () => {
    const log = serve(2)
    let changes = 0
    const { shown, cloud, memory } = open(() => changes++)
    await shown.ready
    expect(log.slice(0, 2)).toEqual(['?', 'sample'])
    expect([shown.sampleNode!.count, cloud.isSampleWhole, shown.listNodes().length]).toEqual([40, false, 1])
    await until(() => cloud.tiles !== null)
    expect(changes).toBeGreaterThanOrEqual(2)
    const chosen = [
      { tree: 0, node: 0, gap: 9, share: 1 },
      { tree: 0, node: 1, gap: 8, share: 1 },
    ]
    // Not for an empty screen: 60 of the 90 points are more than the sample has, none are not.
    shown.maySwap(chosen)
    expect(shown.shown?.isSample).toBe(true)
    await shown.load(cloud.tiles!, 1, signal)
    shown.maySwap(chosen)
    expect(shown.shown?.isSample).toBe(false)
    await shown.load(cloud.tiles!, 0, signal)
    expect([shown.sampleNode, memory.has('5 sample'), shown.nodes.size]).toEqual([null, false, 2])
  })

  test('whose tiles cannot be made keeps its sample and says why', async () => {
    serve(1, 'b.pcd: the file is cut off')
    const { shown, cloud } = open()
    await shown.ready
    await until(() => cloud.problem !== null)
    expect(cloud.problem).toContain('b.pcd: the file is cut off')
    expect(shown.sampleNode).not.toBeNull()
  })

  test('that is damaged fails with the sentence of the server', async () => {
    serve(0, 'b.pcd: the file is cut off')
    await expect(open().shown.ready).rejects.toThrow('b.pcd: the file is cut off')
  })

  test('loads its first points anew when the memory was needed for others', async () => {
    const log = serve(0)
    const { shown, memory } = open()
    await shown.ready
    memory.forget('5 ')
    expect(shown.listNodes()).toEqual([])
    await shown.recall()
    await shown.recall()
    expect([log, shown.listNodes().length]).toEqual([['?', '0', '0'], 1])
  })

  test('is asked for no more once nobody wants it', async () => {
    const log = serve(1e9)
    const { shown } = open()
    await shown.ready
    await until(() => log.length >= 4)
    shown.dispose()
    const asked = log.length
    await Bun.sleep(50)
    expect(log.length).toBe(asked)
    expect(shown.listNodes()).toEqual([])
  })
})
