// Worker threads: calls, errors, replacement of a dead thread, stopping, and media work through the seam.
import { afterAll, afterEach, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder, makeVideo, readNumbers } from '../server/media/make-test-video'
import { getChunk, getFrame, MediaError, probeVideo, type TaskMedia } from '../server/media/media'
import { setOffload } from '../server/media/offload'
import { RetryLater } from '../server/queue/queue'
import { storage } from '../server/storage/storage'
import type { Call } from './messages'
import { openPool, type PoolOptions, type ThreadPool } from './threads'

setDefaultTimeout(60_000)

const folder = makeFolder('threads')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

// A thread that obeys the message protocol and does what the payload says.
const script = join(folder, 'script.ts')
writeFileSync(
  script,
  `
  const aborts = new Map()
  self.onmessage = ({ data }) => {
    const { type, id, call } = data
    if (type === 'end') return process.exit(0)
    if (type === 'abort') return aborts.get(id)?.()
    if (type !== 'call') return
    const { action, value } = call.chore.payload
    const done = () => self.postMessage({ type: 'done', id })
    if (action === 'pass') done()
    if (action === 'progress') { self.postMessage({ type: 'progress', id, progress: 0.5, message: 'half' }); done() }
    if (action === 'fail') self.postMessage({ type: 'failed', id, error: value })
    if (action === 'exit') process.exit(3)
    if (action === 'throw') setTimeout(() => { throw new Error('out of nowhere') })
    if (action === 'wait') aborts.set(id, () => self.postMessage({ type: 'failed', id, error: { kind: 'other', message: 'heard it', delayMs: 0 } }))
    if (action === 'child') {
      const child = Bun.spawn(['sleep', '600'])
      require('fs').writeFileSync(value, String(child.pid))
      self.postMessage({ type: 'child', started: child.pid })
      self.postMessage({ type: 'progress', id, progress: 0, message: 'started' })
    }
  }
  `,
)

let pool: ThreadPool
const open = (options: Partial<PoolOptions> = {}) => {
  pool = openPool({ size: 2, callsPerThread: 1, graceMs: 50, start: () => new Worker(script), ...options })
  return pool
}
afterEach(() => pool?.end())
const errorOf = (promise: Promise<unknown>): Promise<any> =>
  promise.then(
    () => undefined,
    (error) => error,
  )
const call = (action: string, value?: unknown): Call =>
  ({ type: 'chore', chore: { id: 'x', name: 'cleanup', lane: 'cleanup', attempts: 1, payload: { action, value } } }) as never

describe('pool', () => {
  test('runs calls on at most its number of threads', async () => {
    open()
    await Promise.all(Array.from({ length: 9 }, () => pool.run(call('pass'))))
    expect(pool.count()).toBe(2)
  })

  test('ends idle threads', async () => {
    open({ idleMs: 1 })
    await pool.run(call('pass'))
    while (pool.count() > 0) await Bun.sleep(1)
    await pool.run(call('pass'))
  })

  test('passes progress on, and errors with their kind', async () => {
    open()
    const seen: unknown[] = []
    await pool.run(call('progress'), { onProgress: (...args) => seen.push(args) })
    expect(seen).toEqual([[0.5, 'half']])
    const media = await errorOf(pool.run(call('fail', { kind: 'media', message: 'bad.jpg: cut off', delayMs: 0 })))
    expect(media).toEqual(new MediaError('bad.jpg: cut off'))
    expect(media).toBeInstanceOf(MediaError)
    const later = await errorOf(pool.run(call('fail', { kind: 'retry', message: 'later', delayMs: 70 })))
    expect(later).toBeInstanceOf(RetryLater)
    expect(later.delayMs).toBe(70)
  })

  test('a thread that dies fails its call only, and is replaced', async () => {
    open({ size: 1 })
    expect((await errorOf(pool.run(call('exit')))).message).toMatch(/ended unexpectedly/)
    await pool.run(call('pass'))
    expect((await errorOf(pool.run(call('throw')))).message).toMatch(/out of nowhere|ended unexpectedly/)
    await pool.run(call('pass'))
  })

  test('an abort is told to the thread, which may end by itself', async () => {
    open({ size: 1, graceMs: 600_000 })
    const abort = new AbortController()
    const running = pool.run(call('wait'), { signal: abort.signal })
    abort.abort(new Error('too late'))
    expect((await errorOf(running)).message).toBe('heard it')
    await pool.run(call('pass'))
  })

  test('a thread that does not hear is ended by force, with the programs it started', async () => {
    open({ size: 1 })
    const abort = new AbortController()
    const pidFile = join(folder, 'pid')
    const running = pool.run(call('child', pidFile), {
      signal: abort.signal,
      onProgress: () => abort.abort(new Error('too late')),
    })
    expect((await errorOf(running)).message).toBe('too late')
    const pid = Number(await Bun.file(pidFile).text())
    const isAlive = () =>
      existsSync(`/proc/${pid}`) && !/^\d+ \(.*\) Z/.test(require('node:fs').readFileSync(`/proc/${pid}/stat`, 'utf8'))
    while (isAlive()) await Bun.sleep(5)
    await pool.run(call('pass'))
  })

  test('the end fails what still runs', async () => {
    open({ size: 1 })
    const [running, waiting] = [pool.run(call('wait')), pool.run(call('pass'))]
    const results = Promise.allSettled([running, waiting])
    await pool.end()
    expect((await results).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(pool.count()).toBe(0)
  })
})

test('media work runs in the real thread', async () => {
  pool = openPool({ size: 1, callsPerThread: 4 })
  setOffload((job, onPart) => pool.run({ type: 'media', job }, { onPart }))
  try {
    await makeVideo(['-c:v', 'libx264', '-crf', '5', '-pix_fmt', 'yuv420p', '-g', '10', join(folder, 'clip.mp4')])
    await storage().put('data/threads/clip.mp4', Bun.file(join(folder, 'clip.mp4')))
    const video = {
      file: 'data/threads/clip.mp4',
      name: 'clip.mp4',
      ...(await probeVideo(join(folder, 'clip.mp4'))),
      startFrame: 0,
      step: 1,
    }
    const media: TaskMedia = {
      taskId: 9,
      version: 't',
      imageQuality: 70,
      chunkType: { original: 'video', compressed: 'video' },
      size: 60,
      video,
    }
    const [chunk, frame, next] = await Promise.all([
      getChunk(media, [20, 21, 22], 'compressed'),
      getFrame(media, 33, 'compressed'),
      getFrame(media, 34, 'compressed'),
    ])
    expect((await readNumbers(chunk.path)).numbers).toEqual([20, 21, 22])
    expect((await readNumbers(frame.path)).numbers).toEqual([33])
    expect((await readNumbers(next.path)).numbers).toEqual([34])
    const broken = { ...media, version: 'broken', video: { ...video, file: 'data/threads/missing.mp4' } }
    expect(await errorOf(getFrame(broken, 0, 'compressed'))).toBeInstanceOf(Error)
  } finally {
    setOffload(undefined)
  }
})
