// The commands of docs/operators/scale-out.md, run against a real PostgreSQL, Redis and bucket.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Cluster, openCluster, until } from './cluster'

const root = join(import.meta.dir, '../..')
const lines = [
  ...readFileSync(join(root, 'docs/operators/scale-out.md'), 'utf8').matchAll(/^```sh hosts\n([\s\S]*?)^```$/gm),
].flatMap(([, text]) => text!.trim().split('\n'))

let cluster: Cluster
beforeAll(async () => {
  cluster = await openCluster({ servers: 1, workers: 0 })
})
afterAll(() => cluster?.close())

const start = (line: string, env: Record<string, string>) =>
  Bun.spawn([process.execPath, join(root, 'src/main.ts'), ...line.split(' ').slice(1)], {
    env: { PATH: process.env.PATH, HOME: cluster.home, ...env },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  })

const run = async (line: string, env: Record<string, string>) => {
  const child = start(line, env)
  const [said, complained, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  return { line, code, words: code ? said + complained : '' }
}

test('rows move to PostgreSQL and back', async () => {
  const moves = lines.filter((line) => line.startsWith('annolith move'))
  expect(moves).toHaveLength(2)
  const sql = new Bun.SQL(cluster.databaseUrl)
  await sql.unsafe('create database moved')
  await sql.end()
  const url = cluster.databaseUrl.replace(/[^/]+$/, 'moved')
  const folder = join(cluster.home, 'moving')
  mkdirSync(folder)
  const env = { ANNOLITH_DATA_DIR: folder }
  const person = 'annolith user create --username first --superuser --password-stdin'
  const child = Bun.spawn([process.execPath, join(root, 'src/main.ts'), ...person.split(' ').slice(1)], {
    env: { PATH: process.env.PATH, HOME: cluster.home, ...env },
    stdin: Buffer.from('a-long-password-7'),
  })
  expect(await child.exited).toBe(0)
  const [there, back] = moves as [string, string]
  const address = 'postgres://annolith:secret@db.example.org/annolith'
  expect(there).toContain(address)
  expect(await run(there.replace(address, url), env)).toMatchObject({ code: 0, words: '' })
  const moved = join(cluster.home, 'moved-back')
  mkdirSync(moved)
  expect(await run(back, { ANNOLITH_DATA_DIR: moved, DATABASE_URL: url })).toEqual({ line: back, code: 0, words: '' })
  expect((await run('annolith user list', { ANNOLITH_DATA_DIR: moved })).code).toBe(0)
}, 60_000)

test('workers work until they are asked to stop', async () => {
  const works = lines.filter((line) => line.startsWith('annolith work'))
  expect(works).toHaveLength(lines.length - 2)
  for (const line of works) {
    const child = start(line, { ...cluster.environment, ANNOLITH_DATA_DIR: join(cluster.home, 'another') })
    let said = ''
    const reading = (async () => {
      for await (const part of child.stdout) said += new TextDecoder().decode(part)
    })()
    await until(`${line} works`, () => said.includes('annolith works on') || child.exitCode !== null)
    child.kill('SIGTERM')
    expect([line, await child.exited]).toEqual([line, 0])
    await reading
    const lanes = /--lanes (\S+)/.exec(line)?.[1]
    if (lanes) expect(said).toContain(`annolith works on ${lanes.replaceAll(',', ', ')}\n`)
  }
}, 60_000)
