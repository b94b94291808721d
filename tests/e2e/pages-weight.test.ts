// What every page makes a browser fetch before it paints: all scripts and styles, compressed, of every page that links lead to.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { type Client, signIn, uploadMedia } from '../../scripts/client.ts'
import { startServer, type TestServer } from './server.ts'

const demo = join(import.meta.dir, '../../public/demo')
const maxBytes = 100_000

setDefaultTimeout(120_000)

let server: TestServer
let client: Client
let cookie = ''

beforeAll(async () => {
  server = await startServer({ ANNOLITH_SIGN_UP: 'open' })
  client = await signIn(server.url, 'admin', server.adminPassword)
  const answer = await fetch(`${server.url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password: server.adminPassword }),
  })
  cookie = answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0]!)
    .join('; ')
  await client.send('POST', '/api/organizations', { slug: 'lab' })
  const project = await client.send('POST', '/api/projects', { name: 'Weighed', labels: [{ name: 'car' }] })
  const task = await client.send('POST', '/api/tasks', { name: 'Weighed', project_id: project.id })
  await uploadMedia(client, task.id, [['coffee.jpg', Bun.file(join(demo, 'coffee.jpg'))]])
  const own = await client.send('POST', '/api/tasks', { name: 'Empty', labels: [{ name: 'car' }] })
  await client.send('POST', '/api/webhooks', { target_url: 'https://example.com/x', type: 'project', project_id: project.id, events: ['create:task'] }) // biome-ignore format: one line
  await client.send('POST', '/api/guides', { task_id: own.id, markdown: '# Guide' })
})
afterAll(() => server?.stop())

/** Pages that differ only in what they show of a list are one. */
const shapeOf = (address: string) => {
  const url = new URL(address, server.url)
  for (const key of [...url.searchParams.keys()]) if (!['edit', 'project_id'].includes(key)) url.searchParams.delete(key)
  return url.pathname + url.search
}

/** Neither pages nor weighed here: files, the API with its documents, and the editor, whose bundle has a budget of its own. */
const isOther = (path: string) => /^\/(assets|api)\//.test(path) || /\/jobs\/\d+$/.test(path)

const openPage = async (path: string, session: string) => {
  const answer = await fetch(server.url + path, { headers: { cookie: session, accept: 'text/html' } })
  const isPage = answer.headers.get('content-type')?.startsWith('text/html')
  return { html: isPage ? await answer.text() : '', path: shapeOf(answer.url) }
}

/** Every page that links lead to from the start pages, with its text. */
const crawl = async (starts: string[], session: string) => {
  const found = new Map<string, string>()
  const waiting = [...starts]
  while (waiting.length) {
    const shape = shapeOf(waiting.shift()!)
    if (found.has(shape) || isOther(shape)) continue
    const { html, path } = await openPage(shape, session)
    found.set(shape, html)
    if (!html) continue
    found.set(path, html)
    for (const [, next] of html.replaceAll('&amp;', '&').matchAll(/<a [^>]*?href="(\/[^"#]*)/g)) waiting.push(next!)
  }
  return new Map([...found].filter(([, html]) => html))
}

/** Bytes of files as they travel. */
const sizes = new Map<string, number>()
const sizeOf = async (file: string) => {
  if (!sizes.has(file)) {
    const options = { headers: { 'accept-encoding': 'gzip' }, decompress: false } as RequestInit
    const answer = await fetch(server.url + file, options)
    expect([file, answer.status, answer.headers.get('content-encoding')]).toEqual([file, 200, 'gzip'])
    sizes.set(file, (await answer.arrayBuffer()).byteLength)
  }
  return sizes.get(file)!
}

const filesOf = (html: string) =>
  [...html.matchAll(/<(?:script[^>]* src|link rel="stylesheet" href)="([^"]+)"/g)].map(([, file]) => file!)

const places = ['/', '/welcome', '/organization', '/profile', '/settings', '/about', '/invitations', '/admin', '/tasks/999999']

test('of every page for people who are signed in', async () => {
  const heavy: [string, number][] = []
  const pages = await crawl(places, `${cookie}; organization=lab`)
  const german = await crawl(places, `${cookie}; language=de`)
  const all = [
    ...pages,
    ...(await crawl(places, cookie)),
    ...[...german].map(([path, html]) => [`${path} in German`, html] as const),
  ]
  for (const [path, html] of new Map(all)) {
    const files = filesOf(html)
    expect([path, files.length > 1]).toEqual([path, true])
    let bytes = 0
    for (const file of files) bytes += await sizeOf(file)
    if (bytes >= maxBytes) heavy.push([path, bytes])
  }
  expect(heavy).toEqual([])
  const known = [
    '/projects/create',
    '/tasks/create',
    '/requests',
    '/models',
    '/cloudstorages/create',
    '/organizations/create',
    '/admin/users',
  ]
  expect(known.filter((path) => !pages.has(path))).toEqual([])
  expect(pages.size).toBeGreaterThan(35)
})

test('of every page for strangers', async () => {
  const pages = await crawl(['/auth/login', '/auth/register', '/auth/password/reset', '/auth/email-confirmation'], '')
  expect(pages.size).toBeGreaterThan(2)
  for (const [path, html] of pages) {
    let bytes = 0
    for (const file of filesOf(html)) bytes += await sizeOf(file)
    expect([path, bytes < maxBytes]).toEqual([path, true])
  }
})
