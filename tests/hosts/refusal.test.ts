// Two servers on one data directory: refused with SQLite, at work with PostgreSQL and Redis.
import { afterAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startServer } from '../server'
import { adminPassword, openCluster } from './cluster'
import { createTask, finishRequest, readRequest, signInAt, startExport } from './load'

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

const runServe = async (dataDir: string, env: Record<string, string> = {}) => {
  const main = join(import.meta.dir, '../../src/main.ts')
  const child = Bun.spawn([process.execPath, main, 'serve', '--data-dir', dataDir, '--port', '1'], {
    env: { PATH: process.env.PATH, HOME: dataDir, ...env },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [words, code] = await Promise.all([new Response(child.stderr).text(), child.exited])
  return { words: words.trim().split('\n'), code }
}

test('a second server on a SQLite directory is refused with one line, and the first one goes on', async () => {
  const server = await startServer()
  try {
    const { words, code } = await runServe(server.dataDir)
    expect([words, code]).toEqual([
      [
        `annolith: data directory ${server.dataDir} is in use by process ${server.pid}; several servers need DATABASE_URL and REDIS_URL`,
      ],
      1,
    ])
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
    // A server that was killed holds nothing.
    await server.kill()
    await server.restart()
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
  } finally {
    await server.remove()
  }
})

test('a bucket without what several hosts need is refused by the name of what is missing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'annolith-refusal-'))
  folders.push(folder)
  const bucket = { ANNOLITH_STORAGE: 's3://bucket/files' }
  const databases = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', REDIS_URL: 'redis://127.0.0.1:1' }
  const refusals = [
    [{ ANNOLITH_STORAGE: '/srv/media' }, 'ANNOLITH_STORAGE must be an address such as s3://bucket/prefix, not "/srv/media"'],
    [bucket, 'ANNOLITH_STORAGE is for several hosts and needs DATABASE_URL and REDIS_URL'],
    [
      { ...bucket, ...databases },
      'ANNOLITH_STORAGE needs ANNOLITH_SECRET_KEY_FILE, so that all hosts can read what one has sealed',
    ],
    [{ DATABASE_URL_FILE: join(folder, 'none') }, `DATABASE_URL_FILE names "${join(folder, 'none')}", which cannot be read`],
  ] as const
  for (const [env, words] of refusals) expect(await runServe(folder, env)).toEqual({ words: [`annolith: ${words}`], code: 1 })
})

test('servers and workers on one volume: what one makes the others send', async () => {
  const cluster = await openCluster({ servers: 2, workers: 1, isVolume: true })
  try {
    const caller = await signInAt(cluster.servers, 'admin', adminPassword)
    const task = await createTask(caller, 6, 3)
    const id = await startExport(caller, task.id, 'COCO 1.0')
    await finishRequest(caller, id)
    const { pathname, search } = new URL((await readRequest(caller, id)).result_url)
    for (const server of cluster.servers) {
      expect((await caller.ask(server, pathname + search)).status).toBe(200)
      expect((await caller.ask(server, `/api/tasks/${task.id}/data?type=frame&number=5&quality=original`)).status).toBe(200)
    }
  } finally {
    await cluster.close()
  }
})
