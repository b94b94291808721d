// /admin/users/create and /admin/users/<id>: making an account; its names, group, state and password.

import { BareRemove } from '../../web/ui/bare'
import { CheckField, ChoiceField, Notice, PageHead, Problem, TextField } from '../../web/ui/form'
import { say, t } from '../../web/ui/i18n/message'
import { type Fields, FormToken, type Page, problemsOf, readId, type Visit } from '../auth/service'
import { invalid } from '../http/errors'
import { redirectTo } from '../http/html'
import { createUser, getUser, groups, setPassword, type User, updateUser } from '../users/service'
import { receiveAdminForm, showAdminPage } from './frame'
import { groupMeanings } from './users-page'

type Values = { username: string; first_name: string; last_name: string; email: string; group: string; is_active: boolean }
type Problems = Record<string, string>

const fresh: Values = { username: '', first_name: '', last_name: '', email: '', group: 'user', is_active: true }
const valuesOf = (user: User): Values => ({
  username: user.username,
  first_name: user.firstName,
  last_name: user.lastName,
  email: user.email,
  group: groups.find((name) => user.groups.includes(name)) ?? '',
  is_active: user.isActive,
})
const readValues = (fields: Fields): Values => {
  const text = (name: string) => (fields[name]?.[0] ?? '').trim()
  return {
    username: text('username'),
    first_name: text('first_name'),
    last_name: text('last_name'),
    email: text('email'),
    group: text('group'),
    is_active: fields.is_active !== undefined,
  }
}
const readGroup = (group: string) => {
  if (!(groups as readonly string[]).includes(group)) throw invalid({ group: t('Choose one of the list.') })
  return group
}

const shownFields = ['username', 'first_name', 'last_name', 'email', 'group', 'password', 'new_password2']
const othersOf = (problems: Problems) =>
  Object.entries(problems)
    .flatMap(([field, text]) => (shownFields.includes(field) ? [] : [text]))
    .join('\n')

const listGroups = () => groups.map((name) => [name, `${name}: ${t(groupMeanings[name])}`] as const)
const listCrumbs = () => [
  { href: '/admin', label: t('Administration') },
  { href: '/admin/users', label: t('Users') },
]

type FormProps = { request: Request; action: string; values: Values; problems: Problems; isNew: boolean }

const Form = ({ request, action, values, problems, isNew }: FormProps) => (
  <form class="card grid gap-4 p-4" method="post" action={action} data-submit-once>
    <FormToken request={request} />
    <Problem text={othersOf(problems)} testid="user-error" />
    <TextField
      label="User name"
      name="username"
      value={values.username}
      required
      maxlength={150}
      autofocus={isNew}
      testid="user-name"
      problem={problems.username}
    />
    <div class="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
      <TextField label="First name" name="first_name" value={values.first_name} maxlength={150} testid="user-first-name" />
      <TextField label="Last name" name="last_name" value={values.last_name} maxlength={150} testid="user-last-name" />
    </div>
    <TextField
      label="E-mail"
      name="email"
      type="email"
      value={values.email}
      maxlength={254}
      testid="user-email"
      problem={problems.email}
    />
    <ChoiceField
      label="Group"
      name="group"
      value={values.group}
      options={listGroups()}
      testid="user-group"
      problem={problems.group}
    />
    {isNew ? (
      <TextField
        label="Password"
        name="password"
        type="password"
        required
        autocomplete="new-password"
        hint="At least 8 characters, not only digits, and nothing that is easily guessed."
        testid="user-password"
        problem={problems.password}
      />
    ) : (
      <CheckField label="May sign in" name="is_active" isOn={values.is_active} testid="user-active" />
    )}
    <div class="flex justify-end gap-2">
      <a class="btn" href="/admin/users">
        {say('Cancel')}
      </a>
      <button type="submit" class="btn btn-primary" data-testid="user-submit">
        {isNew ? say('Create account') : say('Save')}
      </button>
    </div>
  </form>
)

