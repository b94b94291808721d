// The queue's promises, checked on every driver. The Redis part starts a private redis-server and ends it.
import { afterAll, afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openBullmq } from './bullmq'
import { type Chore, type QueueDriver, RetryLater, type Working } from './queue'
import { openSqliteQueue } from './sqlite'

setDefaultTimeout(60_000)

const folder = mkdtempSync(join(tmpdir(), 'annolith-queue-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const leaseMs = 600
const redisServer = Bun.which('redis-server')
if (!redisServer) console.warn('redis-server is not installed: the BullMQ driver is not tested')

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })

type Source = { open: () => Promise<QueueDriver>; code: () => string; start?: () => Promise<void>; end?: () => Promise<void> }

let count = 0
const sqliteSource = (): Source => {
  let file = ''
  return {
    start: async () => {
      file = join(folder, `${++count}.db`)
    },
    open: async () => openSqliteQueue(file, { leaseMs, pollMs: 100 }),
    code: () =>
      `const { openSqliteQueue } = await import(${JSON.stringify(join(import.meta.dir, 'sqlite.ts'))}); const queue = openSqliteQueue(${JSON.stringify(file)}, { leaseMs: ${leaseMs} })`,
  }
}

const redisSource = (): Source => {
  let port = 0
  let prefix = ''
  let server: Bun.Subprocess | undefined
  const url = () => `redis://127.0.0.1:${port}`
  return {
    start: async () => {
      prefix = `test-${++count}`
      if (server) return
      port = await freePort()
      const options = [
        '--port',
        String(port),
        '--bind',
        '127.0.0.1',
        '--save',
        '',
        '--dir',
        folder,
        '--maxmemory-policy',
        'noeviction',
      ]
      server = Bun.spawn([redisServer!, ...options], { stdout: 'pipe', stderr: 'ignore' })
      const decoder = new TextDecoder()
      let log = ''
      for await (const part of server.stdout as ReadableStream<Uint8Array>) {
        log += decoder.decode(part)
        if (log.includes('Ready to accept connections')) break
      }
    },
    end: async () => {
      server?.kill()
      await server?.exited
    },
    open: () => openBullmq(url(), { leaseMs, prefix }),
    code: () =>
      `const { openBullmq } = await import(${JSON.stringify(join(import.meta.dir, 'bullmq.ts'))}); const queue = await openBullmq(${JSON.stringify(url())}, { leaseMs: ${leaseMs}, prefix: ${JSON.stringify(prefix)} })`,
  }
}

const gate = <T = void>() => Promise.withResolvers<T>()

