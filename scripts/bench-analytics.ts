// `bun run bench:analytics`: how fast events are appended, and how long dashboards over a million of them take; SQLite or, with DATABASE_URL, PostgreSQL.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const { values: flags } = parseArgs({
  options: { events: { type: 'string', default: '1000000' }, keep: { type: 'string' }, password: { type: 'string' } },
})
const count = Number(flags.events)
const [projectCount, tasksPerProject, jobsPerTask, peopleCount, days] = [20, 50, 2, 50, 365]
const batch = 1000
const runs = 7
const dayMs = 24 * 3_600_000

const dataDir = flags.keep ?? mkdtempSync(join(tmpdir(), 'annolith-bench-analytics-'))
process.env.ANNOLITH_DATA_DIR = dataDir
const { prepareDataDir, config } = await import('../src/server/config')
prepareDataDir(config())
await (await import('../src/server/db/migrate')).migrate()
const { insertRows, tx, closeDb } = await import('../src/server/db/open')
const { eventTx } = await import('../src/server/db/open-events')
const { appendEvents } = await import('../src/server/events/append')
const { rebuildSums } = await import('../src/server/events/service')
const { createUser } = await import('../src/server/users/service')
const { projects, tasks, jobs } = await import('../src/server/db/schema')
const { createApp } = await import('../src/server/app')

let seed = 1
const random = () => {
  seed = (seed * 48271) % 2147483647
  return seed / 2147483647
}
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
const each = <T>(n: number, make: (i: number) => T) => Array.from({ length: n }, (_, i) => make(i))
const now = Date.now()
const password = flags.password ?? 'annolith-benchmark'
const suffix = now.toString(36)
const admin = await createUser({ username: flags.keep ? 'admin' : `bench-${suffix}`, password, superuser: true })
const people: Awaited<ReturnType<typeof createUser>>[] = []
for (let i = 0; i < peopleCount; i++) people.push(await createUser({ username: `person-${i}-${suffix}`, password }))

type Job = { id: number; taskId: number; projectId: number; userId: number; state: string }

const makeJobs = async (): Promise<Job[]> =>
  tx(async (t) => {
    const born = new Date(now - days * dayMs)
    const dates = { createdDate: born, updatedDate: born }
    const insert = (table: unknown, rows: Record<string, unknown>[]) => insertRows(t, table as any, rows)
    const projectIds = await insert(
      projects,
      each(projectCount, (i) => ({ name: `project ${i}`, ownerId: admin.id, ...dates })),
    )
    const places = projectIds.flatMap((projectId) => each(tasksPerProject, () => projectId))
    const taskIds = await insert(
      tasks,
      places.map((projectId, i) => ({ name: `task ${i}`, projectId, ownerId: admin.id, ...dates })),
    )
    const rows = taskIds.flatMap((taskId, i) =>
      each(jobsPerTask, (j) => ({
        taskId,
        projectId: places[i]!,
        startFrame: j * 100,
        stopFrame: j * 100 + 99,
        assigneeId: pick(people).id,
        state: 'new',
      })),
    )
    const ids = await insert(
      jobs,
      rows.map(({ projectId: _, ...row }) => ({
        ...row,
        ...dates,
        // Jobs come during the first half of the time.
        createdDate: new Date(now - days * dayMs * (1 - random() / 2)),
      })),
    )
    return rows.map(({ taskId, projectId, assigneeId, state }, i) => ({
      id: ids[i]!,
      taskId,
      projectId,
      userId: assigneeId,
      state,
    }))
  })

const nextState: Record<string, readonly string[]> = {
  new: ['in progress'],
  'in progress': ['completed'],
  completed: ['completed', 'completed', 'completed', 'rejected'],
  rejected: ['in progress'],
}

