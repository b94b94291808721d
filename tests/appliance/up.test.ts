// Runs scripts/up as a newcomer does: first start with the demo, second run, stop; a taken port and a stale pid file.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { signIn } from '../../scripts/client.ts'
import { isAlive } from '../../scripts/server-process.ts'
import { findFreePort } from './program.ts'

const script = join(import.meta.dir, '../../scripts/up')
let folder: string
let dataDir: string
const port = findFreePort()

const up = async (flags: string[] = [], env: Record<string, string> = {}) => {
  const { ANNOLITH_NATIVE_DIR: _, ...inherited } = process.env
  const child = Bun.spawn([script, ...flags], {
    cwd: folder,
    env: { ...inherited, ANNOLITH_DATA_DIR: dataDir, ANNOLITH_PORT: String(port), ANNOLITH_LOG: 'info', ...env },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [exitCode, out, err] = await Promise.all([
    child.exited,
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  return { exitCode, out, err }
}
const readPid = () => Number(readFileSync(join(dataDir, 'annolith.pid'), 'utf8'))

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'annolith-up-'))
  dataDir = join(folder, 'data')
})
afterAll(async () => {
  await up(['--stop'])
  await up(['--stop'], { ANNOLITH_DATA_DIR: join(folder, 'other') })
  rmSync(folder, { recursive: true, force: true })
})

test('the first run starts the server, makes a password and the demo project', async () => {
  const { exitCode, out, err } = await up()
  expect({ exitCode, warnings: err.match(/warning: the demo.*/g) }).toEqual({ exitCode: 0, warnings: null })
  const password = readFileSync(join(dataDir, 'secrets/admin-password'), 'utf8').trim()
  expect(statSync(join(dataDir, 'secrets/admin-password')).mode & 0o777).toBe(0o600)
  for (const word of [`http://127.0.0.1:${port}`, 'admin', password]) expect(out).toContain(word)
  const client = await signIn(`http://127.0.0.1:${port}`, 'admin', password)
  const [project] = (await client.get('/api/projects?name=Demo')).results
  const tasks = (await client.get(`/api/tasks?project_id=${project.id}`)).results
  expect(tasks.map(({ name, size }: any) => [name, size]).sort()).toEqual([
    ['Big Buck Bunny', 132],
    ['Photographs', 4],
  ])
  const [crossing] = (await client.get('/api/tasks?name=Crossing')).results
  expect([crossing.dimension, crossing.size]).toEqual(['3d', 6])
  for (const { id } of [...tasks, crossing]) {
    const { shapes, tracks } = await client.get(`/api/tasks/${id}/annotations`)
    expect(shapes.length + tracks.length).toBeGreaterThan(0)
  }
})

test('the second run says what runs and leaves it alone', async () => {
  const pid = readPid()
  const { exitCode, out } = await up()
  expect(exitCode).toBe(0)
  expect(out).toContain('already running')
  expect(out).toContain(`process   ${pid}`)
  expect([readPid(), isAlive(pid)]).toEqual([pid, true])
})

test('a port that is taken is named, and nothing is left running', async () => {
  const other = join(folder, 'other')
  const { exitCode, err } = await up(['--no-demo'], { ANNOLITH_DATA_DIR: other })
  expect(exitCode).toBe(1)
  expect(err).toContain(`port ${port}`)
  expect(existsSync(join(other, 'annolith.pid')) && isAlive(Number(readFileSync(join(other, 'annolith.pid'), 'utf8')))).toBe(
    false,
  )
})

test('--stop ends it; a second time there is nothing to end', async () => {
  const pid = readPid()
  expect(await up(['--stop'])).toMatchObject({ exitCode: 0, out: 'annolith has ended\n' })
  expect(isAlive(pid)).toBe(false)
  expect(await up(['--stop'])).toMatchObject({ exitCode: 0, out: `annolith is not running on ${dataDir}\n` })
})

test('a pid that now belongs to another program is left alone', async () => {
  mkdirSync(dataDir, { recursive: true })
  writeFileSync(join(dataDir, 'annolith.pid'), `${process.pid}\n`)
  expect((await up(['--stop'])).out).toBe(`annolith is not running on ${dataDir}\n`)
  rmSync(join(dataDir, 'annolith.pid'))
})

test('an unknown flag is refused', async () => {
  expect(await up(['--frobnicate'])).toMatchObject({ exitCode: 1, err: 'scripts/up does not know --frobnicate; see --help\n' })
})
