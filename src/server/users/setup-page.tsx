// /auth/setup: the one-time link by which the first administrator is made.

import type { Children } from '@kitajs/html'
import { Elysia, type Static, t as schema } from 'elysia'
import { say, t } from '../../web/ui/i18n/message'
import { Centered, type Frame } from '../../web/ui/layout'
import {
  BrandHead,
  findByPassword,
  readClientAddress,
  readOrigin,
  readStrangersFrame,
  speakTo,
  startSession,
} from '../auth/service'
import { ApiError, forbidden, notFound } from '../http/errors'
import { isOwnForm, redirectTo, renderPage } from '../http/html'
import type { User } from '../policy/who'
import { createFirstAdmin, isSetupToken } from './first-admin'

const messageOf = (error: unknown): string => {
  if (!(error instanceof ApiError)) throw error
  return Object.values(error.body).flat().map(String).join(' ')
}

const Problem = ({ text }: { text: string }) => (
  <div class="problem" role="alert" data-testid="setup-error">
    <span safe>{text}</span>
  </div>
)

type FieldProps = {
  label: string
  name: string
  testid: string
  type?: string
  value?: string
  autocomplete: string
  children?: Children
}

const Field = ({ label, name, testid, type = 'text', value, autocomplete, children }: FieldProps) => (
  <label class="field">
    <span class="label" safe>
      {t(label)}
    </span>
    <input
      class="input"
      name={name}
      type={type}
      value={value ?? ''}
      autocomplete={autocomplete}
      required={name !== 'email'}
      dir="auto"
      data-testid={testid}
    />
    {children}
  </label>
)

const passwordRule = 'At least 8 characters, not only digits, and nothing that is easily guessed.'

type SetupProps = { frame: Frame; token: string; username: string; email?: string; problem?: string }

const SetupPage = ({ frame, token, username, email = '', problem }: SetupProps) => (
  <Centered title={t('Set up')} frame={frame}>
    <BrandHead frame={frame} />
    <form class="card grid gap-4 p-6" method="post" action="/auth/setup" data-submit-once>
      <div>
        <h1 class="text-[16px] leading-6">{say('Make the first administrator')}</h1>
        <p class="hint mt-1">{say('This link works once, until the first account exists.')}</p>
      </div>
      {problem ? <Problem text={problem} /> : ''}
      <input type="hidden" name="token" value={token} />
      <Field label="User name" name="username" value={username} testid="setup-username" autocomplete="username" />
      <Field label="Password" name="password" type="password" testid="setup-password" autocomplete="new-password">
        <span class="hint">{say(passwordRule)}</span>
      </Field>
      <Field label="E-mail" name="email" type="email" value={email} testid="setup-email" autocomplete="email">
        <span class="hint">{say('Optional: for a new password when this one is forgotten.')}</span>
      </Field>
      <button type="submit" class="btn btn-primary" data-testid="setup-submit">
        {say('Create account')}
      </button>
    </form>
  </Centered>
)

const schemaOfForm = schema.Object({
  token: schema.String(),
  username: schema.String(),
  password: schema.String(),
  email: schema.Optional(schema.String()),
})
type Sent = Static<typeof schemaOfForm>

/** Signs the new administrator in and shows the first steps. */
const enter = async (request: Request, user: User) => redirectTo('/welcome', await startSession(readOrigin(request), user.id))

const makeAdmin = async (request: Request, { token, username, password, email = '' }: Sent): Promise<Response> => {
  if (!(await isSetupToken(token))) {
    // Sent twice: the account is made, and whoever knows its password may come in.
    const made = await findByPassword(username, password, readClientAddress(request)).catch(() => null)
    if (made?.isSuperuser) return enter(request, made)
    throw notFound(t('This link has been used or is wrong.'))
  }
  try {
    return await enter(request, await createFirstAdmin(username, password, email))
  } catch (error) {
    const problem = messageOf(error)
    const frame = await readStrangersFrame(request)
    return renderPage(<SetupPage frame={frame} token={token} username={username} email={email} problem={problem} />, {
      status: 400,
    })
  }
}

/** One after the other, so that the second of two clicks finds what the first has made. */
let last: Promise<unknown> = Promise.resolve()
const inTurn = <T,>(run: () => Promise<T>): Promise<T> => {
  const mine = last.then(run)
  last = mine.catch(() => {})
  return mine
}

export const setupPages = new Elysia({ name: 'setup-pages', detail: { hide: true } })
  .get('/auth/setup', ({ request, query }) =>
    speakTo(request, async () => {
      const token = query.token ?? ''
      if (!(await isSetupToken(token))) throw notFound(t('This link has been used or is wrong.'))
      return renderPage(<SetupPage frame={await readStrangersFrame(request)} token={token} username="admin" />)
    }),
  )
  .post(
    '/auth/setup',
    ({ request, body }) =>
      speakTo(request, () => {
        if (!isOwnForm(request)) throw forbidden()
        return inTurn(() => makeAdmin(request, body))
      }),
    { body: schemaOfForm },
  )
