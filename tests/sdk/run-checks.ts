// Runs files of checks in Python against a server: one process a file, one test a check_* function.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { adminPassword, type Server } from '../server'

const root = join(import.meta.dir, '../..')
export const python = join(root, '.tools/venv/bin/python')

type Report = { check: string; error: string | null }

/** Starts one file; answers a function that tells how a check of it went, as soon as it did. */
const startFile = (area: string, env: Record<string, string>) => {
  const child = Bun.spawn([python, '-W', 'error::UserWarning', join(import.meta.dir, 'run_checks.py'), area], {
    cwd: import.meta.dir,
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ...env },
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const errors = new Response(child.stderr).text()
  const waiting = new Map<string, PromiseWithResolvers<string | null>>()
  const outcome = (check: string) => {
    const known = waiting.get(check) ?? Promise.withResolvers<string | null>()
    waiting.set(check, known)
    return known
  }
  const read = async () => {
    let rest = ''
    for await (const part of child.stdout.pipeThrough(new TextDecoderStream() as any) as unknown as AsyncIterable<string>) {
      const lines = (rest + part).split('\n')
      rest = lines.pop()!
      for (const { check, error } of lines.map((line) => JSON.parse(line) as Report)) outcome(check).resolve(error)
    }
    const end = `the process of ${area} ended before this check\n${await errors}`
    for (const check of listChecks(area)) outcome(check).resolve(end)
  }
  const reading = read()
  const stop = async () => {
    child.kill()
    await reading
  }
  return { tell: (check: string) => outcome(check).promise, stop }
}

const listChecks = (area: string) =>
  [...readFileSync(join(import.meta.dir, `${area}.py`), 'utf8').matchAll(/^def (check_\w+)/gm)].map((match) => match[1]!)

/**
 * Defines the tests of one file of checks.
 * @param area file name without `.py`
 * @param find the server, asked for when the first test of the file runs, and what else the checks must be told
 */
export const describeChecks = (area: string, find: () => { server: Server; env?: Record<string, string> }) =>
  describe(area, () => {
    let file: ReturnType<typeof startFile> | undefined
    beforeAll(() => {
      if (!existsSync(python)) throw new Error('the Python client is missing; ./scripts/test installs it')
      const { server, env } = find()
      file = startFile(area, {
        SERVER_URL: server.url,
        ADMIN_PASSWORD: adminPassword,
        DEMO_VIDEO: join(root, 'public/demo/bigbuckbunny.mp4'),
        ...env,
      })
    })
    afterAll(() => file?.stop())
    test.each(listChecks(area))('%s', async (check) => {
      expect((await file!.tell(check)) ?? 'ok').toBe('ok')
    })
  })
