// Live events over a real connection: what arrives, who gets it, who is there, how streams end.
import { afterAll, afterEach, beforeAll, expect, test } from 'bun:test'
import { app, createBareTask, createPerson, type Person } from '../../../tests/api'
import { runRequest, startRequest } from '../requests/service'
import { updateUser } from '../users/service'
import { deliver } from './hub'
import { forgetAfterMs, hearVisit, listPresent } from './presence'
import { beat, countStreams, endStreams, maxPerPerson } from './streams'

type Received = { type: string; data: any }
let url: string
let server: { stop: (force: boolean) => unknown }
let person: Person
let task: Awaited<ReturnType<typeof createBareTask>>
beforeAll(async () => {
  // Only a listening server shows whether events arrive one by one.
  const listening = Bun.serve({ hostname: '127.0.0.1', port: 0, idleTimeout: 120, fetch: (request) => app.handle(request) })
  server = listening
  url = `http://127.0.0.1:${listening.port}`
  person = await createPerson()
  task = await createBareTask(person, { frames: 8, segmentSize: 4 })
})
const opened: (() => unknown)[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((close) => close()))
  endStreams()
})
afterAll(() => void server?.stop(true))

const basic = ({ username }: Person) => `Basic ${btoa(`${username}:correct-horse-7`)}`

/** Opens a stream; `next` waits for the next event, whenever it comes. */
const watch = async (query: string, who: Person = person) => {
  const response = await fetch(`${url}/api/stream?${query}`, { headers: { authorization: basic(who) } })
  if (response.status !== 200) return { status: response.status, headers: response.headers, body: await response.json() }
  const reader = response.body!.pipeThrough(new TextDecoderStream() as any).getReader() as ReadableStreamDefaultReader<string>
  const close = () => reader.cancel().catch(() => {})
  opened.push(close)
  let text = ''
  let beats = 0
  const next = async (): Promise<Received | null> => {
    for (;;) {
      const end = text.indexOf('\n\n')
      if (end >= 0) {
        const lines = text.slice(0, end).split('\n')
        text = text.slice(end + 2)
        const type = lines.find((line) => line.startsWith('event: '))?.slice(7)
        if (type) return { type, data: JSON.parse(lines.find((line) => line.startsWith('data: '))!.slice(6)) }
        beats++
        continue
      }
      const { done, value } = await reader.read()
      if (done) return null
      text += value
    }
  }
  return { status: 200, headers: response.headers, next, close, beats: () => beats }
}
const open = async (query: string, who?: Person) => {
  const stream = await watch(query, who)
  if (!('next' in stream)) throw new Error(`${stream.status} ${JSON.stringify(stream.body)}`)
  return { ...stream, next: stream.next!, close: stream.close!, hello: (await stream.next!())! }
}

const box = (frame: number) => ({ type: 'rectangle', label_id: task.labels[0]!.id, frame, points: [1, 1, 5, 5] })
const create = (at: number, frame: number) =>
  person.call('PATCH', `/api/jobs/${task.jobs[at]!.id}/annotations?action=create`, { body: { shapes: [box(frame)] } })

test('a stream begins with the revision and tells each save at once', async () => {
  const job = task.jobs[0]!.id
  const { json, headers } = await create(0, 1)
  const revision = Number(headers.get('etag')!.slice(1, -1))
  const stream = await open(`job_id=${job}`)
  expect([stream.headers.get('content-type'), stream.hello.type]).toEqual(['text/event-stream; charset=utf-8', 'hello'])
  expect(stream.hello.data).toEqual({
    told: expect.any(String),
    job_id: job,
    revision,
    state: 'new',
    stage: 'annotation',
    present: [{ id: person.user.id, username: person.username }],
  })
  await person.call('PATCH', `/api/jobs/${job}/annotations?action=update`, {
    body: { shapes: [{ ...json.shapes[0], occluded: true }] },
  })
  expect(await stream.next()).toEqual({
    type: 'save',
    data: {
      job_id: job,
      task_id: task.id,
      revision: revision + 1,
      action: 'update',
      user: { id: person.user.id, username: person.username },
      counts: {
        created: { tags: 0, shapes: 0, tracks: 0 },
        updated: { tags: 0, shapes: 1, tracks: 0 },
        deleted: { tags: 0, shapes: 0, tracks: 0 },
      },
      ids: {
        created: { tags: [], shapes: [], tracks: [] },
        updated: { tags: [], shapes: [json.shapes[0].id], tracks: [] },
        deleted: { tags: [], shapes: [], tracks: [] },
      },
    },
  })
})

