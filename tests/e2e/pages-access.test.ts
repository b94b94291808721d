// Every page as each kind of person: no dead link, no error, no control that is refused; axe-core finds nothing serious; few bytes.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { type Client, signIn, uploadMedia } from '../../scripts/client.ts'
import { openPages, type PagesFixture } from './pages-fixture.ts'

const root = join(import.meta.dir, '../..')
const demo = join(root, 'public/demo')
const axeSource = readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8')

setDefaultTimeout(240_000)

let pages: PagesFixture
let client: Client
/** One of each thing, in an organization and outside. */
const made = { project: 0, task: 0, job: 0, hook: 0, user: 0 }
const password = 'correct-horse-9'

/** Name → how they stand: admins, owners of an organization, its members by role, people with nothing. */
const roles = ['admin', 'owner', 'maintainer', 'supervisor', 'worker', 'newcomer', 'lone-worker'] as const
type Role = (typeof roles)[number]

const makeWorld = async () => {
  const org = await client.send('POST', '/api/organizations', { slug: 'acme', name: 'Acme' })
  const people: Record<string, number> = {}
  for (const role of roles.slice(1)) {
    const groups = role.endsWith('worker') ? ['worker'] : ['user']
    const user = await client.send('POST', '/api/auth/register', {
      username: role,
      email: `${role}@example.com`,
      password1: password,
      password2: password,
    })
    const { results } = await client.get(`/api/users?search=${role}`)
    people[role] = results.find(({ username }: any) => username === role)?.id ?? user.id
    await client.send('PATCH', `/api/users/${people[role]}`, { groups })
    if (!['owner', 'newcomer', 'lone-worker'].includes(role)) {
      const invitation = await client.send('POST', '/api/invitations?org=acme', { email: `${role}@example.com`, role })
      const own = await signIn(pages.server.url, role, password)
      await own.send('POST', `/api/invitations/${invitation.key}/accept`).catch(() => {})
    }
  }
  const labels = [{ name: 'car' }, { name: 'person' }]
  const founder = await signIn(pages.server.url, 'owner', password)
  await founder.send('POST', '/api/organizations', { slug: 'beta', name: 'Beta' })
  const theirs = await founder.send('POST', '/api/projects?org=beta', { name: 'Project of Beta', labels })
  await founder.send('POST', '/api/tasks?org=beta', { name: 'Task of Beta', project_id: theirs.id })
  const project = await client.send('POST', '/api/projects?org=acme', { name: 'Shared project', labels })
  const task = await client.send('POST', '/api/tasks?org=acme', { name: 'Shared task', project_id: project.id })
  await uploadMedia(client, task.id, [['coffee.jpg', Bun.file(join(demo, 'coffee.jpg'))]])
  const { results: jobs } = await client.get(`/api/jobs?task_id=${task.id}`)
  await client.send('PATCH', `/api/jobs/${jobs[0].id}`, { assignee: people.worker })
  const own = await client.send('POST', '/api/tasks', { name: 'Task of its own', labels })
  await client.send('PATCH', `/api/tasks/${own.id}`, { assignee_id: people['lone-worker'] })
  const hook = await client.send('POST', '/api/webhooks', {
    target_url: 'https://example.com/x',
    type: 'project',
    project_id: project.id,
    events: ['create:task'],
  })
  await client.send('POST', '/api/guides', { project_id: project.id, markdown: '# Guide\n\n![x](https://example.com/a.png)' })
  Object.assign(made, { project: project.id, task: task.id, job: jobs[0].id, hook: hook.id, user: people.worker, org: org.id })
}

beforeAll(async () => {
  pages = await openPages({ env: { ANNOLITH_SIGN_UP: 'open', ANNOLITH_SIGN_IN_ATTEMPTS: '0' } })
  client = pages.client
  await makeWorld()
})
afterAll(() => pages?.close())