const walkContract = (source: Source) => {
  let queue: QueueDriver
  let workings: Working[] = []
  const work: QueueDriver['work'] = async (run, options) => {
    const working = await queue.work(run, options)
    workings.push(working)
    return working
  }
  const untilState = async (id: string, state: string) => {
    for (;;) {
      const found = await queue.get(id)
      if (found?.state === state) return found
      await Bun.sleep(5)
    }
  }

  beforeEach(async () => {
    await source.start?.()
    queue = await source.open()
  })
  afterEach(async () => {
    await Promise.all(workings.map((working) => working.stop(0)))
    workings = []
    await queue.close()
  })
  afterAll(() => source.end?.())

  test('runs what is added, once, with its payload', async () => {
    const seen: Chore[] = []
    const done = gate()
    await work(
      async (chore) => {
        seen.push(chore)
        if (seen.length === 2) done.resolve()
      },
      { lanes: ['import', 'export'], concurrency: 2 },
    )
    await queue.add('create-task', { requestId: 'r', taskId: 7 }, { id: 'action=create&x=a:b.c/ü', delayMs: 0 })
    await queue.add('export-dataset', { requestId: 's' }, { id: '12', delayMs: 0 })
    await done.promise
    const record = await untilState('action=create&x=a:b.c/ü', 'finished')
    expect(record).toMatchObject({
      name: 'create-task',
      lane: 'import',
      attempts: 1,
      error: '',
      payload: { requestId: 'r', taskId: 7 },
    })
    expect(record.finishedAt!.getTime()).toBeGreaterThanOrEqual(record.startedAt!.getTime())
    expect(seen.map(({ id, attempts }) => `${id} ${attempts}`).sort()).toEqual(['12 1', 'action=create&x=a:b.c/ü 1'])
    expect(await queue.get('unknown')).toBeUndefined()
  })

  test('adding the same id again does nothing while it waits, runs or is finished', async () => {
    let runs = 0
    for (let i = 0; i < 3; i++) await queue.add('export-dataset', { requestId: 'a' }, { id: 'same', delayMs: 0 })
    await work(async () => void runs++, { lanes: ['export'], concurrency: 1 })
    await untilState('same', 'finished')
    await queue.add('export-dataset', { requestId: 'a' }, { id: 'same', delayMs: 0 })
    await queue.add('export-dataset', { requestId: 'b' }, { id: 'next', delayMs: 0 })
    await untilState('next', 'finished')
    expect(runs).toBe(2)
  })

  test('a failed chore is told once, and runs again when it is added again', async () => {
    const failures: string[] = []
    const failed = gate()
    let broken = true
    const run = async () => {
      if (broken) throw new Error('bad file')
    }
    const onFailed = (chore: Chore, message: string) => {
      failures.push(`${chore.id} ${message}`)
      failed.resolve()
    }
    await work(run, { lanes: ['annotation'], concurrency: 1, onFailed })
    await queue.add('import-annotations', { requestId: 'a' }, { id: 'once', delayMs: 0 })
    await failed.promise
    expect(await untilState('once', 'failed')).toMatchObject({ error: 'bad file', attempts: 1 })
    broken = false
    await queue.add('import-annotations', { requestId: 'a' }, { id: 'once', delayMs: 0 })
    await untilState('once', 'finished')
    expect(failures).toEqual(['once bad file'])
  })

  test('an error is retried as often as the chore allows', async () => {
    const attempts: number[] = []
    await work(
      async (chore) => {
        attempts.push(chore.attempts)
        if (chore.attempts === 1) throw new Error('not yet')
      },
      { lanes: ['cleanup'], concurrency: 1 },
    )
    await queue.add('cleanup', {}, { id: 'c', delayMs: 0 })
    await untilState('c', 'finished')
    expect(attempts).toEqual([1, 2])
  })

  test('RetryLater runs it again and does not count', async () => {
    const attempts: number[] = []
    await work(
      async (chore) => {
        attempts.push(chore.attempts)
        if (attempts.length < 4) throw new RetryLater(10, 'still uploading')
      },
      { lanes: ['import'], concurrency: 1 },
    )
    await queue.add('create-task', { requestId: 'a', taskId: 1 }, { id: 'later', delayMs: 0 })
    await untilState('later', 'finished')
    expect(attempts).toEqual([1, 1, 1, 1])
  })

  test('can be cancelled only while it waits', async () => {
    const started = gate()
    const release = gate()
    let runs = 0
    await queue.add('export-dataset', { requestId: 'a' }, { id: 'running', delayMs: 0 })
    await work(
      async () => {
        runs++
        started.resolve()
        await release.promise
      },
      { lanes: ['export'], concurrency: 1 },
    )
    await started.promise
    await queue.add('export-dataset', { requestId: 'b' }, { id: 'delayed', delayMs: 600_000 })
    expect(await queue.cancel('running')).toBe(false)
    expect(await queue.cancel('delayed')).toBe(true)
    expect(await queue.cancel('delayed')).toBe(false)
    release.resolve()
    await untilState('running', 'finished')
    expect(await queue.cancel('running')).toBe(false)
    expect(runs).toBe(1)
  })

  test('keeps to its lanes and to its concurrency', async () => {
    let now = 0
    let most = 0
    const lanes: string[] = []
    for (let i = 0; i < 6; i++) {
      await queue.add('create-task', { requestId: 'a', taskId: i }, { id: `i${i}`, delayMs: 0 })
      await queue.add('export-dataset', { requestId: 'a' }, { id: `e${i}`, delayMs: 0 })
      await queue.add('import-annotations', { requestId: 'a' }, { id: `a${i}`, delayMs: 0 })
    }
    const all = gate()
    await work(
      async (chore) => {
        most = Math.max(most, ++now)
        await Bun.sleep(1)
        now--
        if (lanes.push(chore.lane) === 12) all.resolve()
      },
      { lanes: ['import', 'export'], concurrency: 2 },
    )
    await all.promise
    expect(most).toBe(2)
    expect(new Set(lanes)).toEqual(new Set(['import', 'export']))
    for (let i = 0; i < 6; i++) await untilState(`e${i}`, 'finished')
    const { lanes: counts, recent } = await queue.stats(5)
    expect(counts.annotation).toEqual({ waiting: 6, running: 0, failed: 0 })
    expect(counts.export).toEqual({ waiting: 0, running: 0, failed: 0 })
    expect(recent).toHaveLength(5)
  })

  test('stop waits for what runs', async () => {
    const started = gate()
    let ended = false
    const working = await work(
      async () => {
        started.resolve()
        await Bun.sleep(20)
        ended = true
      },
      { lanes: ['export'], concurrency: 1 },
    )
    await queue.add('export-dataset', { requestId: 'a' }, { id: 'short', delayMs: 0 })
    await started.promise
    await working.stop(60_000)
    expect(ended).toBe(true)
    expect((await queue.get('short'))?.state).toBe('finished')
  })

  test('stop hands back what does not end in time, uncounted', async () => {
    const started = gate()
    const aborted = gate()
    const working = await work(
      async (_chore, signal) => {
        started.resolve()
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
        aborted.resolve()
      },
      { lanes: ['export'], concurrency: 1 },
    )
    await queue.add('export-dataset', { requestId: 'a' }, { id: 'long', delayMs: 0 })
    await started.promise
    await working.stop(1)
    await aborted.promise
    expect((await queue.get('long'))?.state).toBe('waiting')
    let attempts = 0
    await work(async (chore) => void (attempts = chore.attempts), { lanes: ['export'], concurrency: 1 })
    await untilState('long', 'finished')
    expect(attempts).toBe(1)
  })

  test('a chore of a killed process is taken over', async () => {
    const code = `${source.code()}; await queue.work(async () => { process.stdout.write('started'); await new Promise(() => {}) }, { lanes: ['import'], concurrency: 1 })`
    await queue.add('create-task', { requestId: 'a', taskId: 1 }, { id: 'crashed', delayMs: 0 })
    const other = Bun.spawn([process.execPath, '-e', code], { stdout: 'pipe', stderr: 'inherit' })
    await (other.stdout as ReadableStream).getReader().read()
    other.kill('SIGKILL')
    await other.exited
    let attempts = 0
    await work(async (chore) => void (attempts = chore.attempts), { lanes: ['import'], concurrency: 1 })
    await untilState('crashed', 'finished')
    expect(attempts).toBe(2)
  })
}

