// /api/auth: sign-in, sign-out, password change, personal access tokens.
import { Elysia, t } from 'elysia'
import { forbidden, invalid, notFound } from '../http/errors'
import { listPage, readConditions, readOrder, readPaging } from '../http/page'
import { setPassword, showPerson } from '../users/service'
import { readClientAddress } from './client-address'
import { anyone, readOrigin, signedIn, unknownVisitors, withRetryAfter } from './context'
import { clearedCookies, startSession, withCookies } from './cookies'
import { findByPassword, readCookies } from './identify'
import { passwordRules, verifyPassword } from './password'
import { confirmPasswordReset, requestPasswordReset } from './password-reset'
import { providers } from './providers/routes'
import { register, resendVerification, verifyEmail } from './registration'
import { endSession } from './session'
import * as tokens from './tokens'

export { clearedCookies, startSession } from './cookies'

/** How long it must be is said in words by judgePassword(). */
const newPassword = t.String({ maxLength: 256 })
/** Fields that we do not know are ignored. */
const loose = { additionalProperties: true }
const vendorJson = { headers: { 'content-type': 'application/vnd.cvat+json' } }

const login = new Elysia({ prefix: '/api/auth', tags: ['auth'] })
  .use(unknownVisitors)
  .post(
    '/login',
    async ({ body, request, set }) => {
      const find = () => findByPassword(body.username || body.email || '', body.password, readClientAddress(request))
      const user = await withRetryAfter(set as Parameters<typeof withRetryAfter>[0], find)
      if (!user) throw invalid({ non_field_errors: 'Unable to log in with provided credentials.' })
      const key = await tokens.createApiToken(user.id)
      return withCookies(Response.json({ key }, vendorJson), await startSession(readOrigin(request), user.id))
    },
    {
      body: t.Object(
        {
          username: t.Optional(t.String()),
          email: t.Optional(t.String()),
          password: t.String({ minLength: 1, maxLength: 1024 }),
        },
        loose,
      ),
    },
  )
  .get('/rules', () => passwordRules)
  .post(
    '/password/reset',
    ({ body }) => {
      requestPasswordReset(body.email)
      return { detail: 'Password reset e-mail has been sent.' }
    },
    { body: t.Object({ email: t.String({ minLength: 1, maxLength: 254 }) }, loose) },
  )
  .post(
    '/password/reset/confirm',
    async ({ body }) => {
      await confirmPasswordReset(body)
      return { detail: 'Password has been reset with the new password.' }
    },
    {
      body: t.Object(
        {
          uid: t.String({ minLength: 1 }),
          token: t.String({ minLength: 1 }),
          new_password1: newPassword,
          new_password2: newPassword,
        },
        loose,
      ),
    },
  )
  .post(
    '/email/verify',
    async ({ body }) => {
      await verifyEmail(body.token)
      return { detail: 'The e-mail address is confirmed.' }
    },
    { body: t.Object({ token: t.String({ minLength: 1 }) }) },
  )
  .post(
    '/email/resend',
    async ({ body }) => {
      await resendVerification(body.email)
      return { detail: 'Verification e-mail has been sent.' }
    },
    { body: t.Object({ email: t.String({ minLength: 1, maxLength: 254 }) }, loose) },
  )

const logout = new Elysia({ prefix: '/api/auth', tags: ['auth'] })
  .use(anyone)
  .post('/logout', async ({ visitor, request, origin }) => {
    const { sessionid } = readCookies(request)
    if (sessionid) await endSession(sessionid)
    if (visitor) await tokens.endApiTokens(visitor.user.id)
    const response = Response.json({ detail: 'Successfully logged out.' }, vendorJson)
    return withCookies(response, sessionid ? clearedCookies(origin) : [])
  })
  .post(
    '/register',
    async ({ visitor, body, set }) => {
      const { user, mustProve } = await register(visitor, body)
      set.status = 201
      return {
        username: body.username,
        email: user?.email ?? body.email?.trim().toLowerCase() ?? '',
        first_name: body.first_name ?? '',
        last_name: body.last_name ?? '',
        email_verification_required: mustProve,
        key: user && !mustProve ? await tokens.createApiToken(user.id) : null,
      }
    },
    {
      body: t.Object(
        {
          username: t.String({ minLength: 1, maxLength: 150 }),
          email: t.Optional(t.String({ maxLength: 254 })),
          first_name: t.Optional(t.String({ maxLength: 150 })),
          last_name: t.Optional(t.String({ maxLength: 150 })),
          password1: newPassword,
          password2: newPassword,
          invitation: t.Optional(t.String()),
          token: t.Optional(t.String()),
        },
        loose,
      ),
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
    {
      body: t.Object(
        { old_password: t.String({ maxLength: 1024 }), new_password1: newPassword, new_password2: newPassword },
        loose,
      ),
    },
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
    { body: t.Object({ name: t.String({ minLength: 1, maxLength: 50 }), ...inputOfToken }, loose) },
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
    { params: id, body: t.Object({ name: t.Optional(t.String({ minLength: 1, maxLength: 50 })), ...inputOfToken }, loose) },
  )
  .delete(
    '/access_tokens/:id',
    async ({ who, params }) => {
      await tokens.removeAccessToken(who, params.id)
      return new Response(null, { status: 204 })
    },
    { params: id },
  )

export const auth = new Elysia().use(login).use(logout).use(account).use(providers)
