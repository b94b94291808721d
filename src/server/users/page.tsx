// /profile: one's account, password and personal access tokens.

import { Elysia } from 'elysia'
import { BareRemove } from '../../web/ui/bare'
import { Notice, Problem } from '../../web/ui/form'
import { say, t } from '../../web/ui/i18n/message'
import { Icon } from '../../web/ui/icon'
import { Ago } from '../../web/ui/parts'
import {
  createAccessToken,
  FormToken,
  listAccessTokens,
  type Page,
  receiveForm,
  showAccessToken,
  showPage,
  type Visit,
  verifyPassword,
  wordsOf,
} from '../auth/service'
import { forbidden, invalid } from '../http/errors'
import { readText, textOf } from '../http/form-fields'
import { redirectTo } from '../http/html'
import { setPassword, updateUser } from './service'
import { saveToken, showToken } from './token-page'

type Token = ReturnType<typeof showAccessToken>

const Account = ({
  user,
  request,
}: {
  request: Request
  user: { id: number; username: string; firstName: string; lastName: string; email: string }
}) => (
  <form
    class="card grid gap-4 p-4"
    data-testid="profile-account"
    method="post"
    action="/profile/account"
    data-form="PATCH"
    data-api={`/api/users/${user.id}`}
    data-done="Saved."
  >
    <h2>{say('Account')}</h2>
    <FormToken request={request} />
    <div class="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
      <label class="field">
        <span class="label">{say('First name')}</span>
        <input
          class="input"
          name="first_name"
          value={user.firstName}
          maxlength="150"
          autocomplete="given-name"
          dir="auto"
          data-testid="profile-first-name"
        />
      </label>
      <label class="field">
        <span class="label">{say('Last name')}</span>
        <input
          class="input"
          name="last_name"
          value={user.lastName}
          maxlength="150"
          autocomplete="family-name"
          dir="auto"
          data-testid="profile-last-name"
        />
      </label>
      <label class="field">
        <span class="label">{say('User name')}</span>
        <input
          class="input"
          name="username"
          value={user.username}
          maxlength="150"
          required
          autocomplete="username"
          data-testid="profile-username"
        />
      </label>
      <label class="field">
        <span class="label">{say('E-mail')}</span>
        <input
          class="input"
          name="email"
          type="email"
          value={user.email}
          maxlength="254"
          autocomplete="email"
          data-testid="profile-email"
        />
      </label>
    </div>
    <FormEnd label={t('Save')} testid="profile-submit" />
  </form>
)

const FormEnd = ({ label, testid }: { label: string; testid: string }) => (
  <div class="flex items-center gap-3">
    <span class="min-w-0 flex-1 text-[13px]" role="status" data-form-message dir="auto"></span>
    <button type="submit" class="btn btn-primary" data-testid={testid}>
      {label as 'safe'}
    </button>
  </div>
)

const Password = ({ username, request }: { username: string; request: Request }) => (
  <form
    class="card grid gap-4 p-4"
    method="post"
    action="/profile/password"
    data-form="POST"
    data-api="/api/auth/password/change"
    data-done="The password is changed. Please sign in again."
    data-next="/auth/login"
    data-testid="profile-password"
  >
    <h2>{say('Password')}</h2>
    <FormToken request={request} />
    <input type="hidden" autocomplete="username" value={username} />
    <div class="grid grid-cols-3 gap-4 max-sm:grid-cols-1">
      <label class="field">
        <span class="label">{say('Current password')}</span>
        <input
          class="input"
          name="old_password"
          type="password"
          required
          autocomplete="current-password"
          data-testid="password-old"
        />
      </label>
      <label class="field">
        <span class="label">{say('New password')}</span>
        <input
          class="input"
          name="new_password1"
          type="password"
          required
          autocomplete="new-password"
          data-testid="password-new"
        />
      </label>
      <label class="field">
        <span class="label">{say('New password again')}</span>
        <input
          class="input"
          name="new_password2"
          type="password"
          required
          autocomplete="new-password"
          data-testid="password-repeat"
        />
      </label>
    </div>
    <p class="hint">{say('Changing the password ends all sessions, this one included.')}</p>
    <FormEnd label={t('Change password')} testid="password-submit" />
  </form>
)

