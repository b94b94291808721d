// The official Python client and command line against a real server: every check_* function of the checks*.py files is one test.
import { afterAll, beforeAll } from 'bun:test'
import { readdirSync } from 'node:fs'
import { type Server, startServer } from '../server'
import { describeChecks } from './run-checks'

/** They need a stand-in for a cloud; storages.test.ts runs them. */
const elsewhere = ['checks_storages']
const areas = readdirSync(import.meta.dir)
  .flatMap((name) => /^(checks\w*)\.py$/.exec(name)?.[1] ?? [])
  .filter((area) => !elsewhere.includes(area))
  .sort()

let server: Server
beforeAll(async () => {
  server = await startServer({ ANNOLITH_OUTBOUND_ALLOW: '127.0.0.1' })
})
afterAll(() => server?.remove())

for (const area of areas) describeChecks(area, () => ({ server }))
