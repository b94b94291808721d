// Accounts by mail, through a real mail server: registration, proof of addresses, reset of passwords, invitations.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { SMTPServer } from 'smtp-server'
import { config, setConfig } from '../../src/server/config'
import { db, tx } from '../../src/server/db/open'
import { whenMailIsSent } from '../../src/server/mail/service'
import { mailTokens, users } from '../../src/server/users/schema'
import { call, createPerson, password } from '../api'

type Received = { from: string; to: string[]; text: string }
const received: Received[] = []
const publicUrl = 'https://annolith.example'
const initial = config()
let smtp: SMTPServer
let smtpUrl: string

beforeAll(async () => {
  smtp = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    onAuth: ({ username, password: given }, _session, done) =>
      username === 'postman' && given === 'p@ss' ? done(null, { user: 'postman' }) : done(new Error('no')),
    onData: (stream, { envelope }, done) => {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        // Long lines are folded with a soft break in quoted-printable.
        const text = Buffer.concat(parts).toString('utf8').replace(/=\r\n/g, '').replace(/=3D/g, '=')
        const from = envelope.mailFrom ? envelope.mailFrom.address : ''
        received.push({ from, to: envelope.rcptTo.map(({ address }) => address), text })
        done()
      })
    },
  })
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve))
  const { port } = smtp.server.address() as { port: number }
  smtpUrl = `smtp://postman:${encodeURIComponent('p@ss')}@127.0.0.1:${port}`
})
afterAll(() => new Promise<void>((resolve) => smtp.close(resolve)))
afterEach(() => setConfig(initial))

const configure = (changes: Partial<ReturnType<typeof config>>) =>
  setConfig({ ...initial, smtp_url: smtpUrl, mail_from: 'Annolith <robot@annolith.example>', public_url: publicUrl, ...changes })

/** The newest mail to an address, once all have arrived, and the parameters of its link. */
const readMail = async (to: string) => {
  await whenMailIsSent()
  const mail = received.findLast((one) => one.to.includes(to))
  const link = mail && /https:\/\/annolith\.example(\S+)/.exec(mail.text)?.[1]
  return mail && { ...mail, link: link!, query: new URL(link!, publicUrl).searchParams }
}
const countMails = async (to: string) => {
  await whenMailIsSent()
  return received.filter((one) => one.to.includes(to)).length
}

let made = 0
const newcomer = () => {
  const username = `newcomer-${process.pid}-${Date.now().toString(36)}-${++made}`
  return {
    username,
    email: `${username}@example.com`,
    first_name: 'New',
    last_name: 'Comer',
    password1: password,
    password2: password,
  }
}
const post = (path: string, body: object, headers: Record<string, string> = {}) =>
  call('POST', `/api/auth${path}`, { body, headers })
const basic = (username: string, given = password) => ({ headers: { authorization: `Basic ${btoa(`${username}:${given}`)}` } })

