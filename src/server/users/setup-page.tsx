// /auth/setup: the one-time link by which the first administrator is made.

import type { Children } from '@kitajs/html'
import { Elysia, t as schema } from 'elysia'
import { say, t } from '../../web/ui/i18n/message'
import { Centered, type Frame } from '../../web/ui/layout'
import { BrandHead, readStrangersFrame, speakTo } from '../auth/service'
import { ApiError, forbidden, notFound } from '../http/errors'
import { isOwnForm, redirectTo, renderPage } from '../http/html'
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
      required={name !== 'first_name' && name !== 'last_name'}
      dir="auto"
      data-testid={testid}
    />
    {children}
  </label>
)

const passwordRule = 'At least 8 characters, not only digits, and nothing that is easily guessed.'

const SetupPage = ({ frame, token, username, problem }: { frame: Frame; token: string; username: string; problem?: string }) => (
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
      <button type="submit" class="btn btn-primary" data-testid="setup-submit">
        {say('Create account')}
      </button>
    </form>
  </Centered>
)

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
      speakTo(request, async () => {
        if (!isOwnForm(request)) throw forbidden()
        if (!(await isSetupToken(body.token))) throw notFound(t('This link has been used or is wrong.'))
        try {
          await createFirstAdmin(body.username, body.password)
          return redirectTo('/auth/login?next=/welcome')
        } catch (error) {
          const problem = messageOf(error)
          const page = (
            <SetupPage frame={await readStrangersFrame(request)} token={body.token} username={body.username} problem={problem} />
          )
          return renderPage(page, { status: 400 })
        }
      }),
    { body: schema.Object({ token: schema.String(), username: schema.String(), password: schema.String() }) },
  )
