// Two tenants who know nothing of each other: every operation of the contract, tried by a stranger on the other's objects.
import { beforeAll, expect, test } from 'bun:test'
import { app, createBareTask, createPerson, type Person } from '../../../tests/api'
import { compareRoutes, loadContract, type Route } from '../schema/contract'

let owner: Person
let stranger: Person
/** Ids of the owner's objects, by the first part of the path. */
const objects: Record<string, string | number> = {}

const create = async (path: string, body: object): Promise<any> => {
  const { status, json } = await owner.call('POST', path, { body })
  expect([path, status]).toEqual([path, 201])
  return json
}

/** What the owner makes for each kind of object; kinds that are not served yet are left out. */
const makers: Record<string, () => Promise<string | number>> = {
  projects: async () => (await create('/api/projects', { name: 'private', labels: [{ name: 'secret' }] })).id,
  tasks: async () => (await createBareTask(owner)).id,
  jobs: async () => (await createBareTask(owner)).jobs[0]!.id,
  labels: async () => (await createBareTask(owner)).labels[0]!.id,
  users: async () => owner.user.id,
  organizations: async () => (await create('/api/organizations', { slug: `t${process.pid}${Date.now() % 1e6}` })).id,
  memberships: async () => (await owner.call('GET', '/api/memberships')).json.results[0].id,
  invitations: async () => {
    const { slug } = (await owner.call('GET', `/api/organizations/${objects.organizations}`)).json
    return (await create(`/api/invitations?org=${slug}`, { email: `x${Date.now()}@example.com`, role: 'worker' })).key
  },
  issues: async () =>
    (await create('/api/issues', { job: objects.jobs, frame: 0, position: [1, 1, 2, 2], message: 'hidden' })).id,
  comments: async () => (await create('/api/comments', { issue: objects.issues, message: 'hidden' })).id,
  guides: async () => (await create('/api/guides', { project_id: objects.projects, markdown: 'hidden' })).id,
  assets: async () => {
    const form = new FormData()
    form.set('guide_id', String(objects.guides))
    form.set('file', new File(['hidden'], 'hidden.txt'))
    return (await owner.call('POST', '/api/assets', { body: form })).json.uuid
  },
  webhooks: async () =>
    (
      await create('/api/webhooks', {
        target_url: 'https://example.com/',
        type: 'project',
        project_id: objects.projects,
        events: ['create:task'],
        content_type: 'application/json',
      })
    ).id,
  functions: async () =>
    (await create('/api/functions', { provider: 'native', name: 'hidden', kind: 'detector', labels_v2: [{ name: 'secret' }] }))
      .id,
  access_tokens: async () => (await create('/api/auth/access_tokens', { name: 'mine' })).id,
  requests: async () => {
    const body = { name: 'x' }
    const { json } = await owner.call('POST', `/api/tasks/${objects.tasks}/dataset/export?format=COCO+1.0`, { body })
    return json.rq_id
  },
}

/** Values for query parameters that an operation cannot do without. */
const needed: Record<string, string> = { action: 'create', format: 'COCO 1.0', type: 'frame' }
type Parameter = { name: string; in: string; required?: boolean }
const requiredQuery = (parameters: Parameter[] = []) =>
  new URLSearchParams(
    parameters.flatMap(({ name, in: place, required }) => (place === 'query' && required ? [[name, needed[name] ?? '1']] : [])),
  )

const kindOf = (path: string) => (path.startsWith('/api/auth/access_tokens/') ? 'access_tokens' : path.split('/')[2]!)
/** Bodies that are well-formed everywhere: what is checked before the permission must not hide it. */
const bodies: Record<string, object> = {
  PATCH: {},
  PUT: { target_url: 'https://example.com/', type: 'project', events: ['create:task'] },
  POST: {},
}

beforeAll(async () => {
  owner = await createPerson()
  stranger = await createPerson()
  const routes = app.routes as Route[]
  for (const [kind, make] of Object.entries(makers)) {
    const isServed = routes.some(({ method, path }) => method === 'GET' && new RegExp(`^/api/(auth/)?${kind}(/|$)`).test(path))
    if (isServed) objects[kind] = await make()
  }
})

test('every operation on an object of another tenant is 403 or 404, and tells nothing', async () => {
  const contract = await loadContract()
  const { served } = compareRoutes(contract, app.routes as Route[])
  const onObjects = served.filter(({ path }) => path.includes('{') && objects[kindOf(path)] !== undefined)
  expect(onObjects.length).toBeGreaterThan(40)
  const open: unknown[] = []
  for (const { method, path } of onObjects) {
    const address = path.replace(/\{[^}]+\}/, encodeURIComponent(String(objects[kindOf(path)]))).replace(/\{[^}]+\}/g, '1')
    const { parameters } = contract.paths[path]![method.toLowerCase()] as { parameters?: Parameter[] }
    for (const context of [{}, { org: '' }]) {
      const query = new URLSearchParams([...requiredQuery(parameters), ...Object.entries(context)])
      const { status, text } = await stranger.call(
        method,
        `${address}?${query}`,
        method in bodies ? { body: bodies[method] } : {},
      )
      if (![403, 404, 501].includes(status)) open.push([method, path, String(query), status, text.slice(0, 80)])
    }
  }
  expect(open).toEqual([])
})

test('lists do not show objects of another tenant, whatever is asked for', async () => {
  const { served } = compareRoutes(await loadContract(), app.routes as Route[])
  const lists = served.filter(
    ({ method, path }) =>
      method === 'GET' && !path.includes('{') && objects[kindOf(path)] !== undefined && path.split('/').length === 3,
  )
  expect(lists.length).toBeGreaterThan(5)
  for (const { path } of lists) {
    for (const query of [
      '?page_size=all',
      `?search=${owner.username}&page_size=all`,
      `?owner=${owner.username}`,
      `?project_id=${objects.projects}`,
      `?task_id=${objects.tasks}`,
      `?job_id=${objects.jobs}`,
    ]) {
      const { status, json } = await stranger.call('GET', path + query)
      if (status !== 200) {
        expect([path, query, [400, 403, 404].includes(status)]).toEqual([path, query, true])
        continue
      }
      const seen = json.results.map((row: any) => row.id ?? row.key)
      expect([path, query, seen.includes(objects[kindOf(path)])]).toEqual([path, query, false])
    }
  }
})

test('nothing was changed by all that', async () => {
  expect((await owner.call('GET', `/api/tasks/${objects.tasks}`)).status).toBe(200)
  expect((await owner.call('GET', `/api/projects/${objects.projects}`)).json.name).toBe('private')
  expect((await owner.call('GET', `/api/labels/${objects.labels}`)).status).toBe(200)
})

test('nobody signed in: 401 everywhere but at the doors', async () => {
  const contract = await loadContract()
  const { served } = compareRoutes(contract, app.routes as Route[])
  const { call } = await import('../../../tests/api')
  const wrong: unknown[] = []
  for (const { method, path } of served) {
    const security = (contract.paths[path]![method.toLowerCase()] as { security?: unknown[] }).security
    const isOpen =
      security?.some((entry) => Object.keys(entry as object).length === 0) ||
      /^\/api\/(auth\/(login|logout|register|rules|password)|server\/about|schema)/.test(path)
    const { status } = await call(method, path.replace(/\{[^}]+\}/g, '1'), method in bodies ? { body: {} } : {})
    if (!isOpen && status !== 401) wrong.push([method, path, status])
  }
  expect(wrong).toEqual([])
})
