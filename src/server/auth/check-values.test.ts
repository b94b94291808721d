// Values that a database would choke on are answered before they reach it.
import { expect, test } from 'bun:test'
import { call, createPerson } from '../../../tests/api'
import { config, setConfig } from '../config'

test('ids that nothing can have are 404', async () => {
  const admin = await createPerson({ superuser: true })
  for (const resource of ['users', 'organizations', 'memberships', 'growth', 'auth/access_tokens', 'tasks', 'cloudstorages'])
    for (const id of ['99999999999', '-1', '1.5', '9007199254740993', '%00', 'NaN', '-2e-92', '1e99', '0x1', 'Infinity'])
      expect([resource, id, (await admin.call('GET', `/api/${resource}/${id}`)).status]).toEqual([resource, id, 404])
})

test('null characters are 400 naming the field, wherever they stand', async () => {
  const initial = config()
  setConfig({ ...initial, sign_up: 'open' })
  const admin = await createPerson({ superuser: true })
  const slug = `v${Date.now() % 1e9}`
  const bodies: [string, string, object, string][] = [
    ['PATCH', `/api/users/${admin.user.id}`, { first_name: 'a\0' }, 'first_name'],
    ['POST', '/api/organizations', { slug, contact: { deep: ['\0'] } }, 'contact'],
    ['POST', '/api/auth/access_tokens', { name: '\0' }, 'name'],
  ]
  for (const [method, path, body, field] of bodies)
    expect((await admin.call(method, path, { body })).json).toEqual({ [field]: ['Null characters are not allowed.'] })
  const forms: [string, object][] = [
    ['login', { username: '\0', password: 'x' }],
    ['register', { username: 'somebody', password1: 'long-enough-1', password2: 'long-enough-1', email: '\0@b.example' }],
    ['password/reset', { email: '\0@b.example' }],
    ['password/reset/confirm', { uid: '\0', token: '\0', new_password1: 'long-enough-1', new_password2: 'long-enough-1' }],
    ['email/verify', { token: '\0' }],
  ]
  for (const [path, body] of forms)
    expect([path, (await call('POST', `/api/auth/${path}`, { body })).status]).toEqual([path, 400])
  expect((await admin.call('GET', '/api/users?search=%00')).status).toBe(400)
  setConfig(initial)
})
