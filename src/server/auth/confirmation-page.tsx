// /auth/email-confirmation: where the link of a mail proves an address, and where that mail is asked for again.

import { Elysia, t as schema } from 'elysia'
import { say, t } from '../../web/ui/i18n/message'
import type { Frame } from '../../web/ui/layout'
import { isOwnForm, redirectTo, renderPage } from '../http/html'
import { AccountPage, badLink, describeProblem, Field, foreignForm, Notice, Problem, ToLogin } from './account-page'
import { unknownVisitors } from './context'
import { readStrangersFrame, speakTo } from './page-visit'
import { resendVerification, verifyEmail } from './registration'

const address = '/auth/email-confirmation'
const title = 'E-mail address'

const DonePage = ({ frame }: { frame: Frame }) => (
  <AccountPage title={t(title)} frame={frame}>
    <div class="card grid gap-4 p-6" data-testid="confirmation-done">
      <h1 class="text-[16px] leading-6">{say('Your address is confirmed')}</h1>
      <Notice text={t('The account can be used now.')} testid="confirmation-notice" />
      <a class="btn btn-primary" href="/auth/login" data-testid="confirmation-login">
        {say('Go on')}
      </a>
    </div>
  </AccountPage>
)

type AskProps = { frame: Frame; state: 'sent' | 'bad' | 'ask'; email?: string; problem?: string }
const headings = { sent: 'Look into your mail', bad: 'This link does not work', ask: 'Confirm your address' }

const AskPage = ({ frame, state, email, problem }: AskProps) => (
  <AccountPage title={t(title)} frame={frame}>
    <form class="card grid gap-4 p-6" method="post" action={address} data-testid={`confirmation-${state}`} data-submit-once>
      <h1 class="text-[16px] leading-6">{say(headings[state])}</h1>
      {state === 'sent' ? (
        <Notice
          text={t(
            'If the address waits for its confirmation, a mail with a link is on its way to it. The link works once, for three days.',
          )}
          testid="confirmation-notice"
        />
      ) : (
        ''
      )}
      <Problem text={problem} testid="confirmation-error" />
      <p class="hint">{say('No mail? Look among the unwanted ones too, or have it sent once more.')}</p>
      <Field
        label="E-mail"
        name="email"
        type="email"
        value={email}
        maxlength="254"
        testid="confirmation-email"
        autocomplete="email"
      />
      <button type="submit" class="btn" data-testid="confirmation-resend">
        {say('Send it again')}
      </button>
    </form>
    <ToLogin label={t('Sign in')} />
  </AccountPage>
)

export const confirmationPages = new Elysia({ name: 'confirmation-pages', detail: { hide: true } })
  .use(unknownVisitors)
  .get(
    address,
    ({ request, query }) =>
      speakTo(request, async () => {
        const frame = await readStrangersFrame(request)
        if (query.done) return renderPage(<DonePage frame={frame} />)
        if (!query.token) return renderPage(<AskPage frame={frame} state={query.sent ? 'sent' : 'ask'} />)
        try {
          await verifyEmail(query.token)
          // Loading the page again must not look like a bad link.
          return redirectTo(`${address}?done=1`)
        } catch (error) {
          const problem = describeProblem(error)
          return renderPage(<AskPage frame={frame} state="bad" problem={problem || badLink} />, { status: 400 })
        }
      }),
    {
      query: schema.Object({
        token: schema.Optional(schema.String()),
        sent: schema.Optional(schema.String()),
        done: schema.Optional(schema.String()),
      }),
    },
  )
  .post(
    address,
    ({ request, body }) =>
      speakTo(request, async () => {
        const refuse = async (problem: string, status: number) =>
          renderPage(<AskPage frame={await readStrangersFrame(request)} state="ask" email={body.email} problem={problem} />, {
            status,
          })
        if (!isOwnForm(request)) return refuse(foreignForm, 403)
        try {
          await resendVerification(body.email)
          return redirectTo(`${address}?sent=1`)
        } catch (error) {
          return refuse(describeProblem(error), 400)
        }
      }),
    { body: schema.Object({ email: schema.String({ maxLength: 254 }) }) },
  )
