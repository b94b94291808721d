// A data directory with many tasks for benchmarks: projects, tasks with a job each, two labels a project, two people.

export const benchPassword = 'annolith-benchmark'

/** Fills a fresh data directory through the server's own tables: projects, tasks with a job and two labels each. */
export const seedTasks = async (dataDir: string, count: number) => {
  process.env.ANNOLITH_DATA_DIR = dataDir
  const { prepareDataDir, config } = await import('../../src/server/config')
  prepareDataDir(config())
  const { migrate } = await import('../../src/server/db/migrate')
  await migrate()
  const { insertRows, tx, closeDb } = await import('../../src/server/db/open')
  const { createUser } = await import('../../src/server/users/service')
  const { projects, tasks, taskData, jobs, labels } = await import('../../src/server/db/schema')
  const admin = await createUser({ username: 'admin', password: benchPassword, superuser: true })
  const person = await createUser({ username: 'person', password: benchPassword })
  const now = new Date()
  const dates = { createdDate: now, updatedDate: now }
  const each = <T>(make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i))
  await tx(async (t) => {
    const insert = (table: unknown, rows: Record<string, unknown>[]) => insertRows(t, table as any, rows)
    const projectIds = await insert(
      projects,
      Array.from({ length: count / 100 }, (_, i) => ({ name: `project ${i}`, ownerId: i % 2 ? admin.id : person.id, ...dates })),
    )
    const taskIds = await insert(
      tasks,
      each((i) => ({
        name: `task ${i}`,
        projectId: projectIds[i % projectIds.length],
        ownerId: i % 2 ? admin.id : person.id,
        mode: 'annotation',
        ...dates,
      })),
    )
    await insert(
      taskData,
      taskIds.map((taskId) => ({
        taskId,
        chunkSize: 36,
        size: 10,
        imageQuality: 70,
        startFrame: 0,
        stopFrame: 9,
        compressedChunkType: 'imageset',
        originalChunkType: 'imageset',
        deletedFrames: [],
        chunksUpdatedDate: now,
      })),
    )
    await insert(
      jobs,
      taskIds.map((taskId, i) => ({ taskId, startFrame: 0, stopFrame: 9, assigneeId: i % 3 ? person.id : null, ...dates })),
    )
    await insert(
      labels,
      projectIds.flatMap((projectId) => ['car', 'person'].map((name) => ({ projectId, name, color: '#112233' }))),
    )
  })
  await closeDb()
}