const createPage = ({ request }: Visit, values: Values, problems: Problems = {}): Page => ({
  title: t('New user'),
  section: 'admin',
  status: Object.keys(problems).length ? 400 : 200,
  body: (
    <div class="mx-auto max-w-[640px]">
      <PageHead title={t('New user')} crumbs={listCrumbs()} />
      <Form request={request} action="/admin/users/create" values={values} problems={problems} isNew />
    </div>
  ),
})

const userPage = ({ request, query, who }: Visit, user: User, values: Values, problems: Problems = {}): Page => ({
  title: user.username,
  section: 'admin',
  status: Object.keys(problems).length ? 400 : 200,
  body: (
    <div class="mx-auto grid max-w-[640px] grid-cols-[minmax(0,1fr)] gap-4">
      <PageHead title={user.username} crumbs={listCrumbs()} />
      <Notice
        text={
          query.saved
            ? t('Saved.')
            : query.password
              ? t('The password is set; all sessions of this account have ended.')
              : undefined
        }
        testid="user-saved"
      />
      <Form request={request} action={`/admin/users/${user.id}`} values={values} problems={problems} isNew={false} />
      <form class="card grid gap-4 p-4" method="post" action={`/admin/users/${user.id}/password`} data-submit-once>
        <FormToken request={request} />
        <TextField
          label="New password"
          name="password"
          type="password"
          required
          autocomplete="new-password"
          hint="Ends all sessions and API keys of this account."
          testid="user-password"
          problem={problems.password ?? problems.new_password2}
        />
        <div class="flex justify-end">
          <button type="submit" class="btn" data-testid="user-password-submit">
            {say('Set password')}
          </button>
        </div>
      </form>
      {user.id === who.user.id ? (
        ''
      ) : (
        <div class="flex justify-end">
          <button
            type="button"
            class="btn btn-danger"
            data-delete={`/api/users/${user.id}`}
            data-delete-title={t('Delete the account “{username}”?', { username: user.username })}
            data-delete-text={t('What it owns stays, without an owner. To keep the name in lists, shut it out instead.')}
            data-delete-next="/admin/users"
            data-testid="user-delete"
          >
            {say('Delete account')}
          </button>
          <BareRemove path={`/api/users/${user.id}`} label="Delete account" />
        </div>
      )}
    </div>
  ),
})

export const showNewUser = showAdminPage(async (visit) => createPage(visit, fresh))
export const showUser = showAdminPage(async (visit, params) => {
  const user = await getUser(readId(params))
  return userPage(visit, user, valuesOf(user))
})

export const receiveNewUser = receiveAdminForm(async (visit, fields) => {
  const values = readValues(fields)
  try {
    const group = readGroup(values.group)
    const input = { username: values.username, email: values.email, firstName: values.first_name, lastName: values.last_name }
    const rights = { superuser: group === 'admin', groups: [group] }
    const user = await createUser({ ...input, ...rights, password: fields.password?.[0] ?? '' }, visit.who)
    return redirectTo(`/admin/users/${user.id}?saved=1`)
  } catch (error) {
    return createPage(visit, values, problemsOf(error))
  }
})

export const receiveUser = receiveAdminForm(async (visit, fields, params) => {
  const user = await getUser(readId(params))
  const { group, ...values } = readValues(fields)
  try {
    // A group that does not change is not sent: somebody may be in several.
    const rights = group === valuesOf(user).group ? {} : { groups: [readGroup(group)] }
    await updateUser(visit.who, user.id, { ...values, ...rights })
    return redirectTo(`/admin/users/${user.id}?saved=1`)
  } catch (error) {
    return userPage(visit, user, { ...values, group }, problemsOf(error))
  }
})

export const receivePassword = receiveAdminForm(async (visit, fields, params) => {
  const user = await getUser(readId(params))
  try {
    await setPassword(user, fields.password?.[0] ?? '', 'password')
    return redirectTo(`/admin/users/${user.id}?password=1`)
  } catch (error) {
    return userPage(visit, user, valuesOf(user), problemsOf(error))
  }
})
