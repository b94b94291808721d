// Holes that Label Studio, doccano and their like really had, and what of CVAT's was not tried elsewhere. docs/security.md lists all.
import { beforeAll, expect, test } from 'bun:test'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Glob } from 'bun'
import { call, createBareTask, createPerson, origin, type Person, password } from '../../tests/api'
import { config } from './config'

let owner: Person
let stranger: Person
let cookie: string
const evil = `"><img src=x onerror=alert(1)><script>alert(1)</script>`

beforeAll(async () => {
  owner = await createPerson()
  stranger = await createPerson()
  const { headers } = await call('POST', '/api/auth/login', { body: { username: owner.username, password } })
  cookie = headers
    .getSetCookie()
    .map((text) => text.split(';')[0])
    .join('; ')
})

/** A page as a signed-in browser gets it. */
const open = (path: string) => call('GET', path, { headers: { cookie, accept: 'text/html' } })
type Element = { tagName: string; attributes: Iterable<string[]>; getAttribute: (name: string) => string | null }
/** What of a page a browser would run or load from elsewhere, as its parser sees it. */
const findDangers = (html: string): string[] => {
  const found: string[] = []
  const look = (element: Element) => {
    const names = [...element.attributes].map(([name]) => name!)
    if (names.some((name) => /^on/i.test(name))) found.push(`${element.tagName} with ${names.join()}`)
    if (element.tagName === 'script' && !element.getAttribute('src')) found.push('a script of the page itself')
    for (const name of ['href', 'src', 'action'])
      if (/^\s*(javascript|data:text|vbscript)/i.test(element.getAttribute(name) ?? '')) found.push(`${element.tagName} ${name}`)
  }
  new HTMLRewriter().on('*', { element: look as any }).transform(html)
  return found
}
const expectHarmless = ({ text, headers }: Awaited<ReturnType<typeof open>>, path: string) => {
  expect([path, headers.get('content-type')]).toEqual([path, expect.stringContaining('text/html')])
  expect([path, findDangers(text)]).toEqual([path, []])
  // Even what would get through is not run.
  const policy = headers.get('content-security-policy') ?? ''
  expect(policy).toContain("script-src 'self'")
  expect(/script-src[^;]*unsafe-inline/.test(policy)).toBe(false)
}

test('dangers are found', () => {
  expect(findDangers(`<p title="${evil.replaceAll('"', '&#34;')}">x</p>`)).toEqual([])
  expect(findDangers(`<p title="${evil}">`)).toEqual(['img with src,onerror', 'a script of the page itself'])
  expect(findDangers('<a href=" javascript:alert(1)">x</a>')).toEqual(['a href'])
})

test('CVE-2022-36551: an import reads neither files of the server nor addresses that are not http', async () => {
  for (const address of ['file:///etc/passwd', 'gopher://127.0.0.1/', 'ftp://127.0.0.1/x', '/etc/passwd', 'jar:file:///x!/y']) {
    const { id } = (await owner.call('POST', '/api/tasks', { body: { name: 'x', labels: [{ name: 'a' }] } })).json
    const { status, json } = await owner.call('POST', `/api/tasks/${id}/data/`, {
      body: { image_quality: 70, remote_files: [address] },
    })
    expect([address, status, Object.keys(json)]).toEqual([address, 400, ['remote_files']])
  }
  for (const name of ['../../../etc/passwd', 'a/../../x.jpg', '/../etc/passwd']) {
    const { id } = (await owner.call('POST', '/api/tasks', { body: { name: 'x', labels: [{ name: 'a' }] } })).json
    const { status } = await owner.call('POST', `/api/tasks/${id}/data/`, { body: { image_quality: 70, server_files: [name] } })
    expect([name, status]).toEqual([name, 400])
  }
})

test('CVE-2023-47115: people have no pictures of their own that a browser could run', async () => {
  const { json } = await owner.call('PATCH', `/api/users/${owner.user.id}`, { body: { first_name: evil.slice(0, 100) } })
  expect(Object.keys(json).filter((key) => /avatar|picture|image|photo|logo/.test(key))).toEqual([])
  const form = new FormData()
  form.set('avatar', new Blob(['<svg onload="alert(1)"/>'], { type: 'image/svg+xml' }), 'me.html')
  expect((await owner.call('POST', `/api/users/${owner.user.id}/avatar`, { body: form })).status).toBe(404)
  const patched = await owner.call('PATCH', `/api/users/${owner.user.id}`, { body: form })
  expect(patched.text).not.toContain('svg')
  expectHarmless(await open('/profile'), '/profile')
})

