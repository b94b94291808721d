// /auth/register: a new account where sign-up is open, or for whoever was invited by mail.

import { Elysia, t as schema } from 'elysia'
import { say, t } from '../../web/ui/i18n/message'
import type { Frame } from '../../web/ui/layout'
import { config } from '../config'
import { db } from '../db/open'
import { isOwnForm, redirectTo, renderPage } from '../http/html'
import { AccountPage, badLink, describeProblem, Field, foreignForm, PasswordRules, Problem, ToLogin } from './account-page'
import { readOrigin, unknownVisitors } from './context'
import { startSession } from './cookies'
import { readCookies } from './identify'
import { findMailToken, type MailToken } from './mail-tokens'
import { readStrangersFrame, showErrorPage, speakTo } from './page-visit'
import { register } from './registration'
import { endSession } from './session'

const input = schema.Object({
  username: schema.String({ maxLength: 150 }),
  email: schema.String({ maxLength: 254 }),
  first_name: schema.Optional(schema.String({ maxLength: 150 })),
  last_name: schema.Optional(schema.String({ maxLength: 150 })),
  password1: schema.String({ maxLength: 256 }),
  invitation: schema.Optional(schema.String({ maxLength: 200 })),
  token: schema.Optional(schema.String({ maxLength: 200 })),
})
type Values = Partial<typeof input.static>

/** `token` is checked; it names the address. */
type Props = { frame: Frame; values: Values; token: MailToken | undefined; problem?: string }

const RegisterPage = ({ frame, values, token, problem }: Props) => {
  const email = token?.email ?? values.email ?? ''
  return (
    <AccountPage title={t('Create an account')} frame={frame}>
      <form class="card grid gap-4 p-6" method="post" action="/auth/register" x-data="register" data-submit-once>
        <div>
          <h1 class="text-[16px] leading-6">{say('Create an account')}</h1>
          {values.invitation ? <p class="hint mt-1">{say('With it you join the organization that invited you.')}</p> : ''}
        </div>
        <Problem text={problem} testid="register-error" />
        {values.invitation ? <input type="hidden" name="invitation" value={values.invitation} /> : ''}
        {token ? <input type="hidden" name="token" value={values.token} /> : ''}
        <div class="grid grid-cols-2 gap-3">
          <Field
            label="First name"
            name="first_name"
            value={values.first_name}
            testid="register-first-name"
            autocomplete="given-name"
            isOptional
          />
          <Field
            label="Last name"
            name="last_name"
            value={values.last_name}
            testid="register-last-name"
            autocomplete="family-name"
            isOptional
          />
        </div>
        <Field
          label="E-mail"
          name="email"
          type="email"
          value={email}
          maxlength="254"
          testid="register-email"
          autocomplete="email"
          isFixed={Boolean(values.invitation && email)}
        />
        <Field label="User name" name="username" value={values.username} testid="register-username" autocomplete="username" />
        <Field
          label="Password"
          name="password1"
          type="password"
          maxlength="256"
          testid="register-password"
          autocomplete="new-password"
          isJudged
        />
        <PasswordRules testid="register-rules" />
        <button type="submit" class="btn btn-primary" data-testid="register-submit">
          {say('Create account')}
        </button>
      </form>
      <ToLogin label={t('I have an account')} />
    </AccountPage>
  )
}

const BadLinkPage = ({ frame }: { frame: Frame }) => (
  <AccountPage title={t('Invitation')} frame={frame}>
    <div class="card grid gap-3 p-6" data-testid="register-bad-link">
      <h1 class="text-[16px] leading-6">{say('This invitation does not work')}</h1>
      <Problem text={badLink} testid="register-error" />
      <p>{say('Sign in if you made your account already. Otherwise ask whoever invited you to send the invitation again.')}</p>
    </div>
    <ToLogin label={t('Sign in')} />
  </AccountPage>
)

/** The form; a mail's token opens it where sign-up is closed. */
export const showRegister = async (request: Request, query: Values): Promise<Response> => {
  const frame = await readStrangersFrame(request)
  const token = query.token ? await findMailToken(db, 'join', query.token) : undefined
  if (query.token && !token) return renderPage(<BadLinkPage frame={frame} />, { status: 400 })
  if (config().sign_up === 'closed' && !token) return showErrorPage(request, 403, '')
  return renderPage(<RegisterPage frame={frame} values={query} token={token} />)
}

export const registerPages = new Elysia({ name: 'register-pages', detail: { hide: true } })
  .use(unknownVisitors)
  .get('/auth/register', ({ request, query }) => speakTo(request, () => showRegister(request, query as Values)))
  .post(
    '/auth/register',
    ({ request, body }) =>
      speakTo(request, async () => {
        const refuse = async (problem: string, status = 400) => {
          const token = body.token ? await findMailToken(db, 'join', body.token) : undefined
          const frame = await readStrangersFrame(request)
          return renderPage(<RegisterPage frame={frame} values={body} token={token} problem={problem} />, { status })
        }
        if (!isOwnForm(request)) return refuse(foreignForm, 403)
        try {
          const { user, mustProve } = await register(null, {
            ...body,
            username: body.username.trim(),
            password2: body.password1,
            invitation: body.invitation || undefined,
            token: body.token || undefined,
          })
          if (!user || mustProve) return redirectTo('/auth/email-confirmation?sent=1')
          const { sessionid } = readCookies(request)
          if (sessionid) await endSession(sessionid)
          const next = body.invitation ? `/invitations/${encodeURIComponent(body.invitation)}` : '/'
          return redirectTo(next, await startSession(readOrigin(request), user.id))
        } catch (error) {
          return refuse(describeProblem(error))
        }
      }),
    { body: input },
  )
