// Checks that each wrong setting ends the program with one clear line on stderr.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { copyProgram, findFreePort, type Program } from './program.ts'

let program: Program
beforeAll(() => {
  program = copyProgram()
})
afterAll(() => program.remove())

type Case = { args?: (port: number) => string[]; env?: Record<string, string>; toml?: string; says: RegExp }

const cases: Record<string, Case> = {
  'an unknown key in annolith.toml': { toml: 'frobnicate = 1\n', says: /annolith\.toml.*frobnicate/ },
  'a broken annolith.toml': { toml: 'port = = 1\n', says: /annolith\.toml/ },
  'a port that is no number': { args: () => ['--port', 'many'], says: /port.*"many"/ },
  'a port out of range': { args: () => ['--port', '99999'], says: /port.*99999/ },
  'a port in the environment that is no number': { args: () => [], env: { ANNOLITH_PORT: 'x1' }, says: /ANNOLITH_PORT.*"x1"/ },
  'a data directory that cannot be made': { env: { ANNOLITH_DATA_DIR: '/dev/null/data' }, says: /\/dev\/null\/data/ },
  'ffmpeg that does not exist': { env: { ANNOLITH_FFMPEG: '/nowhere/ffmpeg' }, says: /ANNOLITH_FFMPEG.*\/nowhere\/ffmpeg/ },
  'a database address of another kind': { env: { DATABASE_URL: 'mysql://localhost/x' }, says: /DATABASE_URL/ },
  'test hashes on a public address': {
    args: (port) => ['--port', String(port), '--host', '0.0.0.0'],
    says: /PASSWORD_HASHER.*0\.0\.0\.0/,
  },
  'an unknown option': { args: () => ['--frobnicate'], says: /frobnicate/ },
}

const expectOneLine = (run: { exitCode: number; err: string }, says: RegExp) => {
  expect(run.exitCode).not.toBe(0)
  expect(run.err.trim().split('\n')).toEqual([expect.stringMatching(says)])
}

test.each(Object.entries(cases))('%s is refused in one line', async (_, { args, env, toml, says }) => {
  rmSync(program.dataDir, { recursive: true, force: true })
  mkdirSync(program.dataDir)
  if (toml) writeFileSync(join(program.dataDir, 'annolith.toml'), toml)
  const port = findFreePort()
  expectOneLine(await program.run(['serve', ...(args?.(port) ?? ['--port', String(port)])], env), says)
})

test('a port that is taken is refused in one line', async () => {
  const other = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } })
  try {
    expectOneLine(await program.run(['serve', '--port', String(other.port)]), new RegExp(String(other.port)))
  } finally {
    other.stop(true)
  }
})

test('an unknown command is refused in one line', async () => {
  expectOneLine(await program.run(['frobnicate']), /frobnicate/)
})