describe('sqlite', () => {
  walkContract(sqliteSource())

  test('a new chore wakes a worker without polling, also across handles of the process', async () => {
    const file = join(folder, 'wake.db')
    const [queue, other] = [openSqliteQueue(file, { pollMs: 2 ** 30 }), openSqliteQueue(file)]
    const runs: string[] = []
    let next = gate()
    const working = await queue.work(
      async ({ id }) => {
        runs.push(id)
        next.resolve()
      },
      { lanes: ['export'], concurrency: 1 },
    )
    await queue.add('export-dataset', { requestId: 'a' }, { id: 'mine', delayMs: 0 })
    await next.promise
    next = gate()
    await other.add('export-dataset', { requestId: 'a' }, { id: 'theirs', delayMs: 0 })
    await next.promise
    expect(runs).toEqual(['mine', 'theirs'])
    await working.stop()
    await Promise.all([queue.close(), other.close()])
  })

  test('a chore that is always interrupted is given up', async () => {
    const file = join(folder, 'poison.db')
    const failed = gate<string>()
    const first = openSqliteQueue(file)
    await first.add('export-dataset', { requestId: 'a' }, { id: 'poison', delayMs: 0 })
    const { Database } = await import('bun:sqlite')
    const raw = new Database(file)
    raw.run(`update chores set state = 'running', attempts = 3, lease = 0, owner = 'elsewhere 1 1'`)
    raw.close()
    let runs = 0
    const working = await first.work(async () => void runs++, {
      lanes: ['export'],
      concurrency: 1,
      onFailed: (_chore, message) => failed.resolve(message),
    })
    expect(await failed.promise).toBe('was interrupted 3 times')
    expect(runs).toBe(0)
    await working.stop()
    await first.close()
  })
})

describe.skipIf(!redisServer)('bullmq', () => {
  walkContract(redisSource())
})