/** Signs in by the API and answers the cookies of the session. */
const cookiesOf = async (role: Role) => {
  const answer = await fetch(`${pages.server.url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: role, password: role === 'admin' ? pages.server.adminPassword : password }),
  })
  expect(answer.status).toBe(200)
  return answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0]!)
}

/** Addresses that a page offers: links, plain forms' targets, and what scripts would fetch. */
const readOffers = (html: string) => {
  const text = html.replaceAll('&amp;', '&')
  const all = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, address]) => address!)
  return {
    links: all(/<a [^>]*?href="(\/[^"#]*)[^"]*"/g),
    gets: all(/<form (?![^>]*method="post")[^>]*action="(\/[^"#]*)[^"]*"/g),
    posts: all(/<form [^>]*method="post"[^>]*action="(\/[^"]*)"/g),
    patches: all(/<(?:input|select|textarea) (?![^>]*\sdisabled)[^>]*data-patch="(\/[^"]*)"/g),
  }
}

/** One address for all that differ only in what they show of a list. */
const shapeOf = (address: string) => {
  const url = new URL(address, 'http://x')
  for (const key of ['sort', 'filter', 'search', 'page', 'page_size', 'next', 'from', 'to']) url.searchParams.delete(key)
  return url.pathname + (url.searchParams.size ? `?${url.searchParams}` : '')
}

const skipped = /^\/(assets|api)\//

const crawl = async (role: Role, organization: string) => {
  const cookie = [...(await cookiesOf(role)), `organization=${organization}`].join('; ')
  const wrong: string[] = []
  const seen = new Set<string>()
  const waiting: { address: string; from: string }[] = ['/', '/welcome', '/profile', '/organization', '/about'].map(
    (address) => ({ address, from: 'start' }),
  )
  const offered = new Set<string>()
  while (waiting.length) {
    const { address, from } = waiting.shift()!
    const shape = shapeOf(address)
    if (seen.has(shape)) continue
    seen.add(shape)
    const answer = await fetch(pages.server.url + address, { headers: { cookie, accept: 'text/html' } })
    if (answer.status >= 400) wrong.push(`${role}: ${from} → ${address} answers ${answer.status}`)
    const isPage = answer.headers.get('content-type')?.startsWith('text/html')
    const html = await answer.text()
    if (!isPage || skipped.test(address)) continue
    const { links, gets, posts, patches } = readOffers(html)
    for (const next of [...links, ...gets]) waiting.push({ address: next, from: address })
    for (const target of [...posts.map((path) => `POST ${path}`), ...patches.map((path) => `PATCH ${path}`)]) offered.add(target)
  }
  return { wrong, seen, offered, cookie }
}

for (const role of roles)
  for (const organization of ['', '-', role === 'owner' ? 'beta' : 'acme'] as const)
    test(`${role} finds no dead link ${organization.length > 1 ? 'in the organization' : organization ? 'in the own space' : 'anywhere'}`, async () => {
      const { wrong, seen } = await crawl(role, organization)
      expect(wrong).toEqual([])
      expect(seen.size).toBeGreaterThan(12)
    })

/** A change that changes nothing: the right is asked before. */
test('no field that can be changed is refused', async () => {
  const refusedOnes: string[] = []
  for (const role of roles) {
    const { offered, cookie } = await crawl(role, '')
    const token = /csrftoken=([^;]+)/.exec(cookie)?.[1] ?? ''
    for (const offer of offered) {
      const [method, path] = offer.split(' ') as [string, string]
      if (method !== 'PATCH') continue
      const answer = await fetch(pages.server.url + path, {
        method,
        headers: { cookie, 'x-csrftoken': token, origin: pages.server.url, 'content-type': 'application/json' },
        body: '{}',
      })
      if (answer.status === 403 || answer.status >= 500) refusedOnes.push(`${role}: ${offer} ${answer.status}`)
    }
  }
  expect(refusedOnes).toEqual([])
})

const listOf = () => [
  '/auth/login',
  '/auth/register',
  '/auth/password/reset',
  '/projects',
  '/projects/create',
  `/projects/${made.project}`,
  `/projects/${made.project}/guide`,
  `/projects/${made.project}/guide?edit=1`,
  `/projects/${made.project}/webhooks`,
  `/projects/${made.project}/webhooks/create`,
  `/webhooks/${made.hook}`,
  '/tasks',
  '/tasks?search=nothing-like-this',
  '/tasks/create',
  `/tasks/${made.task}`,
  '/jobs',
  '/requests',
  '/cloudstorages',
  '/cloudstorages/create',
  '/models',
  '/profile',
  '/settings',
  '/about',
  '/welcome',
  '/organizations/create',
  '/invitations',
  '/admin',
  '/admin/users',
  '/admin/users/create',
  `/admin/users/${made.user}`,
  '/admin/groups',
  '/admin/storage',
  '/admin/figures',
  '/admin/audit',
  '/admin/settings',
  '/admin/webhooks',
  '/tasks/999999',
  '/find',
  '/find?q=label%3Acar%20%28',
  `/projects/${made.project}/edit`,
  `/projects/${made.project}/find`,
  `/projects/${made.project}/find?results=frames`,
  `/projects/${made.project}/suspects`,
  `/projects/${made.project}/analytics`,
  `/projects/${made.project}/quality`,
  `/tasks/${made.task}/edit`,
  `/tasks/${made.task}/find?q=nothing-like-this`,
  `/tasks/${made.task}/suspects`,
  `/tasks/${made.task}/analytics`,
  `/tasks/${made.task}/quality`,
  `/tasks/${made.task}/consensus`,
  `/jobs/${made.job}/edit`,
  '/analytics',
  '/analytics/me',
  '/tasks/create?many=1',
]

test('a stranger is led to sign-in from everywhere, and sees nothing', async () => {
  const wrong: string[] = []
  for (const path of listOf()) {
    const answer = await fetch(pages.server.url + path, { redirect: 'manual', headers: { accept: 'text/html' } })
    const isOpen = path.startsWith('/auth/')
    const leads = answer.status === 303 && answer.headers.get('location')?.startsWith('/auth/login')
    if (isOpen ? answer.status !== 200 : !leads) wrong.push(`${path} answers ${answer.status}`)
  }
  expect(wrong).toEqual([])
})

type Finding = { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }

/** Runs axe-core in the page; by the debugger, which the page's policy does not bind. */
const inspect = async (page: Page): Promise<Finding[]> => {
  await page.evaluate(axeSource)
  const { violations } = await page.evaluate(() => (globalThis as any).axe.run(document, { resultTypes: ['violations'] }))
  return violations.filter(({ impact }: Finding) => impact === 'serious' || impact === 'critical')
}

for (const scheme of ['light', 'dark'] as const)
  test(`axe-core finds nothing serious, ${scheme}`, async () => {
    const { page, open } = pages
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
    const found: string[] = []
    for (const path of listOf()) {
      await open(path)
      for (const { id, nodes } of await inspect(page))
        found.push(`${path}: ${id}: ${nodes[0]!.html.slice(0, 200)} ${nodes[0]!.failureSummary}`)
    }
    expect(found).toEqual([])
  })

const maxBytes = 100_000
/** Where charts are drawn, what draws them comes on top. */
const maxChartBytes = 20_000
/** Scripts and styles of a page as they travel. */
test('script and style of every page stay below 100 KB compressed', async () => {
  const cookie = (await cookiesOf('admin')).join('; ')
  for (const path of listOf()) {
    const html = await (await fetch(pages.server.url + path, { headers: { cookie } })).text()
    const files = [...html.matchAll(/<(?:script[^>]* src|link rel="stylesheet" href)="([^"]+)"/g)].map(([, file]) => file!)
    expect(files.length, path).toBeGreaterThanOrEqual(2)
    let bytes = 0
    for (const file of files) {
      const answer = await fetch(pages.server.url + file, {
        headers: { 'accept-encoding': 'gzip' },
        decompress: false,
      } as RequestInit)
      expect(answer.headers.get('content-encoding')).toBe('gzip')
      bytes += (await answer.arrayBuffer()).byteLength
    }
    const hasCharts = files.some((file) => file.includes('chart.js'))
    expect(bytes, path).toBeLessThan(maxBytes + (hasCharts ? maxChartBytes : 0))
  }
})

test('nothing scrolls sideways on a narrow screen', async () => {
  const { page, open } = pages
  await page.setViewportSize({ width: 390, height: 844 })
  const wide: string[] = []
  for (const path of listOf()) {
    await open(path)
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    if (over > 0) wide.push(`${path}: ${over} px`)
  }
  expect(wide).toEqual([])
})
