// Processes that run models: answers, limits, aborts, crashes, unloading, and the way from a worker thread.
import { afterAll, afterEach, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Ask, ModelRef } from '../server/functions/onnx/answer'
import { describeModel } from '../server/functions/onnx/describe-model'
import { infer, setInference } from '../server/functions/onnx/inference'
import { ModelError } from '../server/functions/onnx/model-error'
import { readModelFile } from '../server/functions/onnx/model-file'
import { MediaError } from '../server/media/task-media'
import { type InferenceOptions, type InferencePool, openInference } from './inference'
import { openRelay, openSwitchboard } from './inference-relay'
import { startWorkers } from './pool'

setDefaultTimeout(60_000)

const fixtures = join(import.meta.dir, '../../tests/fixtures/models')
const folder = mkdtempSync(join(tmpdir(), 'annolith-inference-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const picture = { key: 'blobs', bytes: new Uint8Array(readFileSync(join(fixtures, 'blobs.png'))) }
const detect: Ask = { do: 'detect', picture, threshold: null }
const load = async (name: string, path = join(fixtures, `${name}.onnx`)): Promise<ModelRef> => {
  const { spec } = describeModel({ main: await readModelFile(join(fixtures, `${name}.onnx`)) }, {})
  return { key: path, name, files: { main: path }, spec }
}

/** A process that does what the key of the picture says, or what the name of the model says when it is started. */
const script = join(folder, 'script.ts')
writeFileSync(
  script,
  `
  let asked = 0
  process.on('disconnect', () => process.exit(0))
  process.on('message', ({ type, id, ask, model }) => {
    if (type === 'start') return model.name === 'dies' ? process.exit(7) : undefined
    const [action, value] = ask.picture.key.split(' ')
    if (action === 'crash') return process.kill(process.pid, 'SIGSEGV')
    if (action === 'spin') { require('fs').writeFileSync(value, 'x'); for (;;); }
    asked++
    process.send({ type: 'answered', id, answer: { value: [process.pid, asked] } })
  })
  `,
)
const scripted = { command: [process.execPath, script] }
const ref = (name: string): ModelRef => ({ key: name, name, files: { main: name }, spec: {} as ModelRef['spec'] })
const say = (key: string): Ask => ({ do: 'embed', picture: { key } })

let pool: InferencePool
const open = (options: Partial<InferenceOptions> = {}) => {
  pool = openInference({ size: 2, threads: 1, idleMs: 600_000, ...options })
  return pool
}
afterEach(async () => {
  setInference(undefined)
  await pool.end()
})
const calm = () => ({ signal: new AbortController().signal, isUrgent: false })
const ask = async (model: ModelRef, question: Ask, options = calm()): Promise<any> => {
  const answer = await pool.infer(model, question, options)
  return 'value' in answer ? answer.value : answer
}
/** Processes that this one has started to run models. */
const listChildren = () =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const parent = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[1]
        return parent === String(process.pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('inference-process')
      } catch {
        return false
      }
    })
const isGone = (pid: number) => {
  try {
    process.kill(pid, 0)
    return false
  } catch {
    return true
  }
}
const untilGone = async (pid: number) => {
  while (!isGone(pid)) await Bun.sleep(5)
}

test('a model answers from another process, at a lower priority, and is loaded once', async () => {
  open()
  const model = await load('blobs-v8')
  const [first, second] = await Promise.all([ask(model, detect), ask(model, detect)])
  const expected = JSON.parse(readFileSync(join(fixtures, 'expected.json'), 'utf8'))['blobs-v8']
  expect(first.map(({ label }: { label: string }) => label)).toEqual(expected.map(({ label }: { label: string }) => label))
  expect(second).toEqual(first)
  expect(pool.pids()).toHaveLength(1)
  const stat = readFileSync(`/proc/${pool.pids()[0]}/stat`, 'utf8').split(') ')[1]!.split(' ')
  expect(Number(stat[16])).toBe(10)
})

test('errors keep their kind, and the model stays usable', async () => {
  open()
  const model = await load('blobs-v8')
  const broken: Ask = { do: 'detect', picture: { key: 'x', bytes: new TextEncoder().encode('no picture') }, threshold: null }
  await expect(ask(model, broken)).rejects.toBeInstanceOf(MediaError)
  expect((await ask(model, detect)).length).toBeGreaterThan(0)
  const [pid] = pool.pids()
  expect(pool.pids()).toEqual([pid!])
  const cut = join(folder, 'cut.onnx')
  writeFileSync(cut, readFileSync(join(fixtures, 'blobs-v8.onnx')).subarray(0, 700))
  const error = await ask(await load('blobs-v8', cut), detect).catch((reason) => reason)
  expect(error).toBeInstanceOf(ModelError)
  expect(error.message).toContain('blobs-v8 cannot be loaded')
})

test('no more processes than allowed: the one used longest ago makes room', async () => {
  open({ size: 2, ...scripted })
  const pids = [(await ask(ref('a'), say('x')))[0], (await ask(ref('b'), say('x')))[0]]
  expect((await ask(ref('a'), say('x')))[0]).toBe(pids[0])
  await ask(ref('c'), say('x'))
  expect(pool.pids()).toHaveLength(2)
  expect(pool.pids()).toContain(pids[0])
  await untilGone(pids[1])
})

