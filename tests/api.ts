// The server inside a test: a migrated database, the app without a port, and people who call it.

import type { Label } from '../src/formats/model'
import { createApp } from '../src/server/app'
import { actAs } from '../src/server/auth/service'
import { config, prepareDataDir } from '../src/server/config'
import { frames as frameTable, taskData } from '../src/server/data/schema'
import { migrate } from '../src/server/db/migrate'
import { insertRows, tx } from '../src/server/db/open'
import { cutJobs, insertJobs } from '../src/server/jobs/service'
import { createUser } from '../src/server/users/service'

prepareDataDir(config())
await migrate()

export const app = createApp()
export const origin = 'http://localhost'
export const password = 'correct-horse-7'

type Options = { body?: unknown; headers?: Record<string, string> }
export type Answer = { status: number; json: any; text: string; headers: Headers }

/** Sends a request with a JSON body, or with the body as it is when it is a string, bytes or a form. */
export const call = async (method: string, path: string, { body, headers = {} }: Options = {}): Promise<Answer> => {
  const raw = body === undefined || typeof body === 'string' || body instanceof Uint8Array || body instanceof FormData
  const response = await app.handle(
    new Request(origin + path, {
      method,
      headers: { host: 'localhost', ...(raw ? {} : { 'content-type': 'application/json' }), ...headers },
      body: (raw ? body : JSON.stringify(body)) as BodyInit | undefined,
    }),
  )
  const text = await response.text()
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    json = undefined
  }
  return { status: response.status, json, text, headers: response.headers }
}

let made = 0

/** A new person with a unique name, who calls with Basic credentials. */
export const createPerson = async (options: { superuser?: boolean; groups?: string[] } = {}) => {
  const username = `person-${process.pid}-${Date.now().toString(36)}-${++made}`
  const user = await createUser({ username, password, email: `${username}@example.com`, ...options })
  const authorization = `Basic ${btoa(`${username}:${password}`)}`
  return {
    user,
    username,
    who: () => actAs(user),
    call: (method: string, path: string, { body, headers = {} }: Options = {}) =>
      call(method, path, { body, headers: { authorization, ...headers } }),
  }
}
export type Person = Awaited<ReturnType<typeof createPerson>>

/** A task with jobs and frames but no files: enough for everything that does not look at pictures. */
export const createBareTask = async (
  person: Person,
  {
    frames = 10,
    labels = [{ name: 'car' }],
    segmentSize = 0,
    overlap = 0,
  }: { frames?: number; labels?: unknown[]; segmentSize?: number; overlap?: number } = {},
) => {
  const task = (await person.call('POST', '/api/tasks', { body: { name: 'bare', labels } })).json
  const now = new Date()
  await tx(async (t) => {
    await t.insert(taskData).values({
      taskId: task.id,
      chunkSize: 36,
      size: frames,
      imageQuality: 70,
      startFrame: 0,
      stopFrame: frames - 1,
      compressedChunkType: 'imageset',
      originalChunkType: 'imageset',
      deletedFrames: [],
      chunksUpdatedDate: now,
    })
    const rows = Array.from({ length: frames }, (_, number) => ({
      taskId: task.id,
      number,
      name: `${number}.jpg`,
      file: 'none',
      width: 640,
      height: 480,
    }))
    await insertRows(t, frameTable as any, rows)
    await insertJobs(t, task.id, cutJobs(frames, segmentSize, overlap), now)
  })
  const jobs = (await person.call('GET', `/api/jobs?task_id=${task.id}&sort=id`)).json.results as {
    id: number
    start_frame: number
    stop_frame: number
  }[]
  const shown = (await person.call('GET', `/api/labels?task_id=${task.id}`)).json.results as Label[]
  return { id: task.id as number, jobs, labels: shown }
}