const makeEvent = (job: Job, timeMs: number) => {
  const place = { orgId: null, projectId: job.projectId, taskId: job.taskId, jobId: job.id, userId: job.userId }
  const common = { ...place, timestamp: new Date(timeMs), keptDate: new Date(now), source: 'server' }
  const dice = random()
  if (dice < 0.6) return { ...common, source: 'client', scope: 'change:frame', duration: 0 }
  if (dice < 0.75) return { ...common, scope: 'send:working_time', duration: 20_000 + Math.floor(random() * 40_000) }
  if (dice < 0.97) {
    const create = { tags: 0, shapes: Math.floor(random() * 8), tracks: 0 }
    return { ...common, scope: 'update:annotations', count: create.shapes, payload: { create, update: {}, delete: {} } }
  }
  if (dice < 0.98) return { ...common, scope: 'create:issue', count: 1 }
  const before = job.state
  job.state = pick(nextState[before]!)
  return {
    ...common,
    scope: 'update:job',
    objName: 'state',
    objId: String(job.id),
    objVal: job.state,
    payload: { old_value: before },
  }
}

const readCpuMs = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
/** What passed, and what the processor did meanwhile: on a busy machine only the second tells anything. */
const time = async (work: () => Promise<unknown>) => {
  const [started, cpu] = [performance.now(), readCpuMs()]
  await work()
  return { ms: performance.now() - started, cpuMs: readCpuMs() - cpu }
}
const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!
const rows: [string, string][] = []
const report = (what: string, value: string) => {
  rows.push([what, value])
  console.log(`${what.padEnd(64)} ${value}`)
}

try {
  const all = await makeJobs()
  // A person works on the same job for a while, as people do.
  let working: Job[] = []
  const append = { ms: 0, cpuMs: 0 }
  for (let done = 0; done < count; done += batch) {
    if (done % (batch * 2) === 0) working = each(25, () => pick(all))
    const list = each(batch, (i) => makeEvent(pick(working), now - days * dayMs * (1 - (done + i) / count)))
    const { ms, cpuMs } = await time(() => eventTx((t) => appendEvents(t, list)))
    append.ms += ms
    append.cpuMs += cpuMs
  }
  const rate = (ms: number) => Math.round((count / ms) * 1000).toLocaleString('en')
  report('append with sums, events a second (of processor time)', `${rate(append.ms)} (${rate(append.cpuMs)})`)
  await tx(async (t) => {
    const { eq } = await import('drizzle-orm')
    for (const { id, state } of all)
      await t
        .update(jobs)
        .set({ state: state as any })
        .where(eq(jobs.id, id))
  })
  const app = createApp()
  const authorization = `Basic ${btoa(`${admin.username}:${password}`)}`
  const get = async (path: string) => {
    const response = await app.handle(new Request(`http://localhost${path}`, { headers: { host: 'localhost', authorization } }))
    const text = await response.text()
    if (response.status !== 200) throw new Error(`${path}: ${response.status} ${text.slice(0, 200)}`)
  }
  const day = (agoDays: number) => new Date(now - agoDays * dayMs).toISOString().slice(0, 10)
  const paths: [string, string][] = [
    ['instance, 30 days', '/analytics'],
    ['instance, 365 days', `/analytics?from=${day(364)}`],
    ['instance, 30 days, by the stage of jobs', '/analytics?stage=annotation'],
    ['project, 90 days', `/projects/${all[0]!.projectId}/analytics?from=${day(89)}`],
    ['task, 365 days', `/tasks/${all[0]!.taskId}/analytics?from=${day(364)}`],
    ['job, 365 days', `/jobs/${all[0]!.id}/analytics?from=${day(364)}`],
    ['person, 365 days', `/analytics/people/${people[0]!.id}?from=${day(364)}`],
  ]
  for (const [what, path] of paths) {
    await get(path)
    const times: { ms: number; cpuMs: number }[] = []
    for (let i = 0; i < runs; i++) times.push(await time(() => get(path)))
    const [ms, cpuMs] = [times.map((one) => one.ms), times.map((one) => one.cpuMs)].map(median)
    report(`dashboard: ${what}, ms (of processor time)`, `${ms!.toFixed(0)} (${cpuMs!.toFixed(0)})`)
  }
  if (!flags.keep) report('sums made anew, s', ((await time(rebuildSums)).ms / 1000).toFixed(1))
} finally {
  await closeDb()
  if (!flags.keep) rmSync(dataDir, { recursive: true, force: true })
}
process.exit(0)