test('CVE-2024-23633: what is imported comes back as a picture or not at all, whatever it is called', async () => {
  const html = '<html><script>alert(1)</script></html>'
  for (const name of ['evil.html', 'evil.svg', 'evil.jpg', 'evil.htm.png']) {
    const { id } = (await owner.call('POST', '/api/tasks', { body: { name: 'x', labels: [{ name: 'a' }] } })).json
    const form = new FormData()
    form.set('image_quality', '70')
    form.set('client_files[0]', new Blob([html], { type: 'text/html' }), name)
    expect([400, 202]).toContain((await owner.call('POST', `/api/tasks/${id}/data/`, { body: form })).status)
    for (const path of [
      `/api/tasks/${id}/data?type=frame&number=0&quality=original`,
      `/api/tasks/${id}/preview`,
      `/api/tasks/${id}/data?type=chunk&number=0`,
    ]) {
      const { headers, text } = await call('GET', path, { headers: { cookie, accept: 'text/html,*/*' } })
      expect([name, path, headers.get('content-type')?.includes('html') ?? false, text.includes('<script>')]).toEqual([
        name,
        path,
        false,
        false,
      ])
      expect(headers.get('x-content-type-options')).toBe('nosniff')
    }
  }
})

test('CVE-2024-26152: labels, attributes and names are text on every page, never markup', async () => {
  const label = {
    name: evil.slice(0, 60),
    attributes: [{ name: evil.slice(0, 60), mutable: false, input_type: 'text', default_value: evil, values: [evil] }],
  }
  const project = (await owner.call('POST', '/api/projects', { body: { name: evil, labels: [label] } })).json
  const task = await createBareTask(owner, { labels: [label] })
  await owner.call('PATCH', `/api/tasks/${task.id}`, { body: { name: evil, subset: evil.slice(0, 60) } })
  for (const path of [
    '/projects',
    `/projects/${project.id}`,
    '/tasks',
    `/tasks/${task.id}`,
    '/jobs',
    `/tasks/${task.id}/jobs/${task.jobs[0]!.id}`,
  ])
    expectHarmless(await open(path), path)
})

test('CVE-2025-25296, CVE-2025-47783: what an address carries is text on the page that it opens', async () => {
  const text = encodeURIComponent(evil)
  for (const path of [
    '/projects',
    '/projects/create',
    '/tasks',
    '/tasks/create',
    '/jobs',
    '/requests',
    '/find',
    '/models',
    '/cloudstorages',
    '/settings',
  ])
    for (const key of ['label_config', 'labels', 'search', 'q', 'filter', 'sort', 'page', 'next', 'name', 'task', 'project'])
      expectHarmless(await open(`${path}?${key}=${text}`), `${path}?${key}`)
  expectHarmless(
    await call('GET', `/auth/login?next=${text}&username=${text}`, { headers: { accept: 'text/html' } }),
    '/auth/login',
  )
})

test('CVE-2025-5173: a model is read as ONNX and nothing else: what Python would load and run is refused', async () => {
  const admin = await createPerson({ superuser: true })
  const proof = join(tmpdir(), `annolith-pickle-${process.pid}`)
  // A pickle that, loaded, would run a shell.
  const pickle = new TextEncoder().encode(`cos\nsystem\n(S'touch ${proof}'\ntR.`)
  mkdirSync(join(config().dataDir, 'models'), { recursive: true })
  const before = readdirSync(join(config().dataDir, 'models')).sort()
  for (const name of ['model.pt', 'model.pkl', 'model.onnx', 'model.pth', 'model.joblib']) {
    const form = new FormData()
    form.set('name', 'pickled')
    form.set('files[0]', new Blob([pickle]), name)
    const { status, json } = await admin.call('POST', '/api/models/files', { body: form })
    expect([name, status, Object.keys(json)]).toEqual([name, 400, ['files']])
  }
  expect([existsSync(proof), readdirSync(join(config().dataDir, 'models')).sort()]).toEqual([false, before])
})

