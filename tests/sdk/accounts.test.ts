// The official Python client and command line against a real server: accounts and organizations; every check_* function is one test.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { adminPassword, type Server, startServer } from '../server'

const root = join(import.meta.dir, '../..')
const script = join(import.meta.dir, 'checks_accounts.py')
const python = join(root, '.tools/venv/bin/python')
const checks = [...readFileSync(script, 'utf8').matchAll(/^def (check_\w+)/gm)].map((match) => match[1]!)

let server: Server
beforeAll(async () => {
  if (!existsSync(python)) throw new Error('the Python client is missing; ./scripts/test installs it')
  server = await startServer()
})
afterAll(() => server?.remove())

test.each(checks)('%s', async (check) => {
  const child = Bun.spawn([python, '-W', 'error::UserWarning', script, check], {
    env: {
      ...process.env,
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
  expect(code === 0 ? 'ok' : `${out}${errors}`).toBe('ok')
  expect(out).toContain(`ok ${check}`)
})
