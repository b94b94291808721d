// Holes that tools of this field really had, tried on this server. Those that belong to one feature are tested beside it: docs/security.md lists all.
import { beforeAll, describe, expect, test } from 'bun:test'
import { readdirSync } from 'node:fs'
import { call, createBareTask, createPerson, origin, type Person, password } from '../../tests/api'
import { config } from './config'

let owner: Person
let stranger: Person
let task: Awaited<ReturnType<typeof createBareTask>>

beforeAll(async () => {
  owner = await createPerson()
  stranger = await createPerson()
  task = await createBareTask(owner)
})

const signIn = async (person: Person) => {
  const { headers } = await call('POST', '/api/auth/login', { body: { username: person.username, password } })
  return headers
    .getSetCookie()
    .map((text) => text.split(';')[0])
    .join('; ')
}

describe('changes', () => {
  test('CVE-2024-37306: nothing starts by following a link, and not without the CSRF token', async () => {
    const cookie = await signIn(owner)
    for (const path of [
      `/api/tasks/${task.id}/dataset/export?format=COCO+1.0`,
      `/api/tasks/${task.id}/backup/export`,
      `/api/jobs/${task.jobs[0]!.id}/dataset/export?format=COCO+1.0`,
    ])
      expect([405, 501, 404]).toContain((await call('GET', path, { headers: { cookie } })).status)
    const post = await call('POST', `/api/tasks/${task.id}/dataset/export?format=COCO+1.0`, { headers: { cookie, origin } })
    expect([post.status, post.json.detail]).toEqual([403, expect.stringContaining('CSRF')])
    expect((await owner.call('GET', '/api/requests')).json.count).toBe(0)
  })

  test('CVE-2024-47172: PATCH tells a stranger nothing and moves nothing', async () => {
    for (const [path, body] of [
      [`/api/tasks/${task.id}`, { source_storage: { location: 'cloud_storage', cloud_storage_id: 1 } }],
      [`/api/tasks/${task.id}`, {}],
      [`/api/jobs/${task.jobs[0]!.id}`, { assignee: null }],
    ] as const) {
      const { status, text } = await stranger.call('PATCH', path, { body })
      expect([path, status]).toEqual([path, 403])
      expect(text).not.toContain('bare')
    }
  })

  test('CVE-2026-2108: strangers cannot fill the queue', async () => {
    for (const path of [
      `/api/tasks/${task.id}/dataset/export?format=COCO+1.0`,
      `/api/tasks/${task.id}/data/`,
      '/api/events/export',
    ])
      expect((await call('POST', path, { headers: { 'content-type': 'application/json' } })).status).toBe(401)
  })
})

describe('answers', () => {
  test('CVE-2024-47064, CVE-2024-47063: what a client sends comes back as JSON that no browser runs', async () => {
    const evil = encodeURIComponent('<script>alert(1)</script>')
    for (const path of [
      `/api/requests/${evil}`,
      `/api/tasks?filter=${evil}`,
      `/api/tasks?page=${evil}`,
      `/api/server/share?directory=${evil}`,
      `/api/${evil}`,
    ]) {
      const { headers } = await owner.call('GET', path, { headers: { accept: 'text/html,*/*' } })
      expect([path, headers.get('content-type')]).toEqual([path, expect.stringContaining('json')])
      expect(headers.get('x-content-type-options')).toBe('nosniff')
    }
    const page = await call('GET', `/nothing/${evil}`, { headers: { accept: 'text/html' } })
    expect(page.text).not.toContain('<script>alert')
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
  })

  test('CVE-2025-48381: the API has no forms that list what others own', async () => {
    const { headers, text } = await stranger.call('GET', `/api/tasks/${task.id}`, { headers: { accept: 'text/html' } })
    expect(headers.get('content-type')).toContain('json')
    expect(text).not.toContain(owner.username)
  })

  test('CVE-2023-47117: filters and sorts reach no column that is not listed', async () => {
    for (const name of ['password_hash', 'owner__password', 'owner.passwordHash', 'users.email', '__proto__', 'constructor']) {
      const filter = encodeURIComponent(JSON.stringify({ '==': [{ var: name }, 'x'] }))
      expect([name, (await owner.call('GET', `/api/tasks?filter=${filter}`)).status]).toEqual([name, 400])
      expect((await owner.call('GET', `/api/tasks?sort=${name}`)).status).toBe(200)
    }
  })

  test('errors tell nothing of the machine', async () => {
    const { status, text } = await owner.call('POST', '/api/tasks', {
      headers: { 'content-type': 'application/json' },
      body: '{"name": ',
    })
    expect(status).toBe(400)
    expect(text).not.toContain('/src/')
    expect(text).not.toContain(config().dataDir)
  })
})

