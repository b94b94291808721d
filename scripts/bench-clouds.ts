// `bun run bench:clouds`: how long cutting a point cloud into tiles takes, what it costs in memory, and when its first points are there. --points 10000000; --print: only print it.
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readHierarchy } from '../src/server/media/clouds/tiles/tile-file.ts'
import { writeCloudSample } from '../src/server/media/clouds/tiles/write-sample.ts'
import { writeCloudTiles } from '../src/server/media/clouds/tiles/write-tiles.ts'
import { describeMachine } from './benching/machine.ts'
import { writeSection } from './benching/report.ts'

const { values: flags } = parseArgs({ options: { points: { type: 'string', default: '1000000' }, print: { type: 'boolean' } } })
const counts = flags.points.split(',').map(Number)
const folder = mkdtempSync(join(tmpdir(), 'annolith-clouds-'))

/** A street 400 m long: ground, walls, parked cars, and a few stray points high above. */
const makeCloud = async (count: number, path: string) => {
  let state = 1
  const draw = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  const file = Bun.file(path).writer({ highWaterMark: 1 << 22 })
  file.write(
    `VERSION .7\nFIELDS x y z intensity\nSIZE 4 4 4 4\nTYPE F F F F\nCOUNT 1 1 1 1\nWIDTH ${count}\nHEIGHT 1\nVIEWPOINT 0 0 0 1 0 0 0\nPOINTS ${count}\nDATA binary\n`,
  )
  const block = 1 << 16
  for (let from = 0; from < count; from += block) {
    const rows = Math.min(block, count - from)
    const values = new Float32Array(rows * 4)
    for (let row = 0; row < rows; row++) {
      const [kind, x] = [draw(), draw() * 400 - 200]
      const place =
        kind < 0.6
          ? [x, draw() * 40 - 20, draw() * 0.05]
          : kind < 0.9
            ? [x, (draw() < 0.5 ? -20 : 20) + draw() * 0.1, draw() * 12]
            : kind < 0.999
              ? [Math.floor(x / 8) * 8 + draw() * 4.2, (draw() < 0.5 ? -6 : 6) + draw() * 1.8, draw() * 1.6]
              : [x, draw() * 40 - 20, draw() * 40]
      values.set([...place, draw()], row * 4)
    }
    file.write(values)
    await file.flush()
  }
  await file.end()
}

/** Most memory of this process while something runs, in MiB above what it had before. */
const watchMemory = async <T>(work: () => Promise<T>) => {
  Bun.gc(true)
  const before = process.memoryUsage.rss()
  let most = before
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss())
  }, 20)
  const start = performance.now()
  const result = await work()
  const seconds = (performance.now() - start) / 1000
  clearInterval(timer)
  return { result, seconds, mebibytes: (Math.max(most, process.memoryUsage.rss()) - before) / 2 ** 20 }
}

const rows: string[] = []
try {
  for (const count of counts) {
    const [source, target, early] = ['cloud.pcd', 'cloud.tiles', 'sample.tiles'].map((name) =>
      join(folder, `${count}-${name}`),
    ) as [string, string, string]
    await makeCloud(count, source)
    const sample = await watchMemory(() => writeCloudSample(source, 'cloud.pcd', early, 100_000))
    const tiles = await watchMemory(() => writeCloudTiles(source, target, { name: 'cloud.pcd' }))
    const start = performance.now()
    const { nodes, points } = await readHierarchy(target)
    const root = nodes[0]!
    await Bun.file(target)
      .slice(root.offset, root.offset + root.bytes)
      .arrayBuffer()
    const first = performance.now() - start
    if (points !== count) throw new Error(`${points} of ${count} points are in the tiles`)
    rows.push(
      `| ${count.toLocaleString('en')} | ${(statSync(source).size / 2 ** 20).toFixed(0)} MiB | ${sample.seconds.toFixed(2)} s | ${tiles.seconds.toFixed(1)} s | ${tiles.mebibytes.toFixed(0)} MiB | ${nodes.length} | ${Math.max(...nodes.map((node) => node.points)).toLocaleString('en')} | ${first.toFixed(0)} ms |`,
    )
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

const table = [
  '| points | file | sample of 100,000 | tiles | memory for it | nodes | largest node | hierarchy and root read |',
  '| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
  ...rows,
].join('\n')
if (flags.print) console.log(table)
else writeSection('clouds', 'bun run bench:clouds', describeMachine(), new Date(), table)