const TokenRow = ({ token }: { token: Token }) => (
  <tr data-testid={`token-${token.id}`}>
    <td class="max-w-0">
      <span class="block truncate font-medium" dir="auto" safe>
        {token.name}
      </span>
    </td>
    <td class="w-24">{token.read_only ? <span class="badge plain">{say('read only')}</span> : ''}</td>
    <td class="w-36 text-muted max-sm:hidden">
      {token.expiry_date ? <time datetime={token.expiry_date}>{token.expiry_date.slice(0, 10) as 'safe'}</time> : say('never')}
    </td>
    <td class="w-36 text-muted max-sm:hidden">{token.last_used_date ? <Ago iso={token.last_used_date} /> : say('never')}</td>
    <td class="w-40 text-end whitespace-nowrap">
      <a class="btn btn-small" href={`/profile/tokens/${token.id}`} data-testid={`token-${token.id}-edit`}>
        {say('Edit')}
      </a>{' '}
      <button
        type="button"
        class="btn btn-small btn-danger"
        data-delete={`/api/auth/access_tokens/${token.id}`}
        data-delete-title={t('Revoke “{name}”?', { name: token.name })}
        data-delete-text={t('Programs that use this token lose access at once.')}
        data-delete-label={t('Revoke')}
        data-delete-next="/profile#tokens"
        data-testid={`token-${token.id}-revoke`}
      >
        {say('Revoke')}
      </button>
      <BareRemove path={`/api/auth/access_tokens/${token.id}`} label="Revoke" />
    </td>
  </tr>
)

type TokensProps = { tokens: Token[]; request: Request; value: string }

