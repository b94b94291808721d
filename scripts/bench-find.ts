// `bun scripts/bench-find.ts`: how long searches over a million shapes of one project take, on SQLite or, with DATABASE_URL, on PostgreSQL.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const { values: flags } = parseArgs({ options: { shapes: { type: 'string', default: '1000000' } } })
const count = Number(flags.shapes)
const framesPerJob = 100
const perFrame = 10
const runs = 5

const dataDir = mkdtempSync(join(tmpdir(), 'annolith-bench-find-'))
process.env.ANNOLITH_DATA_DIR = dataDir
const { prepareDataDir, config } = await import('../src/server/config')
prepareDataDir(config())
await (await import('../src/server/db/migrate')).migrate()
const { insertRows, tx, closeDb } = await import('../src/server/db/open')
const { createUser } = await import('../src/server/users/service')
const { actAs } = await import('../src/server/auth/service')
const { projects, tasks, jobs, labels, attributes, shapes, frames } = await import('../src/server/db/schema')
const { find } = await import('../src/server/find/service')
const { attributeKeys } = await import('../src/server/annotations/attribute-keys')

let seed = 1
const random = () => {
  seed = (seed * 48271) % 2147483647
  return seed / 2147483647
}
const now = new Date()
const dates = { createdDate: now, updatedDate: now }
const admin = await createUser({ username: `bench-${Date.now()}`, password: 'annolith-benchmark', superuser: true })

/** A project of tasks with one job each, ten labels that share an attribute, rectangles and polygons of twenty points. */
const fill = async (): Promise<number> => {
  const jobCount = Math.ceil(count / (framesPerJob * perFrame))
  const [projectId, jobIds, labelIds, specIds] = await tx(async (t) => {
    const insert = (table: unknown, rows: Record<string, unknown>[]) => insertRows(t, table as any, rows)
    const [projectId] = await insert(projects, [{ name: 'bench', ownerId: admin.id, ...dates }])
    const each = <T>(n: number, make: (i: number) => T) => Array.from({ length: n }, (_, i) => make(i))
    const taskIds = await insert(
      tasks,
      each(jobCount, (i) => ({ name: `task ${i}`, projectId, ownerId: admin.id, ...dates })),
    )
    const jobIds = await insert(
      jobs,
      taskIds.map((taskId, i) => ({
        taskId,
        startFrame: 0,
        stopFrame: framesPerJob - 1,
        state: i % 4 ? 'new' : 'completed',
        ...dates,
      })),
    )
    const labelIds = await insert(
      labels,
      each(10, (i) => ({ projectId, name: `label ${i}`, color: '#112233' })),
    )
    const specIds = await insert(
      attributes,
      labelIds.map((labelId) => ({
        labelId,
        name: 'color',
        mutable: false,
        inputType: 'select',
        defaultValue: 'red',
        values: ['red', 'green', 'blue', 'white'],
      })),
    )
    for (const taskId of taskIds)
      await insert(
        frames,
        each(framesPerJob, (number) => ({
          taskId,
          number,
          name: `${taskId}/${number}.${number % 10 ? 'jpg' : 'png'}`,
          file: 'none',
          width: 1920,
          height: 1080,
        })),
      )
    return [projectId!, jobIds, labelIds, specIds] as const
  })
  const colors = ['red', 'green', 'blue', 'white']
  for (const jobId of jobIds)
    await tx(async (t) => {
      const rows = Array.from({ length: framesPerJob * perFrame }, (_, i) => {
        const at = Math.floor(random() * labelIds.length)
        const [width, height] = [random() * 300, random() * 300]
        const isPolygon = i % 3 === 0
        const points = Array.from({ length: isPolygon ? 40 : 4 }, () => Math.round(random() * 1e5) / 100)
        const values = JSON.stringify([{ spec_id: specIds[at], value: colors[Math.floor(random() * 4)] }])
        return {
          jobId,
          labelId: labelIds[at],
          frame: Math.floor(i / perFrame),
          group: 0,
          source: random() < 0.2 ? 'auto' : 'manual',
          attributes: values,
          attributeKeys: attributeKeys(values),
          type: isPolygon ? 'polygon' : 'rectangle',
          occluded: random() < 0.1,
          outside: false,
          zOrder: 0,
          rotation: 0,
          points: JSON.stringify(points),
          width,
          height,
          area: width * height,
          score: random(),
          parentId: null,
        }
      })
      await insertRows(t, shapes as any, rows)
    })
  return projectId
}

const queries: [q: string, options?: Record<string, string>][] = [
  [''],
  ['label:"label 3" width>100'],
  ['label:"label 3","label 4" (width>290 or source:auto)'],
  ['area<500', { sort: 'area' }],
  ['score<0.01', { sort: '-score' }],
  ['source:auto -occluded type:polygon'],
  ['job.state:completed height:100..110'],
  ['name:*.png label:"label 3"'],
  ['label:"label 3" color:red'],
  ['color:red'],
  ['label:"label 3" width>280', { results: 'frames' }],
]

try {
  const started = performance.now()
  const projectId = await fill()
  console.log(`${count} shapes in ${((performance.now() - started) / 1000).toFixed(1)} s`)
  const who = await actAs(admin)
  console.log('| query | found | median | slowest | least CPU of this process |\n|---|---:|---:|---:|---:|')
  for (const [q, options = {}] of queries) {
    const times: number[] = []
    let cpuMs = Number.POSITIVE_INFINITY
    let found = 0
    for (let run = 0; run < runs; run++) {
      // A write makes remembered counts worthless, so that each run counts anew.
      await tx(async (t) => void (await t.insert(labels as any).values({ projectId, name: `run ${q} ${run}`, color: '#000000' })))
      const from = performance.now()
      const cpu = process.cpuUsage()
      found = (await find({ who, context: { kind: 'any' }, place: { projectId }, text: q }, options)).count
      times.push(performance.now() - from)
      const { user, system } = process.cpuUsage(cpu)
      cpuMs = Math.min(cpuMs, (user + system) / 1000)
    }
    times.sort((a, b) => a - b)
    const shown = `${q || '(everything)'}${Object.entries(options)
      .map(([key, value]) => ` · ${key}=${value}`)
      .join('')}`
    console.log(
      `| \`${shown}\` | ${found} | ${times[Math.floor(runs / 2)]!.toFixed(0)} ms | ${times.at(-1)!.toFixed(0)} ms | ${cpuMs.toFixed(0)} ms |`,
    )
  }
} finally {
  await closeDb()
  rmSync(dataDir, { recursive: true, force: true })
}