test('who comes back is told each save that was missed, once and in order, also those that no event told of', async () => {
  const job = task.jobs[0]!.id
  const revisions: number[] = []
  for (let n = 0; n < 3; n++) revisions.push(Number((await create(0, 1)).headers.get('etag')!.slice(1, -1)))
  const response = await fetch(`${url}/api/stream?job_id=${job}`, {
    headers: { authorization: basic(person), 'last-event-id': String(revisions[0]) },
  })
  const reader = response.body!.pipeThrough(new TextDecoderStream() as any).getReader() as ReadableStreamDefaultReader<string>
  opened.push(() => reader.cancel().catch(() => {}))
  let text = ''
  const untilId = async (revision: number) => {
    while (!text.includes(`id: ${revision}\n`)) text += (await reader.read()).value ?? ''
  }
  await untilId(revisions[2]!)
  // The same save told again is passed over.
  const last = revisions[2]!
  deliver({ type: 'save', topics: [`job:${job}`], data: { revision: last, told: 'again' } })
  await create(0, 1)
  await untilId(last + 1)
  const ids = [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id))
  expect(ids).toEqual([revisions[1]!, last, last + 1])
  expect(text).toContain(`"user":{"id":${person.user.id},"username":"${person.username}"}`)
})

test('a task hears of all its jobs, a job of itself; refused saves are not told', async () => {
  const [ofTask, ofSecond] = [await open(`task_id=${task.id}`), await open(`job_id=${task.jobs[1]!.id}`)]
  await ofTask.next() // that somebody opened the second job
  await person.call('PATCH', `/api/jobs/${task.jobs[0]!.id}/annotations?action=create`, { body: { shapes: [{}] } })
  await create(0, 2)
  await create(1, 5)
  await person.call('PATCH', `/api/jobs/${task.jobs[1]!.id}`, { body: { state: 'in progress' } })
  const list = async (stream: { next: () => Promise<Received | null> }, count: number) => {
    const events: unknown[] = []
    for (let n = 0; n < count; n++) {
      const { type, data } = (await stream.next())!
      events.push([type, data.job_id])
    }
    return events
  }
  const [first, second] = task.jobs.map(({ id }) => id)
  expect(await list(ofTask, 3)).toEqual([
    ['save', first],
    ['save', second],
    ['job', second],
  ])
  expect(await list(ofSecond, 2)).toEqual([
    ['save', second],
    ['job', second],
  ])
})

test('who opens and leaves a job is told once, however many tabs they have', async () => {
  const job = task.jobs[0]!.id
  const admin = await createPerson({ superuser: true })
  const mine = await open(`job_id=${job}`)
  const [one, other] = [await open(`job_id=${job}`, admin), await open(`job_id=${job}`, admin)]
  expect(other.hello.data.present).toHaveLength(2)
  expect(await mine.next()).toMatchObject({ type: 'presence', data: { state: 'join', user: { id: admin.user.id } } })
  one.close()
  other.close()
  expect(await mine.next()).toMatchObject({
    type: 'presence',
    data: { state: 'leave', user: { id: admin.user.id }, present: [{ id: person.user.id, username: person.username }] },
  })
})

test('visitors of other processes are there until they leave or fall silent', async () => {
  const stream = await open(`job_id=${task.jobs[0]!.id}`)
  const say = (isOpen: boolean, key = 'other:1') =>
    hearVisit({
      type: 'visit',
      topics: [],
      data: { key, job_id: task.jobs[0]!.id, task_id: task.id, user: { id: 900_001, username: 'afar' }, open: isOpen },
    })
  say(true)
  say(true) // said again at their heartbeat
  say(false)
  expect([(await stream.next())!.data.state, (await stream.next())!.data.state]).toEqual(['join', 'leave'])
  say(true, 'other:2')
  expect(listPresent(task.jobs[0]!.id).map(({ username }) => username)).toContain('afar')
  expect(listPresent(task.jobs[0]!.id, Date.now() + forgetAfterMs + 1).map(({ username }) => username)).not.toContain('afar')
})

test('requests tell their progress to the person who asked, and to nobody else', async () => {
  const stranger = await createPerson()
  const [mine, theirs] = [await open('topic=requests'), await open('topic=requests', stranger)]
  const id = `test-${crypto.randomUUID()}`
  const start = () => startRequest(person.user.id, { id, action: 'test', target: 'events', chore: 'cleanup' })
  const row = await start()
  await runRequest(row.id, async (_, report) => {
    await report(0.25, 'counting')
    return {}
  })
  const told: unknown[] = []
  for (let n = 0; n < 4; n++) {
    const { type, data } = (await mine.next())!
    told.push([type, data.id, data.status, data.progress])
  }
  expect(told).toEqual([
    ['request', id, 'queued', null],
    ['request', id, 'started', 0],
    ['request', id, 'started', 0.25],
    ['request', id, 'finished', 1],
  ])
  await startRequest(stranger.user.id, { id: `${id}-theirs`, action: 'test', target: 'events', chore: 'cleanup' })
  expect((await theirs.next())!.data.id).toBe(`${id}-theirs`)
})