describe('registration', () => {
  test('closed unless it is opened; an administrator may', async () => {
    configure({})
    const body = newcomer()
    expect((await post('/register', body)).status).toBe(403)
    const admin = await createPerson({ superuser: true })
    const { json, status } = await admin.call('POST', '/api/auth/register', { body })
    expect([status, json]).toEqual([
      201,
      {
        username: body.username,
        email: body.email,
        first_name: 'New',
        last_name: 'Comer',
        email_verification_required: false,
        key: expect.stringMatching(/^[0-9a-f]{40}$/),
      },
    ])
  })

  test('open: usable at once, group user, address unproven; taken names and addresses are named', async () => {
    configure({ sign_up: 'open' })
    const body = newcomer()
    const { json } = await post('/register', body)
    const self = (await call('GET', '/api/users/self', { headers: { authorization: `Token ${json.key}` } })).json
    expect(self).toMatchObject({ groups: ['user'], email_verified: false, created_via: 'registration', is_superuser: false })
    expect((await post('/register', { ...newcomer(), email: body.email.toUpperCase() })).json.email).toBeArray()
    expect((await post('/register', { ...newcomer(), username: body.username })).json.username).toBeArray()
    expect((await post('/register', { ...newcomer(), username: 'four' })).json.username).toBeArray()
    expect((await post('/register', { ...newcomer(), password2: 'other-horse-1' })).json.non_field_errors).toBeArray()
    expect((await post('/register', { ...newcomer(), password1: 'short', password2: 'short' })).json.password1).toBeArray()
    const { email: _, ...twin } = newcomer()
    const twins = await Promise.all([1, 2, 3].map(() => post('/register', twin)))
    expect(twins.map(({ status }) => status).sort()).toEqual([201, 400, 400])
    expect((await post('/register', { ...newcomer(), is_superuser: true, groups: ['admin'] })).status).toBe(201)
    expect(await countMails(body.email)).toBe(0)
  })

  test('CVE-2025-54573: without proof of the address no way in works, Basic and tokens neither; the link opens them, once', async () => {
    configure({ sign_up: 'open', email_verification: 'mandatory' })
    const body = newcomer()
    const registered = await post('/register', body)
    expect(registered.json).toMatchObject({ email_verification_required: true, key: null })
    const login = () => post('/login', { username: body.username, password })
    expect((await login()).json).toEqual({ non_field_errors: ['E-mail is not verified.'] })
    expect((await call('GET', '/api/users/self', basic(body.username))).status).toBe(401)

    // Keys from the time before proof became a must are worth nothing either.
    configure({ sign_up: 'open' })
    const { json, headers } = await login()
    const cookie = headers
      .getSetCookie()
      .map((text) => text.split(';')[0])
      .join('; ')
    const pat = (await call('POST', '/api/auth/access_tokens', { body: { name: 'x' }, ...basic(body.username) })).json.value
    configure({ sign_up: 'open', email_verification: 'mandatory' })
    await tx((t) => t.update(users).set({ lastName: 'touched' }).where(eq(users.username, body.username)))
    const ways: Record<string, string>[] = [
      { authorization: `Token ${json.key}` },
      { authorization: `Bearer ${pat}` },
      { cookie },
    ]
    for (const way of ways) expect((await call('GET', '/api/users/self?again', { headers: way })).status).toBe(401)

    const mail = (await readMail(body.email))!
    expect(mail.from).toBe('robot@annolith.example')
    expect(mail.link).toStartWith('/auth/email-confirmation?token=')
    const token = mail.query.get('token')!
    expect((await post('/email/verify', { token: `${token}x` })).status).toBe(400)
    expect((await post('/email/verify', { token })).status).toBe(200)
    expect((await post('/email/verify', { token })).json.token).toBeArray()
    expect((await login()).status).toBe(200)
    expect((await call('GET', '/api/users/self', basic(body.username))).json.email_verified).toBe(true)
  })

  test('a taken address is told to its owner and to nobody else', async () => {
    configure({ sign_up: 'open', email_verification: 'mandatory' })
    const person = await createPerson()
    const body = { ...newcomer(), email: person.user.email }
    const [taken, free] = [await post('/register', body), await post('/register', { ...newcomer() })]
    expect([taken.status, Object.keys(taken.json), taken.json.key]).toEqual([free.status, Object.keys(free.json), null])
    expect((await readMail(person.user.email))!.text).toContain(person.username)
    expect(await db.select().from(users).where(eq(users.username, body.username))).toEqual([])
  })

  test('the mail of proof comes again on demand, the same answer for everybody, not without end', async () => {
    configure({ sign_up: 'open', email_verification: 'optional' })
    const body = newcomer()
    expect((await post('/register', body)).json.key).toBeString()
    const known = await post('/email/resend', { email: body.email })
    const unknown = await post('/email/resend', { email: 'nobody@example.com' })
    expect([known.status, known.json]).toEqual([unknown.status, unknown.json])
    expect(await countMails(body.email)).toBe(2)
    for (let i = 0; i < 6; i++) await post('/email/resend', { email: body.email })
    expect(await countMails(body.email)).toBe(5)
    expect(await countMails('nobody@example.com')).toBe(0)
  })

  test('where proof is a must, a new address replaces the old one only by its link', async () => {
    configure({ email_verification: 'mandatory' })
    const person = await createPerson()
    const next = `moved-${person.user.email}`
    await person.call('PATCH', `/api/users/${person.user.id}`, { body: { email: next } })
    await post('/email/verify', { token: (await readMail(next))!.query.get('token')! })
    expect((await person.call('GET', '/api/users/self')).json).toMatchObject({ email: next, email_verified: true })
    expect((await readMail(person.user.email))!.text).toContain('has another e-mail address now')
  })
})

