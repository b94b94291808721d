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
import { writeStreet } from './benching/street-cloud.ts'

const { values: flags } = parseArgs({ options: { points: { type: 'string', default: '1000000' }, print: { type: 'boolean' } } })
const counts = flags.points.split(',').map(Number)
const folder = mkdtempSync(join(tmpdir(), 'annolith-clouds-'))

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
    await writeStreet(count, source)
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