test('state changes of all jobs reach those who may see the job', async () => {
  const [mine, stranger] = [await open('topic=jobs'), await createPerson()]
  const theirs = await open('topic=jobs', stranger)
  const own = await createBareTask(stranger)
  await person.call('PATCH', `/api/jobs/${task.jobs[0]!.id}`, { body: { state: 'in progress' } })
  await stranger.call('PATCH', `/api/jobs/${own.jobs[0]!.id}`, { body: { state: 'completed' } })
  expect((await mine.next())!.data).toMatchObject({ job_id: task.jobs[0]!.id, state: 'in progress', stage: 'annotation' })
  expect((await theirs.next())!.data).toMatchObject({ job_id: own.jobs[0]!.id, state: 'completed' })
})

test('one stream carries several topics: requests and invitations of oneself, and the jobs that one may see', async () => {
  const [boss, guest] = [await createPerson(), await createPerson()]
  const slug = `s${boss.user.id}`
  await boss.call('POST', '/api/organizations', { body: { slug, name: 'Guild' } })
  const theirs = await open('topic=invitations,requests,jobs', guest)
  // A job of strangers between does not come through.
  await person.call('PATCH', `/api/jobs/${task.jobs[0]!.id}`, { body: { state: 'new' } })
  const email = (await guest.call('GET', '/api/users/self')).json.email
  const { json } = await boss.call('POST', `/api/invitations?org=${slug}`, { body: { email, role: 'supervisor' } })
  expect(await theirs.next()).toMatchObject({
    type: 'invitation',
    data: { key: json.key, organization: { slug, name: 'Guild' }, role: 'supervisor', inviter: boss.username },
  })
  const id = `test-${crypto.randomUUID()}`
  await startRequest(guest.user.id, { id, action: 'test', target: 'events', chore: 'cleanup' })
  expect(await theirs.next()).toMatchObject({ type: 'request', data: { id } })
  const own = await createBareTask(guest)
  await guest.call('PATCH', `/api/jobs/${own.jobs[0]!.id}`, { body: { state: 'completed' } })
  expect(await theirs.next()).toMatchObject({ type: 'job', data: { job_id: own.jobs[0]!.id } })
})

test('nobody watches what they may not see, or nothing in particular, or too much at once', async () => {
  const stranger = await createPerson()
  expect((await watch(`job_id=${task.jobs[0]!.id}`, stranger)).status).toBe(403)
  expect((await watch(`task_id=${task.id}`, stranger)).status).toBe(403)
  expect((await watch('job_id=999999999')).status).toBe(404)
  for (const query of [
    '',
    'topic=everything',
    'topic=jobs,',
    'topic=jobs,constructor',
    'job_id=x',
    `job_id=1&task_id=${task.id}`,
  ])
    expect([query, (await watch(query)).status]).toEqual([query, 400])
  expect((await fetch(`${url}/api/stream?topic=requests`)).status).toBe(401)
  const many = Array.from({ length: maxPerPerson }, () => open('topic=requests', stranger))
  await Promise.all(many)
  expect((await watch('topic=requests', stranger)).status).toBe(429)
  expect((await watch('topic=requests')).status).toBe(200)
})

test('the heartbeat keeps streams open, and ends those of people who lost their account or right', async () => {
  const [kept, admin] = [await open(`job_id=${task.jobs[0]!.id}`), await createPerson({ superuser: true })]
  const lost = await open(`job_id=${task.jobs[0]!.id}`, admin)
  await kept.next()
  await beat()
  const boss = await createPerson({ superuser: true })
  await updateUser(await boss.who(), admin.user.id, { is_active: false } as never)
  await beat()
  expect(await lost.next()).toEqual({ type: 'end', data: { reason: 'not allowed any more' } })
  expect(await lost.next()).toBeNull()
  expect((await kept.next())!.data).toMatchObject({ state: 'leave', user: { id: admin.user.id } })
  deliver({ type: 'save', topics: [`job:${task.jobs[0]!.id}`], data: { last: true } })
  expect((await kept.next())!.data).toEqual({ last: true })
  expect(kept.beats!()).toBe(2)
})

test('a stop ends all streams', async () => {
  const stream = await open('topic=jobs')
  endStreams()
  expect((await stream.next())!.type).toBe('end')
  expect([await stream.next(), countStreams()]).toEqual([null, 0])
})
