// Sign-in by a directory against Debian's slapd: a private instance on a free port, gone after the test.
import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { escapeFilter } from '../../src/server/auth/providers/ldap'
import { config, setConfig } from '../../src/server/config'
import { parseProviders } from '../../src/server/sign-in-providers'
import { call, createPerson, password } from '../api'
import { findFreePort } from '../appliance/program'

const initial = config()
const base = 'dc=house,dc=example'
const folder = mkdtempSync(join(tmpdir(), 'annolith-ldap-'))
const mark = `${process.pid}${Date.now() % 1e5}`
let url: string
let slapd: Bun.Subprocess | undefined

const run = (...command: string[]) => {
  const { exitCode, stdout, stderr } = Bun.spawnSync(command)
  if (exitCode) throw new Error(`${command.join(' ')}: ${stdout}${stderr}`)
}
const findSlapd = () => {
  const program = '/usr/sbin/slapd'
  if (!existsSync(program)) throw new Error('slapd is missing; ./scripts/test installs it')
  return program
}

const person = (uid: string, more = '') => `
dn: uid=${uid},ou=people,${base}
objectClass: inetOrgPerson
uid: ${uid}
cn: ${uid}
sn: Dap
givenName: Ell
userPassword: secret-${uid}
${more}`

/** The tree: one unit of people, one service account that may search. */
const tree = () =>
  `
dn: ${base}
objectClass: dcObject
objectClass: organization
dc: house
o: House

dn: ou=people,${base}
objectClass: organizationalUnit
ou: people

dn: cn=finder,${base}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: finder
userPassword: find-me
${person(`ell${mark}`, `mail: ell${mark}@house.example\nemployeeType: cn=labellers,${base}`)}
${person(`star${mark}`, `mail: star${mark}@house.example`)}
${person(`plain${mark}`)}
`.trim()

beforeAll(async () => {
  const program = findSlapd()
  mkdirSync(join(folder, 'db'))
  const settings = join(folder, 'slapd.conf')
  writeFileSync(
    settings,
    `include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile ${folder}/slapd.pid
database mdb
suffix "${base}"
rootdn "cn=root,${base}"
rootpw root-word
directory ${folder}/db
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="cn=finder,${base}" read by * none
`,
  )
  const ldif = join(folder, 'tree.ldif')
  writeFileSync(ldif, tree())
  run('/usr/sbin/slapadd', '-f', settings, '-l', ldif)
  url = `ldap://127.0.0.1:${findFreePort()}`
  slapd = Bun.spawn([program, '-f', settings, '-h', url, '-d', '0'], { stdout: 'ignore', stderr: 'ignore' })
  const port = Number(new URL(url.replace('ldap:', 'http:')).port)
  for (;;) {
    if (slapd.exitCode !== null) throw new Error('slapd ended')
    const socket = await Bun.connect({ hostname: '127.0.0.1', port, socket: { data: () => {} } }).catch(() => undefined)
    if (socket) return void socket.end()
    await Bun.sleep(20)
  }
}, 120_000)
afterAll(async () => {
  setConfig(initial)
  slapd?.kill()
  await slapd?.exited
  rmSync(folder, { recursive: true, force: true })
})

const configure = (more: object = {}) => {
  const house = {
    name: 'directory',
    kind: 'ldap',
    title: 'Directory',
    url,
    base: `ou=people,${base}`,
    bind_dn: `cn=finder,${base}`,
    bind_password: 'find-me',
    groups: 'employeeType',
    group_map: `cn=labellers,${base}=worker`,
    ...more,
  }
  setConfig({ ...initial, providers: parseProviders(JSON.stringify([house])) })
}
beforeEach(() => configure())

const signIn = async (username: string, given: string) => {
  const { status, json } = await call('POST', '/api/auth/login', { body: { username, password: given } })
  if (status !== 200) return status
  return (await call('GET', '/api/users/self', { headers: { authorization: `Token ${json.key}` } })).json
}

test('the first sign-in makes an account, by Basic and form alike; groups are mapped', async () => {
  const first = await signIn(`ell${mark}`, `secret-ell${mark}`)
  expect(first).toMatchObject({
    username: `ell${mark}`,
    email: `ell${mark}@house.example`,
    first_name: 'Ell',
    last_name: 'Dap',
    groups: ['worker'],
    created_via: 'ldap',
    email_verified: false,
  })
  const headers = { authorization: `Basic ${btoa(`ELL${mark}:secret-ell${mark}`)}` }
  expect((await call('GET', '/api/users/self', { headers })).json.id).toBe(first.id)
  expect((await signIn(`plain${mark}`, `secret-plain${mark}`)).groups).toEqual(['user'])
})

test('wrong, empty and anonymous passwords are refused', async () => {
  for (const given of ['wrong', ' ', `secret-star${mark}`]) expect(await signIn(`ell${mark}`, given)).toBe(400)
  expect((await call('GET', '/api/users/self', { headers: { authorization: `Basic ${btoa(`ell${mark}:`)}` } })).status).toBe(401)
  expect(await signIn(`nobody${mark}`, 'any')).toBe(400)
})

test('a login is no filter', async () => {
  for (const login of ['*', `ell*`, `ell${mark})(uid=*`, '\\2a', `star${mark})(|(uid=*`])
    expect([login, await signIn(login, `secret-ell${mark}`)]).toEqual([login, 400])
  expect(escapeFilter('a*(b)\\\0é')).toBe('a\\2a\\28b\\29\\5c\\00\\c3\\a9')
})

test('a filter of one’s own, several hits are nobody', async () => {
  configure({ filter: '(mail={login})' })
  expect((await signIn(`star${mark}@house.example`, `secret-star${mark}`)).username).toBe(`star${mark}`)
  configure({ filter: '(|(uid={login})(sn=Dap))' })
  expect(await signIn(`other${mark}`, `secret-ell${mark}`)).toBe(400)
})

test('own accounts go first, and a name alone leads to none of them', async () => {
  const own = await createPerson()
  configure({ filter: `(uid=plain${mark})` })
  expect((await signIn(own.username, password)).id).toBe(own.user.id)
  const other = await signIn(own.username, `secret-plain${mark}`)
  expect(other.id).not.toBe(own.user.id)
})

test('a directory that is away or refuses us knows nobody; own accounts go on', async () => {
  const own = await createPerson()
  for (const more of [{ url: 'ldap://127.0.0.1:9' }, { bind_password: 'wrong' }, { start_tls: true }]) {
    configure(more)
    expect(await signIn(`ell${mark}`, `secret-ell${mark}`)).toBe(400)
    expect((await signIn(own.username, password)).id).toBe(own.user.id)
  }
})

test('it has no button', async () => {
  expect((await call('GET', '/api/auth/providers')).json).toEqual([
    { name: 'directory', kind: 'ldap', title: 'Directory', url: null },
  ])
})