test('#10807: reports tell a stranger neither who belongs to an organization nor which tasks it has', async () => {
  const slug = `lab${process.pid}`.slice(0, 16)
  const organization = (await owner.call('POST', '/api/organizations', { body: { slug, name: 'Lab' } })).json
  const task = await createBareTask(owner)
  const ask = async (query: string) => {
    const { status, text } = await stranger.call('GET', `/api/quality/reports?${query}`)
    return [status, text.replaceAll(/https?:\/\/[^"]*/g, '')]
  }
  const members = `org=${slug}`
  const answers = [
    await ask(members),
    await ask(`org_id=${organization.id}`),
    await ask(`${members}&task_id=${task.id}`),
    await ask(`${members}&task_id=999999`),
  ]
  // One answer, whatever there is behind it.
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
  expect(answers[0]![0]).toBe(403)
  expect((await ask(''))[0]).toBe(200)
  expect((await stranger.call('GET', '/api/quality/reports')).json.count).toBe(0)
  expect((await stranger.call('GET', `/api/memberships?org=${slug}`)).status).toBe(403)
  expect(JSON.stringify((await stranger.call('GET', `/api/users?search=${owner.username}`)).json.results)).not.toContain(
    owner.username,
  )
})

test('CVE-2026-22033: keys and preferences are one’s own: nobody writes those of another, and pages without them show none', async () => {
  const saved = await owner.call('PUT', '/api/users/self/settings', { body: { keys: { save: [evil] } } })
  expect(saved.status).toBeLessThan(300)
  expect(JSON.stringify((await stranger.call('GET', '/api/users/self/settings')).json)).not.toContain('onerror')
  for (const path of [`/api/users/${owner.user.id}/settings`, `/api/users/${owner.username}/settings`])
    for (const method of ['GET', 'PATCH', 'PUT'] as const)
      expect([path, method, (await stranger.call(method, path, { body: method === 'GET' ? undefined : {} })).status]).toEqual([
        path,
        method,
        404,
      ])
  expectHarmless(await open('/settings'), '/settings')
})

test('classes: state changes only by other methods than GET, with cookies that other sites do not send', async () => {
  const { headers } = await call('POST', '/api/auth/login', { body: { username: owner.username, password } })
  const session = headers.getSetCookie().find((text) => /sessionid/i.test(text))!
  expect(session).toMatch(/HttpOnly/i)
  expect(session).toMatch(/SameSite=(Lax|Strict)/i)
  const task = await createBareTask(owner)
  const csrf = headers.getSetCookie().map((text) => text.split(';')[0]!)
  const token = csrf.find((text) => text.startsWith('csrftoken='))?.split('=')[1] ?? ''
  const send = (more: Record<string, string>) =>
    call('PATCH', `/api/tasks/${task.id}`, {
      body: { name: 'taken' },
      headers: { cookie: csrf.join('; '), 'x-csrftoken': token, ...more },
    })
  expect((await send({ origin: 'https://evil.example' })).status).toBe(403)
  expect((await send({ origin, 'x-csrftoken': 'x' })).status).toBe(403)
  expect((await send({ origin })).status).toBe(200)
})

/** Source files of a folder of this project that are no tests, with their text. */
const readSources = async (folder: string): Promise<[string, string][]> => {
  const root = join(import.meta.dir, '..')
  const names = [...new Glob(`${folder}/**/*.{ts,tsx}`).scanSync({ cwd: root })].filter(
    (name) => !/[.]test[.]|stand-in|testing/.test(name),
  )
  return Promise.all(names.map(async (name) => [name, await Bun.file(join(root, name)).text()]))
}

test('CVE-2026-22033, classes: no code of the browser makes markup or code out of text', async () => {
  const sources = await readSources('web')
  expect(sources.length).toBeGreaterThan(300)
  // The preview of a guide is markup that the server has made and cleaned.
  const allowed = ['web/islands/guide.ts']
  const writes =
    /\.(innerHTML|outerHTML)\s*\+?=[^=]|insertAdjacentHTML|document\.write|\beval\(|new Function\(|createContextualFragment/
  expect(sources.filter(([name, text]) => writes.test(text) && !allowed.includes(name)).map(([name]) => name)).toEqual([])
})

test('classes: nothing that people name is asked for past the one client for outgoing requests', async () => {
  const sources = await readSources('server')
  // This machine asks itself, and the storage that an administrator has configured is asked.
  const allowed = [
    'server/admin/running.ts',
    'server/doctor/checks/network.ts',
    'server/storage/object-http.ts',
    'server/upgrade/upgrade.ts',
    'server/http/egress.ts',
  ]
  const asks = /(?<![.\w])fetch\(|https?\.request\(|from 'node:https?'/
  expect(sources.filter(([name, text]) => asks.test(text) && !allowed.includes(name)).map(([name]) => name)).toEqual([])
})

test('classes: nothing is deserialised but JSON and data formats', async () => {
  const wrong = /from 'node:v8'|deserialize\(|from 'node:vm'|new Function\(|\beval\(|child_process'.*exec\b/
  const sources = [...(await readSources('server')), ...(await readSources('formats')), ...(await readSources('workers'))]
  expect(sources.filter(([, text]) => wrong.test(text)).map(([name]) => name)).toEqual([])
})
