// The served document walked by Schemathesis: no server fault, no status, type or body that the document does not know.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { adminPassword, type Server, startServer } from '../server'
import { python } from './run-checks'

const root = join(import.meta.dir, '../..')

let server: Server
beforeAll(async () => {
  if (!existsSync(python)) throw new Error('the Python client is missing; ./scripts/test installs it')
  // Wrong credentials are tried on every operation, more often than a person may.
  server = await startServer({ ANNOLITH_OUTBOUND_ALLOW: '127.0.0.1', ANNOLITH_SIGN_IN_ATTEMPTS: '0' })
})
afterAll(() => server?.remove())

/** Few examples with a fixed seed; docs/api-conformance.md says how to walk farther. */
const bounds = ['--max-examples', '3', '--seed', '1', '--phases', 'fuzzing', '--no-shrink', '--continue-on-failure', '--no-color']

test.each(['admin', 'user'])('every operation as %s', async (who) => {
  const child = Bun.spawn([python, join(import.meta.dir, 'fuzz.py'), who, ...bounds], {
    env: {
      ...process.env,
      PYTHONDONTWRITEBYTECODE: '1',
      SERVER_URL: server.url,
      ADMIN_PASSWORD: adminPassword,
      DEMO_VIDEO: join(root, 'public/demo/bigbuckbunny.mp4'),
    },
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [code, out, errors] = await Promise.all([
    child.exited,
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  expect(code === 0 ? 'ok' : `${out}${errors}\n${server.log()}`).toBe('ok')
  expect(Number(/Tested: (\d+)/.exec(out)?.[1])).toBeGreaterThanOrEqual(220)
})
