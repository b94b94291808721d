// /auth/login: sign-in by name and password or by way of a provider. The other pages of strangers join here.

import { Elysia, t as schema } from 'elysia'
import { say, t, tn } from '../../web/ui/i18n/message'
import type { Frame } from '../../web/ui/layout'
import { config } from '../config'
import { isOwnForm, ownPath, redirectTo, renderPage } from '../http/html'
import { hasMail } from '../mail/service'
import { countUsers } from '../users/service'
import { AccountPage, describeProblem, foreignForm, Notice, Problem } from './account-page'
import { TooManyAttempts } from './attempts'
import { readClientAddress } from './client-address'
import { confirmationPages } from './confirmation-page'
import { readOrigin, unknownVisitors } from './context'
import { startSession } from './cookies'
import { findByPassword, identify, readCookies } from './identify'
import { readFrame, speakTo } from './page-visit'
import { registerPages } from './register-page'
import { resetPages } from './reset-page'
import { endSession } from './session'

type LoginProps = { username?: string; problem?: string; done?: string; next: string; frame: Frame }

/** Directories have no way of their own: their people use the form. */
const Providers = ({ next }: { next: string }) => {
  const ways = config().providers.filter(({ kind }) => kind !== 'ldap')
  if (!ways.length) return null
  return (
    <>
      <div class="my-4 flex items-center gap-3 text-[12px] text-muted">
        <span class="h-px flex-1 bg-line"></span>
        {say('or')}
        <span class="h-px flex-1 bg-line"></span>
      </div>
      <div class="grid gap-2">
        {ways.map(({ name, title }) => (
          <a
            class="btn min-w-0"
            href={`/api/auth/providers/${name}/start?next=${encodeURIComponent(next)}`}
            data-testid={`login-provider-${name}`}
          >
            <span class="truncate" dir="auto" safe>
              {t('Sign in with {title}', { title })}
            </span>
          </a>
        ))}
      </div>
    </>
  )
}

const LoginPage = ({ username, problem, done, next, frame }: LoginProps): JSX.Element => (
  <AccountPage title={t('Sign in')} frame={frame}>
    <form class="card grid gap-4 p-6" method="post" action="/auth/login" data-submit-once>
      <h1 class="text-[16px] leading-6">{say('Sign in')}</h1>
      {done ? <Notice text={done} testid="login-notice" /> : ''}
      <Problem text={problem} testid="login-error" />
      {problem === problems.verify || problem === t(problems.verify!) ? (
        <a class="link" href="/auth/email-confirmation" data-testid="login-verify">
          {say('Have the mail sent again')}
        </a>
      ) : (
        ''
      )}
      <input type="hidden" name="next" value={next} />
      <label class="field">
        <span class="label">{say('User name or e-mail')}</span>
        <input
          class="input"
          name="username"
          value={username ?? ''}
          maxlength="254"
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          required
          autofocus={!username}
          dir="auto"
          data-testid="login-username"
        />
      </label>
      {/* The link stands after the field, so that Tab leads from name to password. */}
      <div class="relative">
        <label class="field">
          <span class="label">{say('Password')}</span>
          <input
            class="input"
            name="password"
            type="password"
            maxlength="1024"
            autocomplete="current-password"
            required
            autofocus={Boolean(username)}
            data-testid="login-password"
            aria-invalid={problem === wrongPair ? 'true' : undefined}
          />
        </label>
        {hasMail() ? (
          <a class="link absolute end-0 top-0 text-[13px]" href="/auth/password/reset" data-testid="login-forgot">
            {say('Forgot password?')}
          </a>
        ) : (
          ''
        )}
      </div>
      <button type="submit" class="btn btn-primary" data-testid="login-submit">
        {say('Sign in')}
      </button>
    </form>
    <Providers next={next} />
    {config().sign_up === 'open' ? (
      <p class="mt-4 text-center text-muted">
        {say('No account yet?')}{' '}
        <a class="link" href="/auth/register" data-testid="login-register">
          {say('Create one')}
        </a>
      </p>
    ) : (
      ''
    )}
  </AccountPage>
)

const wrongPair = 'This user name and password do not fit together.'

/** What happened on the way through a provider or a mail, by the word in the address. */
const problems: Record<string, string> = {
  provider: 'The sign-in with the provider failed. Try again, or ask your administrator.',
  verify: 'Confirm your e-mail address first: open the link that was mailed to you.',
  inactive: 'This account is shut. Ask your administrator.',
}
const news: Record<string, string> = {
  fresh: 'Nobody has an account yet. The first one is made by the link that the server wrote to its log when it started.',
  password: 'Your password is changed. Sign in with it.',
}
const textOf = (texts: Record<string, string>, word: string | undefined) =>
  word !== undefined && Object.hasOwn(texts, word) ? t(texts[word]!) : undefined

type Words = { problem?: string; done?: string }

/** The sign-in form for strangers; null for whoever is signed in. */
export const showLogin = async (request: Request, next = '/', { problem, done }: Words = {}): Promise<Response | null> => {
  if (await identify(request).catch(() => null)) return null
  const { frame } = await readFrame(request, null)
  // Before the first account there is nobody to sign in.
  const word = (await countUsers()) === 0 ? 'fresh' : done
  return renderPage(<LoginPage next={next} frame={frame} problem={textOf(problems, problem)} done={textOf(news, word)} />)
}

/** Why nobody was looked for: too many failures, or the address is not proven. */
const explainRefusal = (error: unknown): { problem: string; status: number; seconds?: number } => {
  if (error instanceof TooManyAttempts) {
    const { seconds } = error
    return {
      problem: tn(seconds, 'Too many attempts. Try again in a second.', 'Too many attempts. Try again in {count} seconds.'),
      status: 429,
      seconds,
    }
  }
  // The one thing that a right pair may lack.
  describeProblem(error)
  return { problem: problems.verify!, status: 400 }
}

const loginPages = new Elysia({ name: 'login-pages', detail: { hide: true } })
  .use(unknownVisitors)
  .get('/auth/login', ({ request, query }) =>
    speakTo(request, async () => {
      const next = ownPath(query.next)
      return (await showLogin(request, next, query)) ?? redirectTo(next)
    }),
  )
  .post(
    '/auth/login',
    ({ request, body }) =>
      speakTo(request, async () => {
        const next = ownPath(body.next)
        const { frame } = await readFrame(request, null)
        const refuse = (problem: string, status: number) =>
          renderPage(<LoginPage username={body.username} problem={problem} next={next} frame={frame} />, { status })
        if (!isOwnForm(request)) return refuse(foreignForm, 403)
        try {
          const user = await findByPassword(body.username.trim(), body.password, readClientAddress(request))
          if (!user) return refuse(wrongPair, 400)
          const { sessionid } = readCookies(request)
          if (sessionid) await endSession(sessionid)
          return redirectTo(next, await startSession(readOrigin(request), user.id))
        } catch (error) {
          const { problem, status, seconds } = explainRefusal(error)
          const response = await refuse(problem, status)
          if (seconds) response.headers.set('retry-after', String(seconds))
          return response
        }
      }),
    {
      body: schema.Object({
        username: schema.String(),
        password: schema.String({ maxLength: 1024 }),
        next: schema.Optional(schema.String()),
      }),
    },
  )

export const authPages = new Elysia({ name: 'auth-pages', detail: { hide: true } })
  .use(loginPages)
  .use(registerPages)
  .use(confirmationPages)
  .use(resetPages)