describe('requests and uploads', () => {
  test('CVE-2026-73221: knowing the id of another’s request opens neither it nor its result', async () => {
    const { rq_id } = (await owner.call('POST', `/api/tasks/${task.id}/dataset/export?format=COCO+1.0`)).json
    const path = `/api/requests/${encodeURIComponent(rq_id)}`
    expect((await stranger.call('GET', path)).status).toBe(403)
    expect((await stranger.call('POST', `${path}/cancel`)).status).toBe(403)
    expect((await stranger.call('GET', `${path}/result?key=x`)).status).toBe(403)
    // The owner needs the random key as well.
    expect((await owner.call('GET', `${path}/result?key=x`)).status).toBe(404)
  })

  test('CVE-2025-49135: an upload is finished by its owner only, and its name never is a path', async () => {
    const path = `/api/tasks/${task.id}/annotations/`
    const start = await owner.call('POST', path, {
      headers: { 'tus-resumable': '1.0.0', 'upload-length': '3', 'upload-metadata': `filename ${btoa('a.zip')}` },
    })
    expect(start.status).toBe(201)
    const name = start.headers.get('upload-filename')!
    const finish = (person: Person, filename: string) =>
      person.call('POST', `${path}?format=COCO+1.0&filename=${encodeURIComponent(filename)}`, {
        headers: { 'upload-finish': '', 'content-type': 'application/json' },
      })
    expect((await finish(stranger, name)).status).toBe(403)
    for (const other of ['../../annolith.db', '/etc/passwd', 'nothing.zip', `../${name}`]) {
      const { status, text } = await finish(owner, other)
      expect([other, status, text]).toEqual([other, 400, expect.stringContaining('No such file')])
    }
    expect((await stranger.call('HEAD', new URL(start.headers.get('location')!).pathname)).status).toBe(403)
  })

  test('CVE-2025-25295: names of pictures cannot leave a folder', async () => {
    const fresh = (await owner.call('POST', '/api/tasks', { body: { name: 'x', labels: [{ name: 'a' }] } })).json
    for (const name of ['../../evil.jpg', '..\\evil.jpg', 'a\u0000.jpg', 'a\nb.jpg']) {
      const form = new FormData()
      form.set('image_quality', '70')
      form.set('client_files[0]', new Blob(['x']), name)
      const { status, json } = await owner.call('POST', `/api/tasks/${fresh.id}/data/`, { body: form })
      // Some clients send whole paths: what is left is a plain name, or a refusal. Never a path.
      if (status === 202) continue
      expect([JSON.stringify(name), status, typeof json]).toEqual([JSON.stringify(name), 400, 'object'])
    }
    expect(readdirSync(config().dataDir).some((entry) => entry.includes('evil'))).toBe(false)
  })

  test('GHSA-x396-w86c-gf6w: nobody writes into the connected share', async () => {
    const fresh = (await owner.call('POST', '/api/tasks', { body: { name: 'x', labels: [{ name: 'a' }] } })).json
    const { status } = await owner.call('POST', `/api/tasks/${fresh.id}/data/`, {
      body: { image_quality: 70, storage: 'share', client_files: ['a.jpg'] },
    })
    expect(status).toBe(400)
  })
})

test('CVE-2023-43791: no account and no secret exists before somebody makes one', async () => {
  for (const [name, word] of [
    ['admin', 'admin'],
    ['admin', 'password'],
    ['annolith', 'annolith'],
  ])
    expect((await call('POST', '/api/auth/login', { body: { username: name, password: word } })).status).toBe(400)
})
