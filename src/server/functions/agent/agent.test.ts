// Agents by hand: who may take what, leases, retaking, judged results. The official agent is in tests/sdk/checks_functions.py.
import { beforeAll, describe, expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { createPerson, type Person } from '../../../../tests/api'
import { getOwner, paint, taskOf } from '../../data/task-fixture'
import { tx } from '../../db/open'
import { functionRequests } from '../schema'
import { forgetOldAgentRequests, takeBackLost } from './queue'

let owner: Person
let stranger: Person
let task: number
let label: number

beforeAll(async () => {
  owner = await getOwner()
  stranger = await createPerson()
  task = await taskOf([
    ['0.png', await paint('png')],
    ['1.png', await paint('png', 0xff0000)],
  ])
  label = (await owner.call('GET', `/api/labels?task_id=${task}`)).json.results[0].id
})

const make = async (person = owner, more: object = {}): Promise<number> => {
  const body = { provider: 'native', name: 'finder', kind: 'detector', labels_v2: [{ name: 'car' }], ...more }
  const { status, json, text } = await person.call('POST', '/api/functions', { body })
  expect([status, text]).toEqual([201, text])
  return json.id
}
const agentOf = (id: number, agent_id: string, person = owner) => ({
  acquire: (request_category = 'batch') =>
    person.call('POST', `/api/functions/queues/${encodeURIComponent(`function:${id}`)}/requests/acquire`, {
      body: { agent_id, request_category },
    }),
  say: (what: string, request: string, body: object = {}) =>
    person.call('POST', `/api/functions/queues/function:${id}/requests/${request}/${what}`, { body: { agent_id, ...body } }),
})
const start = async (id: number, more: object = {}): Promise<string> => {
  const { status, json, text } = await owner.call('POST', '/api/lambda/requests', {
    body: { function: `agent-${id}`, task, ...more },
  })
  expect([status, text]).toEqual([200, text])
  return json.id
}
const look = async (request: string) => (await owner.call('GET', `/api/lambda/requests/${encodeURIComponent(request)}`)).json
const remove = (request: string) => owner.call('DELETE', `/api/lambda/requests/${encodeURIComponent(request)}`)
const shapes = async () => (await owner.call('GET', `/api/tasks/${task}/annotations`)).json.shapes
const box = (frame: number, more: object = {}) => ({ type: 'rectangle', frame, label_id: label, points: [1, 2, 30, 40], ...more })
const clear = () => owner.call('DELETE', `/api/tasks/${task}/annotations`)

describe('functions of agents', () => {
  test('say which fields are wrong', async () => {
    const wrong: [object, string][] = [
      [{ provider: 'roboflow' }, 'provider'],
      [{ kind: 'oracle' }, 'kind'],
      [{ kind: undefined }, 'kind'],
      [{ name: ' ' }, 'name'],
      [{ labels_v2: undefined }, 'labels_v2'],
      [{ labels_v2: [{ name: 'a' }, { name: 'a' }] }, 'labels_v2'],
      [{ labels_v2: [{ name: 'a', type: 'circle' }] }, 'labels_v2'],
      [{ kind: 'tracker' }, 'supported_shape_types'],
      [{ kind: 'tracker', supported_shape_types: ['circle'] }, 'supported_shape_types'],
      [{ visibility: 'secret' }, 'visibility'],
    ]
    for (const [more, field] of wrong) {
      const body = { provider: 'native', name: 'x', kind: 'detector', labels_v2: [{ name: 'car' }], ...more }
      const { status, json } = await owner.call('POST', '/api/functions', { body })
      expect([more, status, Object.keys(json)]).toEqual([more, 400, [field]])
    }
  })

  test('of an organization are for its members; only the owner changes, and serves, them', async () => {
    const slug = `f${process.pid}${Date.now() % 1e6}`
    const organization = (await owner.call('POST', '/api/organizations', { body: { slug } })).json
    const { memberships } = await import('../../organizations/schema')
    const member = await createPerson()
    const values = { organizationId: organization.id, userId: member.user.id, role: 'worker', isActive: true } as never
    await tx(async (t) => void (await t.insert(memberships).values({ ...(values as object), joinedDate: new Date() } as never)))
    const body = { provider: 'native', name: 'ours', kind: 'detector', labels_v2: [{ name: 'car' }] }
    const { json } = await owner.call('POST', `/api/functions?org=${slug}`, { body })
    expect(json.organization).toBe(organization.id)
    expect((await member.call('GET', `/api/functions/${json.id}`)).status).toBe(200)
    expect((await member.call('GET', `/api/functions?org=${slug}`)).json.count).toBe(1)
    expect((await member.call('DELETE', `/api/functions/${json.id}`)).status).toBe(403)
    expect((await agentOf(json.id, 'a', member).acquire()).status).toBe(403)
    expect((await stranger.call('GET', `/api/functions/${json.id}`)).status).toBe(404)
    expect((await member.call('POST', `/api/functions?org=${slug}`, { body })).status).toBe(403)
  })

  test('are listed with filters, for who sees them', async () => {
    const id = await make(owner, { name: 'only this one' })
    const open = await make(owner, { name: 'for everybody', visibility: 'public' })
    const listOf = async (person: Person, query: string) =>
      (await person.call('GET', `/api/functions?page_size=100&${query}`)).json.results.map((row: any) => row.id)
    expect(await listOf(owner, 'search=only+this')).toEqual([id])
    expect(await listOf(owner, 'kind=tracker')).not.toContain(id)
    expect(await listOf(owner, `filter=${encodeURIComponent('{"==":[{"var":"provider"},"native"]}')}`)).toContain(id)
    expect(await listOf(stranger, '')).toContain(open)
    expect(await listOf(stranger, '')).not.toContain(id)
  })
})

describe('a queue', () => {
  test('gives each request to one agent, in order, and only to those of the owner', async () => {
    await clear()
    const id = await make()
    const [first, second] = [agentOf(id, 'first'), agentOf(id, 'second')]
    const request = await start(id, { threshold: 0.5, conv_mask_to_poly: true })
    expect((await agentOf(id, 'thief', stranger).acquire()).status).toBe(404)
    expect((await first.acquire('interactive')).json).toEqual({ ar_assignment: null })
    const { ar_assignment } = (await first.acquire()).json
    expect(ar_assignment).toEqual({
      ar_id: expect.any(String),
      function_id: id,
      ar_params: {
        type: 'annotate_task',
        task,
        mapping: { car: { name: 'car', attributes: {} } },
        threshold: 0.5,
        conv_mask_to_poly: true,
      },
    })
    expect((await second.acquire()).json).toEqual({ ar_assignment: null })
    for (const what of ['update', 'complete', 'fail'])
      expect([what, (await second.say(what, ar_assignment.ar_id, { progress: 0.5, annotations: {} })).status]).toEqual([
        what,
        409,
      ])
    expect((await first.say('update', ar_assignment.ar_id, { progress: 0.5 })).status).toBe(204)
    expect(await look(request)).toMatchObject({ status: 'started', progress: 50 })
    const done = await first.say('complete', ar_assignment.ar_id, { annotations: { tags: [], shapes: [box(0), box(1)] } })
    expect([done.status, done.text]).toEqual([204, ''])
    expect(await look(request)).toMatchObject({ status: 'finished', progress: 100 })
    expect((await shapes()).map(({ frame, source }: any) => [frame, source])).toEqual([
      [0, 'auto'],
      [1, 'auto'],
    ])
    expect((await first.say('complete', ar_assignment.ar_id, { annotations: {} })).status).toBe(409)
    expect((await first.say('complete', crypto.randomUUID(), { annotations: {} })).status).toBe(404)
  })

  test('takes a request back from an agent that fell silent, and gives up after three', async () => {
    await clear()
    const id = await make()
    const request = await start(id)
    const silent = async (name: string) => {
      const { ar_assignment } = (await agentOf(id, name).acquire()).json
      const past = new Date(Date.now() - 1000)
      await tx(
        async (t) => void (await t.update(functionRequests).set({ leaseDate: past }).where(eq(functionRequests.functionId, id))),
      )
      return ar_assignment?.ar_id as string
    }
    const taken = await silent('one')
    expect(await silent('two')).toBe(taken)
    // Who lost it cannot end it, though its answer comes at last.
    expect((await agentOf(id, 'one').say('complete', taken, { annotations: { shapes: [box(0)] } })).status).toBe(409)
    expect(await silent('three')).toBe(taken)
    expect((await agentOf(id, 'four').acquire()).json.ar_assignment).toBeNull()
    expect(await look(request)).toMatchObject({ status: 'failed', exc_info: 'No agent finished it: 3 fell silent.' })
    expect(await shapes()).toEqual([])
  })

  test('keeps a request that an agent still works on', async () => {
    const id = await make()
    const request = await start(id)
    const { ar_assignment } = (await agentOf(id, 'busy').acquire()).json
    await takeBackLost(id)
    expect((await agentOf(id, 'other').acquire()).json.ar_assignment).toBeNull()
    expect((await agentOf(id, 'busy').say('fail', ar_assignment.ar_id, { exc_info: 'no power' })).status).toBe(204)
    expect(await look(request)).toMatchObject({ status: 'failed', exc_info: 'no power' })
  })

  test('gives nothing that was taken back', async () => {
    const id = await make()
    await remove(await start(id))
    expect((await agentOf(id, 'a').acquire()).json.ar_assignment).toBeNull()
    const request = await start(id)
    const { ar_assignment } = (await agentOf(id, 'a').acquire()).json
    await remove(request)
    expect((await agentOf(id, 'a').say('complete', ar_assignment.ar_id, { annotations: { shapes: [box(0)] } })).status).toBe(404)
    // Cancelled as any other request.
    const waiting = await start(id)
    expect((await owner.call('POST', `/api/requests/${encodeURIComponent(waiting)}/cancel`)).status).toBe(200)
    expect((await agentOf(id, 'a').acquire()).json.ar_assignment).toBeNull()
  })

  test('ends with its function or task', async () => {
    const id = await make()
    const request = await start(id)
    await owner.call('DELETE', `/api/functions/${id}`)
    expect(await look(request)).toMatchObject({ status: 'failed', exc_info: 'The function "finder" was removed.' })
    const other = await make()
    const gone = await taskOf([['0.png', await paint('png')]])
    const lost = (await owner.call('POST', '/api/lambda/requests', { body: { function: `agent-${other}`, task: gone } })).json.id
    await owner.call('DELETE', `/api/tasks/${gone}`)
    await forgetOldAgentRequests()
    expect(await look(lost)).toMatchObject({ status: 'failed', exc_info: 'The task or function is gone.' })
  })

  const lies: [string, () => object | undefined, string][] = [
    ['a label of another task', () => ({ shapes: [{ ...box(0), label_id: 1e6 }] }), 'label_id'],
    ['a frame that is not there', () => ({ shapes: [box(77)] }), 'shapes[0].frame'],
    ['no numbers', () => ({ shapes: [box(0, { points: [1, 'x', 3, 4] })] }), 'shapes[0].points'],
    ['a place outside of the picture', () => ({ shapes: [box(0, { points: [900, 900, 950, 950] })] }), 'outside of the picture'],
    ['tracks', () => ({ tracks: [{}] }), 'it has tracks'],
    ['nothing', () => undefined, 'it has no annotations'],
  ]
  test.each(lies)('refuses %s, and stores nothing', async (_, lie, text) => {
    await clear()
    const id = await make()
    const request = await start(id, { cleanup: true })
    const { ar_assignment } = (await agentOf(id, 'liar').acquire()).json
    const { status, json } = await agentOf(id, 'liar').say('complete', ar_assignment.ar_id, { annotations: lie() })
    expect([status, json.annotations[0]]).toEqual([400, expect.stringContaining(text)])
    expect(await look(request)).toMatchObject({ status: 'failed', exc_info: expect.stringContaining(text) })
    expect(await shapes()).toEqual([])
  })

  test('of a job: what the agent found elsewhere is left out', async () => {
    const whole = await taskOf(
      [
        ['0.png', await paint('png')],
        ['1.png', await paint('png')],
      ],
      {},
      { segment_size: 1 },
    )
    const own = (await owner.call('GET', `/api/labels?task_id=${whole}`)).json.results[0].id
    const [, second] = (await owner.call('GET', `/api/jobs?task_id=${whole}&sort=id`)).json.results
    const id = await make()
    await owner.call('POST', '/api/lambda/requests', { body: { function: `agent-${id}`, task: whole, job: second.id } })
    const { ar_assignment } = (await agentOf(id, 'a').acquire()).json
    const body = { annotations: { shapes: [box(0, { label_id: own }), box(1, { label_id: own })] } }
    expect((await agentOf(id, 'a').say('complete', ar_assignment.ar_id, body)).status).toBe(204)
    const { json } = await owner.call('GET', `/api/tasks/${whole}/annotations`)
    expect(json.shapes.map(({ frame }: any) => frame)).toEqual([1])
  })

  test('other requests than the own are not shown, nor ended', async () => {
    const id = await make()
    const body = { function: id, type: 'annotate_frame', task, frame: 0 }
    const { status, json } = await owner.call('POST', '/api/functions/requests/', { body })
    expect([status, json.status, json.started, json.ended]).toEqual([201, 'queued', null, null])
    expect((await stranger.call('GET', `/api/functions/requests/${json.id}`)).status).toBe(403)
    expect((await stranger.call('DELETE', `/api/functions/requests/${json.id}`)).status).toBe(403)
    expect((await stranger.call('GET', '/api/functions/requests/')).json).toEqual([])
    expect((await stranger.call('POST', '/api/functions/requests/', { body })).status).toBe(404)
    expect((await owner.call('DELETE', `/api/functions/requests/${json.id}`)).status).toBe(204)
    expect((await agentOf(id, 'a').acquire('interactive')).json.ar_assignment).toBeNull()
    for (const wrong of [{ type: 'interact', pos_points: [] }, { type: 'dance' }, { frame: undefined }, { function: 'x' }])
      expect((await owner.call('POST', '/api/functions/requests/', { body: { ...body, ...wrong } })).status).toBe(400)
  })

  test('malformed ids, agents and categories are refused', async () => {
    const id = await make()
    const acquire = (queue: string, body: object) =>
      owner.call('POST', `/api/functions/queues/${queue}/requests/acquire`, { body })
    expect((await acquire('functions:1', { agent_id: 'a', request_category: 'batch' })).status).toBe(404)
    expect((await acquire(`function:${id}`, { agent_id: 'a b', request_category: 'batch' })).json).toHaveProperty('agent_id')
    expect((await acquire(`function:${id}`, { agent_id: 'a', request_category: 'x' })).json).toHaveProperty('request_category')
  })
})
