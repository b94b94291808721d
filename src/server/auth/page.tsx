// /auth pages: sign-in and, for the very first person, the set-up link.
import { Elysia, t } from 'elysia'
import { Centered } from '../../web/ui/layout'
import { config } from '../config'
import { isOwnForm, ownPath, redirectTo, renderPage } from '../http/html'
import { readOrigin } from './context'
import { findByPassword, identify, readCookies } from './identify'
import { readFrame } from './page-visit'
import { startSession } from './routes'
import { endSession } from './session'

type LoginProps = { username?: string; problem?: string; next: string; frame: Awaited<ReturnType<typeof readFrame>>['frame'] }

const LoginPage = ({ username, problem, next, frame }: LoginProps): JSX.Element => (
  <Centered title="Sign in" frame={frame}>
    <div class="mb-6 flex items-center justify-center gap-3">
      <img src={frame.assets.logo} alt="" width="36" height="36" />
      <span class="text-[22px] font-semibold tracking-tight">Annolith</span>
    </div>
    <form class="card grid gap-4 p-6" method="post" action="/auth/login" data-submit-once>
      <h1 class="text-[16px] leading-6">Sign in</h1>
      {problem ? (
        <div class="problem" role="alert" data-testid="login-error">
          <span safe>{problem}</span>
        </div>
      ) : (
        ''
      )}
      <input type="hidden" name="next" value={next} />
      <label class="field">
        <span class="label">User name or e-mail</span>
        <input
          class="input"
          name="username"
          value={username ?? ''}
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          required
          autofocus={!username}
          dir="auto"
          data-testid="login-username"
        />
      </label>
      <label class="field">
        <span class="label">Password</span>
        <input
          class="input"
          name="password"
          type="password"
          autocomplete="current-password"
          required
          autofocus={Boolean(username)}
          data-testid="login-password"
          aria-invalid={problem ? 'true' : undefined}
        />
      </label>
      <button type="submit" class="btn btn-primary" data-testid="login-submit">
        Sign in
      </button>
    </form>
    {config().sign_up === 'open' ? (
      <p class="mt-4 text-center text-muted">
        No account yet?{' '}
        <a class="link" href="/auth/register" data-testid="login-register">
          Create one
        </a>
      </p>
    ) : (
      ''
    )}
  </Centered>
)

const wrongPair = 'This user name and password do not fit together.'

/** The sign-in form for strangers; null for whoever is signed in. */
export const showLogin = async (request: Request, next = '/'): Promise<Response | null> => {
  if (await identify(request).catch(() => null)) return null
  const { frame } = await readFrame(request, null)
  return renderPage(<LoginPage next={next} frame={frame} />)
}

export const authPages = new Elysia({ name: 'auth-pages', detail: { hide: true } })
  .get('/auth/login', async ({ request, query }) => {
    const next = ownPath(query.next)
    return (await showLogin(request, next)) ?? redirectTo(next)
  })
  .post(
    '/auth/login',
    async ({ request, body }) => {
      const next = ownPath(body.next)
      const { frame } = await readFrame(request, null)
      const refuse = (problem: string, status: number) =>
        renderPage(<LoginPage username={body.username} problem={problem} next={next} frame={frame} />, { status })
      if (!isOwnForm(request)) return refuse('This form came from another site. Please sign in here.', 403)
      const user = await findByPassword(body.username.trim(), body.password)
      if (!user) return refuse(wrongPair, 400)
      const { sessionid } = readCookies(request)
      if (sessionid) await endSession(sessionid)
      return redirectTo(next, await startSession(readOrigin(request), user.id))
    },
    { body: t.Object({ username: t.String(), password: t.String(), next: t.Optional(t.String()) }) },
  )