/** `value`: of a token that was just made. */
const Tokens = ({ tokens, request, value }: TokensProps) => (
  <section class="card" id="tokens" aria-label={t('Personal access tokens')}>
    <div class="grid gap-4 p-4">
      <div>
        <h2>{say('Personal access tokens')}</h2>
        <p class="hint mt-1">{say('For scripts and the SDK. A token does what you may do, until it expires or is revoked.')}</p>
      </div>
      <form
        class="flex flex-wrap items-end gap-3"
        x-data="createToken"
        method="post"
        action="/profile/tokens"
        x-on:submit="submit"
      >
        <FormToken request={request} />
        <label class="field min-w-40 flex-1">
          <span class="label">{say('Name')}</span>
          <input class="input" name="name" required maxlength="50" autocomplete="off" dir="auto" data-testid="token-name" />
        </label>
        <label class="field">
          <span class="label">{say('Expires')}</span>
          <input class="input w-40" name="expiry_date" type="date" data-testid="token-expiry" />
        </label>
        <label class="flex h-8 items-center gap-2">
          <input class="check" name="read_only" type="checkbox" data-testid="token-readonly" />
          {say('Read only')}
        </label>
        <button type="submit" class="btn btn-primary" data-testid="token-create">
          {say('Create token')}
        </button>
        <div class="basis-full rounded-md border border-line-strong bg-success-soft p-3" x-cloak x-show="value">
          <p class="mb-1.5 text-[13px]">{say('Copy the token now: it is not shown again.')}</p>
          <code class="block font-mono text-[13px] break-all select-all" x-text="value" data-testid="token-value"></code>
        </div>
        <div class="problem basis-full" role="alert" x-cloak x-show="problem">
          <span x-text="problem"></span>
        </div>
      </form>
      {value ? (
        <div class="rounded-md border border-line-strong bg-success-soft p-3">
          <p class="mb-1.5 text-[13px]">{say('Copy the token now: it is not shown again.')}</p>
          <code class="block font-mono text-[13px] break-all select-all" data-testid="bare-token" safe>
            {value}
          </code>
        </div>
      ) : (
        ''
      )}
    </div>
    <div id="token-list">
      {tokens.length ? (
        <table class="grid-table slim border-t border-line">
          <thead>
            <tr>
              <th scope="col">{say('Name')}</th>
              <th scope="col">{say('Access')}</th>
              <th scope="col" class="max-sm:hidden">
                {say('Expires')}
              </th>
              <th scope="col" class="max-sm:hidden">
                {say('Last used')}
              </th>
              <th scope="col">
                <span class="sr-only">{say('Actions')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {tokens.map((token) => (
              <TokenRow token={token} />
            ))}
          </tbody>
        </table>
      ) : (
        ''
      )}
    </div>
  </section>
)

const maxTokens = 200

const profilePage = async ({ who, request, query }: Visit, problem?: string, token = ''): Promise<Page> => {
  const { rows } = await listAccessTokens(who, [], [], { page: 1, size: maxTokens, offset: 0 })
  return {
    title: t('Profile'),
    status: problem ? 400 : token ? 201 : 200,
    body: (
      <div class="mx-auto grid max-w-[760px] gap-4">
        <div class="flex items-center gap-3">
          <span class="grid size-10 place-items-center rounded-full bg-hover text-muted">
            <Icon name="user" />
          </span>
          <h1 class="min-w-0 truncate" dir="auto" safe>
            {[who.user.firstName, who.user.lastName].filter(Boolean).join(' ') || who.user.username}
          </h1>
        </div>
        <Notice text={query.saved ? t('Saved.') : undefined} />
        <Problem text={problem} testid="profile-error" />
        <Account user={who.user} request={request} />
        <div id="security" class="grid gap-4" data-testid="profile-security">
          <Password username={who.user.username} request={request} />
          <Tokens tokens={rows.map((row) => showAccessToken(row, null))} request={request} value={token} />
        </div>
      </div>
    ),
  }
}

const showProfile = showPage((visit) => profilePage(visit))

/** Without scripts the forms come here; with them they go to the API. */
const saveAccount = receiveForm(async (visit, fields) => {
  const changes = Object.fromEntries(
    ['first_name', 'last_name', 'username', 'email'].map((name) => [name, fields[name]?.[0] ?? '']),
  )
  try {
    await updateUser(visit.who, visit.who.user.id, changes)
    return redirectTo('/profile?saved=1')
  } catch (error) {
    return profilePage(visit, wordsOf(error))
  }
})

const changePassword = receiveForm(async (visit, fields) => {
  const { user } = visit.who
  const [old = '', fresh = '', again = ''] = ['old_password', 'new_password1', 'new_password2'].map((name) => fields[name]?.[0])
  try {
    if (!(await verifyPassword(old, user.passwordHash))) throw invalid({ old_password: t('The current password is not right.') })
    if (fresh !== again) throw invalid({ new_password2: t('The two new passwords differ.') })
    await setPassword(user, fresh)
    return redirectTo('/auth/login')
  } catch (error) {
    return profilePage(visit, wordsOf(error))
  }
})

/** The value is in this one answer. */
const makeToken = receiveForm(async (visit, fields) => {
  if (visit.who.via !== 'session') throw forbidden('Tokens cannot be created with a token.')
  try {
    const day = textOf(fields, 'expiry_date')
    if (day && !/^\d{4}-\d\d-\d\d$/.test(day)) throw invalid({ expiry_date: 'A date is expected.' })
    const { value } = await createAccessToken(visit.who, {
      name: readText(fields, 'name', 50, true),
      read_only: fields.read_only !== undefined,
      ...(day && { expiry_date: `${day}T23:59:59Z` }),
    })
    return profilePage(visit, undefined, value)
  } catch (error) {
    return profilePage(visit, wordsOf(error))
  }
})

export const profilePages = new Elysia({ name: 'profile-pages', detail: { hide: true } })
  .get('/profile', showProfile)
  .post('/profile/tokens', makeToken)
  .get('/profile/tokens/:id', showToken)
  .post('/profile/tokens/:id', saveToken)
  .post('/profile/account', saveAccount)
  .post('/profile/password', changePassword)
