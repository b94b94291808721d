// Who may use a data directory at the same time, asked by real processes, one of which is killed.
import { afterAll, expect, test } from 'bun:test'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isLocked, lockDataDir } from './lock'

const folder = mkdtempSync(join(tmpdir(), 'annolith-lock-'))
const children: Bun.Subprocess[] = []
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

/** Another process that holds the directory until it is killed. */
const hold = async (isShared: boolean) => {
  const code = `const { lockDataDir } = await import(${JSON.stringify(join(import.meta.dir, 'lock.ts'))})
    lockDataDir(${JSON.stringify(folder)}, ${isShared}); console.log('held'); setInterval(() => {}, 1000)`
  const child = Bun.spawn([process.execPath, '-e', code], { stdin: 'ignore', stdout: 'pipe', stderr: 'ignore' })
  children.push(child)
  await child.stdout.getReader().read()
  return {
    pid: child.pid,
    kill: async () => {
      child.kill('SIGKILL')
      await child.exited
    },
  }
}

test('one process alone: a second one is refused by a line that names it, until it is killed', async () => {
  const other = await hold(false)
  expect(isLocked(folder)).toBe(true)
  const refusal = `data directory ${folder} is in use by process ${other.pid}; several servers need DATABASE_URL and REDIS_URL`
  expect(() => lockDataDir(folder)).toThrow(refusal)
  expect(() => lockDataDir(folder, true)).toThrow(`in use by process ${other.pid}`)
  // As it is between containers, each of which has a process 1: the name says nothing, the lock holds.
  writeFileSync(join(folder, 'annolith.lock'), `${process.pid} 1 another-host`)
  expect(() => lockDataDir(folder)).toThrow(`in use by process ${process.pid} on another-host`)
  await other.kill()
  expect(isLocked(folder)).toBe(false)
  lockDataDir(folder)()
  expect([isLocked(folder), existsSync(join(folder, 'annolith.lock'))]).toEqual([false, false])
})

test('servers that share it may come and go, and nobody has it alone meanwhile', async () => {
  const other = await hold(true)
  const unlock = lockDataDir(folder, true)
  expect(() => lockDataDir(folder)).toThrow('is in use by another process')
  unlock()
  expect([isLocked(folder), existsSync(join(folder, 'annolith.lock'))]).toEqual([true, false])
  await other.kill()
  expect(isLocked(folder)).toBe(false)
})