test('a model that nobody asks is unloaded', async () => {
  open({ idleMs: 1, ...scripted })
  const [pid] = await ask(ref('a'), say('x'))
  await untilGone(pid)
  expect(pool.pids()).toEqual([])
  expect((await ask(ref('a'), say('x')))[1]).toBe(1)
})

test('what somebody waits for goes first', async () => {
  open({ size: 1, ...scripted })
  const order: string[] = []
  const note = (name: string, isUrgent: boolean) => ask(ref('a'), say(name), { ...calm(), isUrgent }).then(() => order.push(name))
  await Promise.all([note('first', false), note('batch', false), note('batch', false), note('click', true)])
  expect(order).toEqual(['first', 'click', 'batch', 'batch'])
})

test('an abort is answered at once, and a process that goes on is killed', async () => {
  open({ size: 1, graceMs: 20, ...scripted })
  const [pid] = await ask(ref('a'), say('x'))
  const abort = new AbortController()
  const mark = join(folder, 'spins')
  const running = ask(ref('a'), say(`spin ${mark}`), { signal: abort.signal, isUrgent: true })
  const waiting = ask(ref('a'), say('x'), { signal: abort.signal, isUrgent: true })
  while (!(await Bun.file(mark).exists())) await Bun.sleep(2)
  abort.abort(new Error('too late'))
  const results = await Promise.allSettled([running, waiting])
  expect(results.map((result) => result.status === 'rejected' && result.reason.message)).toEqual(['too late', 'too late'])
  await untilGone(pid)
  expect((await ask(ref('a'), say('x')))[1]).toBe(1)
})

test('a process that crashes fails its question only', async () => {
  open({ size: 1, ...scripted })
  await expect(ask(ref('a'), say('crash'))).rejects.toThrow('a: the process that ran the model ended unexpectedly (SIGSEGV)')
  expect((await ask(ref('a'), say('x')))[1]).toBe(1)
  await expect(ask(ref('dies'), say('x'))).rejects.toThrow('dies: the process that ran the model ended unexpectedly (7)')
})

test('a process that cannot be started, or is gone when it is asked, fails the question', async () => {
  open({ command: [join(folder, 'no such program')] })
  await expect(ask(ref('a'), say('x'))).rejects.toThrow('a: no process could be started')
  await pool.end()
  open({ size: 1, ...scripted })
  const [pid] = await ask(ref('a'), say('x'))
  process.kill(pid, 'SIGKILL')
  // Asked at once, before its end is known here.
  const error = await ask(ref('a'), say('x')).catch((reason) => reason)
  expect(error.message).toMatch(/^a: the process that ran the model (is gone|ended unexpectedly)/)
  expect((await ask(ref('a'), say('x')))[1]).toBe(1)
})

test('the end leaves no process behind and fails what waits', async () => {
  open({ size: 1, ...scripted })
  const [pid] = await ask(ref('a'), say('x'))
  const mark = join(folder, 'spins until the end')
  const results = Promise.allSettled([ask(ref('a'), say(`spin ${mark.replaceAll(' ', '-')}`)), ask(ref('b'), say('x'))])
  await pool.end()
  expect((await results).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(isGone(pid)).toBe(true)
  await expect(ask(ref('a'), say('x'))).rejects.toThrow('the server is stopping')
})

test('threads ask through the main thread: answers, errors and aborts come across', async () => {
  open({ size: 1, graceMs: 20, ...scripted })
  setInference(pool.infer)
  const copy = <T>(value: T): T => structuredClone(value)
  const board = openSwitchboard((message) => message.type === 'inferred' && relay.take(copy(message)))
  const relay = openRelay((message) => {
    if (message.type === 'infer') board.ask(copy(message))
    else if (message.type === 'forget') board.forget(message.id)
  })
  const [pid, count] = ((await relay.infer(ref('a'), say('x'), calm())) as any).value
  expect([pid, count]).toEqual([pool.pids()[0], 1])
  await expect(relay.infer(ref('a'), say('crash'), calm())).rejects.toThrow('ended unexpectedly')
  const abort = new AbortController()
  const mark = join(folder, 'spins-in-a-thread')
  const running = relay.infer(ref('a'), say(`spin ${mark}`), { signal: abort.signal, isUrgent: false })
  while (!(await Bun.file(mark).exists())) await Bun.sleep(2)
  const [spinning] = pool.pids()
  abort.abort(new Error('not any more'))
  await expect(running).rejects.toThrow('not any more')
  await untilGone(spinning!)
})

test('whoever starts workers, server or worker process, runs models; stopping ends them', async () => {
  open(scripted)
  const workers = await startWorkers({ lanes: [] })
  const model = await load('blobs-v8')
  const answer = await infer(model, detect, calm())
  expect('value' in answer && (answer.value as unknown[]).length).toBeGreaterThan(0)
  const children = listChildren()
  expect(children).toHaveLength(1)
  await workers.stop()
  await untilGone(children[0]!)
})
