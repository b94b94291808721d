// People at work on a cluster: they save, watch, look at frames and export, go to another server when one does not answer, and note what they were told.
import type { Program } from './cluster'
import { until } from './cluster'

export type Caller = {
  /** Sends to one of the servers after the other until one answers with less than 500; `body` must be safe to send again. */
  call: (
    method: string,
    path: string,
    body?: object | FormData,
    headers?: Record<string, string>,
  ) => Promise<{ status: number; json: any; response: Response }>
  /** Asks one server once. */
  ask: (server: Program, path: string, init?: RequestInit) => Promise<Response>
  servers: Program[]
}

const answerMs = 8000

export const signInAt = async (servers: Program[], username: string, password: string): Promise<Caller> => {
  const login = await fetch(`${servers[0]!.url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  })
  if (!login.ok) throw new Error(`signing in answered ${login.status}: ${await login.text()}`)
  const { key } = (await login.json()) as { key: string }
  const ask: Caller['ask'] = (server, path, init = {}) =>
    fetch(`${server.url}${path}`, {
      signal: AbortSignal.timeout(answerMs),
      ...init,
      headers: { authorization: `Token ${key}`, ...(init.headers as Record<string, string>) },
    })
  let turn = 0
  const call: Caller['call'] = async (method, path, body, headers = {}) => {
    for (const deadline = Date.now() + 120_000; ; ) {
      const server = servers[turn++ % servers.length]!
      const json = body && !(body instanceof FormData) ? JSON.stringify(body) : undefined
      const init = {
        body: json ?? (body as FormData | undefined),
        headers: { ...headers, ...(json && { 'content-type': 'application/json' }) },
      }
      try {
        const response = await ask(server, path, { method, ...init })
        if (response.status < 500) {
          const text = await response.clone().text()
          return {
            status: response.status,
            json: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : null,
            response,
          }
        }
      } catch {
        // Killed, cut off, or too slow: the other one is asked.
      }
      if (Date.now() > deadline) throw new Error(`${method} ${path}: no server answers`)
      await Bun.sleep(100)
    }
  }
  return { call, ask, servers }
}

export const expectOk = <T extends { status: number; json: any }>(answer: T): T => {
  if (answer.status >= 300) throw new Error(`answered ${answer.status}: ${JSON.stringify(answer.json)}`)
  return answer
}

export type Job = { id: number; label: number; frame: number }
export type Saver = {
  job: Job
  /** Marks of shapes whose save was acknowledged. */
  saved: Set<number>
  /** Saves that were acknowledged, and the revision that the last one has made. */
  saves: number
  revision: number
  done: Promise<void>
}

const shapesPerSave = 5
let marks = 0

const revisionOf = (response: Response) => Number(response.headers.get('etag')!.slice(1, -1))

/**
 * Saves new shapes again and again, as the editor does: a save says on which revision it is based, and one without an answer is sent again
 * under its id, to the other server, until it is acknowledged.
 */
export const startSaver = async ({ call }: Caller, job: Job, signal: AbortSignal): Promise<Saver> => {
  const before = await call('GET', `/api/jobs/${job.id}/annotations`)
  const saver: Saver = { job, saved: new Set(), saves: 0, revision: revisionOf(before.response), done: Promise.resolve() }
  const save = async () => {
    const own = Array.from({ length: shapesPerSave }, () => ++marks)
    const shape = (mark: number) => ({
      type: 'rectangle',
      label_id: job.label,
      frame: job.frame,
      points: [mark % 997, Math.floor(mark / 997), (mark % 997) + 1, Math.floor(mark / 997) + 1],
    })
    const body = { save_id: crypto.randomUUID(), create: { shapes: own.map(shape) }, update: {}, delete: {} }
    const headers = { 'if-match': `"${saver.revision}"` }
    const { json, response } = expectOk(await call('PATCH', `/api/jobs/${job.id}/annotations?action=save`, body, headers))
    if (json.create.shapes.length !== own.length) throw new Error(`a save made ${json.create.shapes.length} shapes`)
    for (const mark of own) saver.saved.add(mark)
    saver.saves++
    saver.revision = revisionOf(response)
  }
  saver.done = (async () => {
    while (!signal.aborted) {
      await save()
      await Bun.sleep(20)
    }
  })()
  saver.done.catch(() => {})
  return saver
}

export const marksOf = (shapes: { points: number[] }[]) =>
  shapes.map(({ points }) => points[1]! * 997 + points[0]!).sort((a, b) => a - b)

export type Watcher = {
  /** Revisions as they came, those of the last connection not repeated. */
  revisions: number[]
  connections: number
  untilRevision: (revision: number) => Promise<void>
  stop: () => Promise<void>
}

/** Follows a job as browsers do: comes back with the last id that it has seen, to whichever server answers. */
export const startWatcher = ({ ask, servers }: Caller, job: Job, first: number): Watcher => {
  const end = new AbortController()
  const watcher: Watcher = {
    revisions: [],
    connections: 0,
    untilRevision: (revision) => until(`revision ${revision} is told`, () => watcher.revisions.at(-1)! >= revision, 90_000),
    stop: async () => {
      end.abort()
      await following
    },
  }
  const follow = async (server: Program) => {
    const last = watcher.revisions.at(-1)
    const headers: Record<string, string> = last === undefined ? {} : { 'last-event-id': String(last) }
    const response = await ask(server, `/api/stream?job_id=${job.id}`, { headers, signal: end.signal })
    if (response.status !== 200) return
    watcher.connections++
    let text = ''
    const decoder = new TextDecoder()
    for await (const chunk of response.body!) {
      text += decoder.decode(chunk, { stream: true })
      for (let at = text.indexOf('\n\n'); at >= 0; at = text.indexOf('\n\n')) {
        const id = /^id: (\d+)$/m.exec(text.slice(0, at))?.[1]
        if (id) watcher.revisions.push(Number(id))
        text = text.slice(at + 2)
      }
    }
  }
  const following = (async () => {
    for (let turn = first; !end.signal.aborted; turn++) {
      await follow(servers[turn % servers.length]!).catch(() => {})
      await Bun.sleep(200)
    }
  })()
  return watcher
}

/** Asks for chunks of a task, in turn; answers how many came. */
export const startReader = ({ call }: Caller, task: number, chunks: number, signal: AbortSignal) => {
  const reader = { chunks: 0, refused: [] as number[] }
  const read = async () => {
    for (let n = 0; !signal.aborted; n++) {
      const { status } = await call('GET', `/api/tasks/${task}/data?type=chunk&number=${n % chunks}&quality=compressed`)
      if (status === 200) reader.chunks++
      else reader.refused.push(status)
      await Bun.sleep(100)
    }
  }
  const done = read()
  done.catch(() => {})
  return { reader, done }
}

const picture = Bun.file(`${import.meta.dir}/../../public/demo/coffee.jpg`)

/** A task with so many pictures, a job for each `segment` of them and a polygon on every picture. */
export const createTask = async (
  caller: Caller,
  frames: number,
  segment: number,
): Promise<{ id: number; jobs: Job[]; frames: number }> => {
  const { call } = caller
  const { json: task } = expectOk(
    await call('POST', '/api/tasks', { name: 'hosts', labels: [{ name: 'cup' }], segment_size: segment }),
  )
  const form = new FormData()
  form.set('image_quality', '70')
  form.set('chunk_size', '10')
  const bytes = await picture.bytes()
  for (let i = 0; i < frames; i++) form.set(`client_files[${i}]`, new Blob([bytes]), `${String(i).padStart(4, '0')}.jpg`)
  const { json } = expectOk(await call('POST', `/api/tasks/${task.id}/data`, form))
  await finishRequest(caller, json.rq_id)
  const { results: jobs } = (await call('GET', `/api/jobs?task_id=${task.id}&page_size=100`)).json
  const { results: labels } = (await call('GET', `/api/labels?task_id=${task.id}`)).json
  const label = labels[0].id as number
  const shapes = Array.from({ length: frames }, (_, frame) => ({
    type: 'polygon',
    label_id: label,
    frame,
    points: [1, 500, 200, 510, 180, 700, 10, 690],
  }))
  expectOk(await call('PATCH', `/api/tasks/${task.id}/annotations?action=create`, { shapes }))
  const own = (jobs as { id: number; start_frame: number }[]).map(({ id, start_frame }) => ({ id, label, frame: start_frame }))
  return { id: task.id, frames, jobs: own.sort((a, b) => a.frame - b.frame) }
}

export const readRequest = async ({ call }: Caller, id: string) =>
  (await call('GET', `/api/requests/${encodeURIComponent(id)}`)).json

export const finishRequest = async (caller: Caller, id: string) => {
  let request: any
  await until(
    `request ${id} ends`,
    async () => {
      request = await readRequest(caller, id)
      return request.status === 'finished' || request.status === 'failed'
    },
    120_000,
  )
  if (request.status === 'failed') throw new Error(`request ${id} failed: ${request.message}`)
  return request
}

export const startExport = async ({ call }: Caller, task: number, format: string): Promise<string> =>
  expectOk(await call('POST', `/api/tasks/${task}/dataset/export?format=${encodeURIComponent(format)}&save_images=true`)).json
    .rq_id