describe('password reset', () => {
  const ask = (email: string, headers = {}) => post('/password/reset', { email }, headers)

  test('neutral answers; a link that works once and ends every other way in', async () => {
    configure({})
    const person = await createPerson()
    const key = (await post('/login', { username: person.username, password })).json.key
    const [known, unknown] = [await ask(person.user.email.toUpperCase()), await ask('nobody@example.com')]
    expect([known.status, known.json]).toEqual([unknown.status, unknown.json])
    const mail = await until(() => readMail(person.user.email))
    expect(mail.link).toStartWith('/auth/password/reset/confirm?uid=')
    const [uid, token] = [mail.query.get('uid')!, mail.query.get('token')!]
    const confirm = (changes: object) =>
      post('/password/reset/confirm', {
        uid,
        token,
        new_password1: 'better-horse-8',
        new_password2: 'better-horse-8',
        ...changes,
      })
    expect((await confirm({ token: 'wrong' })).json).toEqual({ token: ['Invalid value'] })
    expect((await confirm({ uid: 'OTk5OTk5OTk5' })).json).toEqual({ uid: ['Invalid value'] })
    expect((await confirm({ new_password1: 'x', new_password2: 'x' })).json.new_password2).toBeArray()
    expect((await confirm({ new_password2: 'other-horse-8' })).json.new_password2).toBeArray()
    expect((await confirm({})).json).toEqual({ detail: 'Password has been reset with the new password.' })
    expect((await confirm({})).json).toEqual({ token: ['Invalid value'] })
    expect((await readMail(person.user.email))!.text).toContain('was changed')
    expect((await person.call('GET', '/api/users/self')).status).toBe(401)
    expect((await call('GET', '/api/users/self', { headers: { authorization: `Token ${key}` } })).status).toBe(401)
    expect((await post('/login', { username: person.username, password: 'better-horse-8' })).status).toBe(200)
  })

  test('links point at the configured address, whatever host a request names', async () => {
    configure({})
    const person = await createPerson()
    await ask(person.user.email, { host: 'evil.example', 'x-forwarded-host': 'evil.example', origin: 'http://evil.example' })
    const mail = await until(() => readMail(person.user.email))
    expect(mail.text).not.toContain('evil')
  })

  test('an expired link is none, a newer one ends the older, a new password ends them all', async () => {
    configure({})
    const person = await createPerson()
    await ask(person.user.email)
    const first = (await until(() => readMail(person.user.email))).query
    const confirm = (query: URLSearchParams) =>
      post('/password/reset/confirm', {
        uid: query.get('uid'),
        token: query.get('token'),
        new_password1: 'better-horse-8',
        new_password2: 'better-horse-8',
      })
    await ask(person.user.email)
    const second = (
      await until(async () => ((await countMails(person.user.email)) > 1 ? readMail(person.user.email) : undefined))
    ).query
    expect((await confirm(first)).status).toBe(400)
    const own = eq(mailTokens.userId, person.user.id)
    const [stored] = await db.select().from(mailTokens).where(own)
    expect(JSON.stringify(stored)).not.toContain(second.get('token')!)
    await tx((t) =>
      t
        .update(mailTokens)
        .set({ expiresAt: new Date(Date.now() - 1) })
        .where(own),
    )
    expect((await confirm(second)).status).toBe(400)
    await tx((t) =>
      t
        .update(mailTokens)
        .set({ expiresAt: new Date(Date.now() + 60_000) })
        .where(own),
    )
    const change = { old_password: password, new_password1: 'third-horse-8', new_password2: 'third-horse-8' }
    expect((await person.call('POST', '/api/auth/password/change', { body: change })).status).toBe(200)
    expect((await confirm(second)).status).toBe(400)
  })
})

describe('invitations', () => {
  const createOrganization = async () => {
    const owner = await createPerson()
    const slug = `m${process.pid % 1000}-${Date.now() % 1e6}-${++made}`.slice(0, 16)
    return {
      owner,
      org: (await owner.call('POST', '/api/organizations', { body: { slug, name: 'Acme\r\nBcc: x@evil.example' } })).json,
    }
  }

  test('the link of the mail opens an account where registration is closed, and proves the address', async () => {
    configure({ email_verification: 'mandatory' })
    const { owner, org } = await createOrganization()
    const { email, ...body } = newcomer()
    const invitation = (await owner.call('POST', `/api/invitations?org=${org.slug}`, { body: { role: 'worker', email } })).json
    expect(invitation).toMatchObject({ expired: false, accepted: false })
    const mail = (await readMail(email))!
    expect(mail.to).toEqual([email])
    expect(mail.text).not.toMatch(/^Bcc:/m)
    const token = mail.query.get('token')!
    expect(mail.query.get('invitation')).toBe(invitation.key)
    // The inviter sees the key, not the token.
    expect((await post('/register', { ...body, invitation: invitation.key })).status).toBe(403)
    const joined = await post('/register', { ...body, invitation: invitation.key, token })
    expect([joined.status, joined.json.email, joined.json.email_verification_required]).toEqual([201, email, false])
    const members = (await call('GET', '/api/memberships', basic(body.username))).json.results
    expect(members.map((row: any) => [row.organization, row.is_active])).toEqual([[org.id, true]])
    expect((await post('/register', { ...newcomer(), invitation: invitation.key, token })).status).toBe(403)
  })

  test('a registered person gets a mail; the reset of a password leads the invited to their link', async () => {
    configure({})
    const { owner, org } = await createOrganization()
    const person = await createPerson()
    const send = (email: string) => owner.call('POST', `/api/invitations?org=${org.slug}`, { body: { role: 'worker', email } })
    await send(person.user.email)
    expect((await readMail(person.user.email))!.text).toContain('made you a worker')
    const { email } = newcomer()
    const { key } = (await send(email)).json
    await owner.call('POST', `/api/invitations/${key}/resend`)
    expect(await countMails(email)).toBe(2)
    await post('/password/reset', { email })
    const mail = await until(async () => ((await countMails(email)) > 2 ? readMail(email) : undefined))
    expect(mail.link).toStartWith('/auth/register?invitation=')
  })
})

test('a mail server that does not answer is nobody’s error', async () => {
  configure({ sign_up: 'open', email_verification: 'optional', smtp_url: 'smtp://127.0.0.1:9' })
  expect((await post('/register', newcomer())).status).toBe(201)
  await whenMailIsSent()
})

/** Asks again until there is something; what is waited for happens after an answer that must not wait for it. */
const until = async <T>(ask: () => Promise<T | undefined>): Promise<T> => {
  for (;;) {
    const value = await ask()
    if (value !== undefined) return value
    await Bun.sleep(5)
  }
}
