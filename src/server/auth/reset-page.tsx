// /auth/password/reset: asking for a link by mail; /auth/password/reset/confirm: where the link leads, a new password.

import { Elysia, t as schema } from 'elysia'
import { say, t } from '../../web/ui/i18n/message'
import type { Frame } from '../../web/ui/layout'
import { db } from '../db/open'
import { isOwnForm, redirectTo, renderPage } from '../http/html'
import { hasMail } from '../mail/service'
import {
  AccountPage,
  badLink,
  describeProblem,
  Field,
  foreignForm,
  Notice,
  PasswordRules,
  Problem,
  ToLogin,
} from './account-page'
import { unknownVisitors } from './context'
import { findMailToken } from './mail-tokens'
import { readStrangersFrame, speakTo } from './page-visit'
import { confirmPasswordReset, requestPasswordReset } from './password-reset'

const address = '/auth/password/reset'

type AskProps = { frame: Frame; isSent?: boolean; email?: string; problem?: string }

const AskPage = ({ frame, isSent, email, problem }: AskProps) => (
  <AccountPage title={t('New password')} frame={frame}>
    <form class="card grid gap-4 p-6" method="post" action={address} data-submit-once>
      <h1 class="text-[16px] leading-6">{isSent ? say('Look into your mail') : say('Forgot your password?')}</h1>
      {isSent ? (
        <Notice
          text={t('If an account has this address, a mail with a link is on its way to it. The link works once, for an hour.')}
          testid="reset-sent"
        />
      ) : (
        ''
      )}
      <Problem text={problem} testid="reset-error" />
      {hasMail() ? (
        <>
          <p class="hint">
            {isSent ? say('Nothing came? Ask for another one.') : say('We mail you a link that sets a new one.')}
          </p>
          <Field
            label="E-mail"
            name="email"
            type="email"
            value={email}
            maxlength="254"
            testid="reset-email"
            autocomplete="email"
            isFocused={!isSent}
          />
          <button type="submit" class={isSent ? 'btn' : 'btn btn-primary'} data-testid="reset-submit">
            {say('Send link')}
          </button>
        </>
      ) : (
        <p data-testid="reset-no-mail">{say('This server sends no mail. Ask its administrator for a new password.')}</p>
      )}
    </form>
    <ToLogin label={t('Sign in')} />
  </AccountPage>
)

type ConfirmProps = { frame: Frame; uid: string; token: string; problem?: string }

const ConfirmPage = ({ frame, uid, token, problem }: ConfirmProps) => (
  <AccountPage title={t('New password')} frame={frame}>
    <form class="card grid gap-4 p-6" method="post" action={`${address}/confirm`} x-data="register" data-submit-once>
      <div>
        <h1 class="text-[16px] leading-6">{say('Choose a new password')}</h1>
        <p class="hint mt-1">{say('It ends all sessions and tokens of the account.')}</p>
      </div>
      <Problem text={problem} testid="reset-error" />
      <input type="hidden" name="uid" value={uid} />
      <input type="hidden" name="token" value={token} />
      <Field
        label="New password"
        name="new_password1"
        type="password"
        maxlength="256"
        testid="reset-password"
        autocomplete="new-password"
        isFocused
        isJudged
      />
      <PasswordRules testid="reset-rules" />
      <Field
        label="New password again"
        name="new_password2"
        type="password"
        maxlength="256"
        testid="reset-repeat"
        autocomplete="new-password"
      />
      <button type="submit" class="btn btn-primary" data-testid="reset-confirm">
        {say('Set password')}
      </button>
    </form>
  </AccountPage>
)

const isGood = async (token: string) => (await findMailToken(db, 'reset', token)) !== undefined
const text = schema.String({ maxLength: 256 })

export const resetPages = new Elysia({ name: 'reset-pages', detail: { hide: true } })
  .use(unknownVisitors)
  .get(address, ({ request, query }) =>
    speakTo(request, async () =>
      renderPage(<AskPage frame={await readStrangersFrame(request)} isSent={query.sent !== undefined} />),
    ),
  )
  .post(
    address,
    ({ request, body }) =>
      speakTo(request, async () => {
        const refuse = async (problem: string, status: number) =>
          renderPage(<AskPage frame={await readStrangersFrame(request)} email={body.email} problem={problem} />, { status })
        if (!isOwnForm(request)) return refuse(foreignForm, 403)
        try {
          requestPasswordReset(body.email)
          return redirectTo(`${address}?sent=1`)
        } catch (error) {
          return refuse(describeProblem(error), 400)
        }
      }),
    { body: schema.Object({ email: schema.String({ maxLength: 254 }) }) },
  )
  .get(`${address}/confirm`, ({ request, query }) =>
    speakTo(request, async () => {
      const { uid = '', token = '' } = query
      const frame = await readStrangersFrame(request)
      if (await isGood(token)) return renderPage(<ConfirmPage frame={frame} uid={uid} token={token} />)
      return renderPage(<AskPage frame={frame} problem={badLink} />, { status: 400 })
    }),
  )
  .post(
    `${address}/confirm`,
    ({ request, body }) =>
      speakTo(request, async () => {
        const refuse = async (problem: string, status: number) => {
          const frame = await readStrangersFrame(request)
          const page = (await isGood(body.token)) ? (
            <ConfirmPage frame={frame} uid={body.uid} token={body.token} problem={problem} />
          ) : (
            <AskPage frame={frame} problem={problem} />
          )
          return renderPage(page, { status })
        }
        if (!isOwnForm(request)) return refuse(foreignForm, 403)
        try {
          await confirmPasswordReset(body)
          return redirectTo('/auth/login?done=password')
        } catch (error) {
          return refuse(describeProblem(error), 400)
        }
      }),
    { body: schema.Object({ uid: text, token: text, new_password1: text, new_password2: text }) },
  )
