// What several servers agree on: one of them has a turn, and what is asked of two at once is done by one and answered by both.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const redisServer = Bun.which('redis-server')

describe.skipIf(!redisServer)('shared by servers', () => {
  const home = mkdtempSync(join(tmpdir(), 'annolith-shared-queue-'))
  let redis: Bun.Subprocess
  let url: string
  beforeAll(async () => {
    const listener = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } })
    const { port } = listener
    listener.stop(true)
    redis = Bun.spawn([redisServer!, '--port', String(port), '--bind', '127.0.0.1', '--dir', home, '--save', ''], {
      stdout: 'ignore',
    })
    url = `redis://127.0.0.1:${port}`
    for (;;) {
      const socket = await Bun.connect({ hostname: '127.0.0.1', port, socket: { data() {} } }).catch(() => undefined)
      if (socket) return void socket.end()
      await Bun.sleep(20)
    }
  })
  afterAll(async () => {
    redis?.kill()
    await redis?.exited
    rmSync(home, { recursive: true, force: true })
  })

  /** Runs code in a process of its own; `say` lines are the answer. */
  const runServer = async (code: string) => {
    const program = `const { takeTurn, runOnceForAll, closeShared } = await import(${JSON.stringify(join(import.meta.dir, 'shared.ts'))})
      const { setConfig, readConfig } = await import(${JSON.stringify(join(import.meta.dir, '../config.ts'))})
      setConfig({ ...readConfig({}, { ANNOLITH_DATA_DIR: ${JSON.stringify(home)} }), redisUrl: ${JSON.stringify(url)} })
      const say = (value) => console.log(JSON.stringify(value) ?? 'null')
      ${code}
      await closeShared()`
    const child = Bun.spawn([process.execPath, '-e', program], { stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' })
    const [said, complained] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
    if (await child.exited) throw new Error(complained)
    return said
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  }

  test('one has the turn, keeps it when it asks again, and loses it with its time', async () => {
    expect(await runServer(`say(await takeTurn('look', 60_000)); say(await takeTurn('look', 60_000))`)).toEqual([true, true])
    expect(await runServer(`say(await takeTurn('look', 60_000)); say(await takeTurn('other', 50))`)).toEqual([false, true])
    await Bun.sleep(100)
    expect(await runServer(`say(await takeTurn('other', 60_000))`)).toEqual([true])
  })

  test('what is asked of three at once is done by one, and the others answer the same', async () => {
    const ask = `say(await runOnceForAll('form', async () => { await Bun.sleep(300); return String(process.pid) }, 60_000))`
    const answers = (await Promise.all([ask, ask, ask].map(runServer))).flat()
    expect(new Set(answers).size).toBe(1)
    expect((await runServer(ask))[0]).toBe(answers[0])
  })

  test('what was not done, or failed, may be tried again', async () => {
    expect(await runServer(`say(await runOnceForAll('refused', async () => undefined, 60_000))`)).toEqual([null])
    const failing = `say(await runOnceForAll('refused', async () => { throw new Error('no') }, 60_000).catch((error) => error.message))`
    expect(await runServer(failing)).toEqual(['no'])
    expect(await runServer(`say(await runOnceForAll('refused', async () => 'done', 60_000))`)).toEqual(['done'])
  })

  test('without Redis a form is done by whoever is asked, and nobody has a turn', async () => {
    redis.kill()
    await redis.exited
    const code = `say(await takeTurn('look', 60_000)); say(await runOnceForAll('alone', async () => 'done', 60_000))`
    expect(await runServer(code)).toEqual([false, 'done'])
  })
})
