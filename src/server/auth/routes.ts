// /api/auth: sign-in, sign-out, password change, personal access tokens.
import { eq } from 'drizzle-orm'
import { Elysia, t } from 'elysia'
import { config } from '../config'
import { tx } from '../db/open'
import { forbidden, invalid, notFound } from '../http/errors'
import { listPage, readConditions, readOrder, readPaging } from '../http/page'
import { users } from '../users/schema'
import { createUser, setPassword, showPerson } from '../users/service'
import { anyone, readOrigin, signedIn } from './context'
import { findByPassword, readCookies } from './identify'
import { verifyPassword } from './password'
import { createSession, endSession, sessionSeconds } from './session'
import * as tokens from './tokens'

const alphanumerics = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const randomWord = (length: number) =>
  Array.from(crypto.getRandomValues(new Uint8Array(length)), (byte) => alphanumerics[byte % 62]).join('')
const csrfSeconds = 31_449_600

/**
 * Cookies whose last attribute is `SameSite=Lax`: clients join several Set-Cookie headers with ", " and can only take them
 * apart when each ends in a name=value attribute that is not a date.
 */
const writeCookie = (origin: string, name: string, value: string, seconds: number, flags = '') =>
  `${name}=${value}; expires=${new Date(Date.now() + seconds * 1000).toUTCString()};${flags} Max-Age=${seconds}; Path=/;${origin.startsWith('https') ? ' Secure;' : ''} SameSite=Lax`

const withCookies = (response: Response, cookies: string[]) => {
  for (const cookie of cookies) response.headers.append('set-cookie', cookie)
  return response
}

/** Starts a session and answers its two cookies. */
export const startSession = async (origin: string, userId: number): Promise<string[]> => {
  await tx(async (t) => void (await t.update(users).set({ lastLogin: new Date() }).where(eq(users.id, userId))))
  return [
    writeCookie(origin, 'csrftoken', randomWord(32), csrfSeconds),
    writeCookie(origin, 'sessionid', await createSession(userId), sessionSeconds, ' HttpOnly;'),
  ]
}

export const clearedCookies = (origin: string) => [
  writeCookie(origin, 'csrftoken', '', 0),
  writeCookie(origin, 'sessionid', '', 0, ' HttpOnly;'),
]

const login = new Elysia({ prefix: '/api/auth', tags: ['auth'] })
  .post(
    '/login',
    async ({ body, request }) => {
      const user = await findByPassword(body.username || body.email || '', body.password)
      if (!user) throw invalid({ non_field_errors: 'Unable to log in with provided credentials.' })
      const key = await tokens.createApiToken(user.id)
      const response = Response.json({ key }, { headers: { 'content-type': 'application/vnd.cvat+json' } })
      return withCookies(response, await startSession(readOrigin(request), user.id))
    },
    { body: t.Object({ username: t.Optional(t.String()), email: t.Optional(t.String()), password: t.String() }) },
  )
  .get('/rules', () => [])

const logout = new Elysia({ prefix: '/api/auth', tags: ['auth'] })
  .use(anyone)
  .post('/logout', async ({ visitor, request, origin }) => {
    const { sessionid } = readCookies(request)
    if (sessionid) await endSession(sessionid)
    if (visitor) await tokens.endApiTokens(visitor.user.id)
    const response = Response.json(
      { detail: 'Successfully logged out.' },
      { headers: { 'content-type': 'application/vnd.cvat+json' } },
    )
    return withCookies(response, sessionid ? clearedCookies(origin) : [])
  })
  .post(
    '/register',
    async ({ visitor, body, set }) => {
      if (config().sign_up === 'closed' && !visitor?.admin) throw forbidden('Registration is closed.')
      if (body.password1 !== body.password2) throw invalid({ non_field_errors: 'The two password fields didn’t match.' })
      const user = await createUser({
        username: body.username,
        password: body.password1,
        email: body.email,
        firstName: body.first_name,
        lastName: body.last_name,
      })
      set.status = 201
      return {
        username: user.username,
        email: user.email,
        first_name: user.firstName,
        last_name: user.lastName,
        email_verification_required: false,
        key: await tokens.createApiToken(user.id),
      }
    },
    {
      body: t.Object({
        username: t.String({ minLength: 1 }),
        email: t.Optional(t.String()),
        first_name: t.Optional(t.String()),
        last_name: t.Optional(t.String()),
        password1: t.String(),
        password2: t.String(),
      }),
    },
  )

const inputOfToken = {
  expiry_date: t.Optional(t.Nullable(t.String({ format: 'date-time' }))),
  read_only: t.Optional(t.Boolean()),
}
const id = t.Object({ id: t.Numeric() })

const account = new Elysia({ prefix: '/api/auth', tags: ['auth'] })
  .use(signedIn)
  .post(
    '/password/change',
    async ({ who, body }) => {
      if (!(await verifyPassword(body.old_password, who.user.passwordHash)))
        throw invalid({ old_password: 'Your old password was entered incorrectly. Please enter it again.' })
      if (body.new_password1 !== body.new_password2) throw invalid({ new_password2: 'The two password fields didn’t match.' })
      await setPassword(who.user, body.new_password1)
      return { detail: 'New password has been saved.' }
    },
    { body: t.Object({ old_password: t.String(), new_password1: t.String(), new_password2: t.String() }) },
  )
  .get('/access_tokens', async ({ who, origin, request, query }) => {
    const paging = readPaging(query)
    const { rows, count } = await tokens.listAccessTokens(
      who,
      readConditions(query, tokens.listOptions),
      readOrder(query, tokens.listOptions, []),
      paging,
    )
    return listPage(
      request,
      origin,
      paging,
      count,
      rows.map((token) => tokens.showAccessToken(token, showPerson(origin, who.user))),
    )
  })
  .post(
    '/access_tokens',
    async ({ who, origin, body, set }) => {
      if (who.via === 'bearer' || who.via === 'token') throw forbidden('Tokens cannot be created with a token.')
      const { token, value } = await tokens.createAccessToken(who, body)
      set.status = 201
      return { ...tokens.showAccessToken(token, showPerson(origin, who.user)), value }
    },
    { body: t.Object({ name: t.String({ minLength: 1, maxLength: 50 }), ...inputOfToken }) },
  )
  .get('/access_tokens/self', async ({ who, origin, request }) => {
    if (who.via !== 'bearer') throw notFound()
    const value = request.headers.get('authorization')!.replace(/^\S+\s+/, '')
    return tokens.showAccessToken(await tokens.findAccessToken(value), showPerson(origin, who.user))
  })
  .get(
    '/access_tokens/:id',
    async ({ who, origin, params }) =>
      tokens.showAccessToken(await tokens.getAccessToken(who, params.id), showPerson(origin, who.user)),
    { params: id },
  )
  .patch(
    '/access_tokens/:id',
    async ({ who, origin, params, body }) =>
      tokens.showAccessToken(await tokens.updateAccessToken(who, params.id, body), showPerson(origin, who.user)),
    { params: id, body: t.Object({ name: t.Optional(t.String({ minLength: 1, maxLength: 50 })), ...inputOfToken }) },
  )
  .delete(
    '/access_tokens/:id',
    async ({ who, params }) => {
      await tokens.removeAccessToken(who, params.id)
      return new Response(null, { status: 204 })
    },
    { params: id },
  )

export const auth = new Elysia().use(login).use(logout).use(account)
