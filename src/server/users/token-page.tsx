// /profile/tokens/<id>: the name and the day of expiry of a personal access token are changed.
import { ChoiceField, PageHead, Problem, TextField } from '../../web/ui/form'
import { say, t } from '../../web/ui/i18n/message'
import {
  FormToken,
  getAccessToken,
  type Page,
  problemsOf,
  readId,
  receiveForm,
  showPage,
  updateAccessToken,
  type Visit,
} from '../auth/service'
import { invalid } from '../http/errors'
import { redirectTo } from '../http/html'

type Token = Awaited<ReturnType<typeof getAccessToken>>
type Values = { name: string; expiry: string; access: string }

const maxNameLength = 50
const accesses = [
  ['write', 'Read and change'],
  ['read', 'Read only'],
] as const

const valuesOf = ({ name, expiryDate, readOnly }: Token): Values => ({
  name,
  expiry: expiryDate?.toISOString().slice(0, 10) ?? '',
  access: readOnly ? 'read' : 'write',
})

const tokenPage = ({ request }: Visit, token: Token, values: Values, problems: Record<string, string> = {}): Page => ({
  title: t('Personal access token'),
  status: Object.keys(problems).length ? 400 : 200,
  body: (
    <div class="mx-auto max-w-[560px]">
      <PageHead title={t('Personal access token')} crumbs={[{ href: '/profile#tokens', label: t('Profile') }]} />
      <form class="card grid gap-4 p-4" method="post" action={`/profile/tokens/${token.id}`} data-submit-once>
        <FormToken request={request} />
        <Problem text={problems.detail} testid="token-error" />
        <TextField
          label="Name"
          name="name"
          value={values.name}
          problem={problems.name}
          maxlength={maxNameLength}
          required
          testid="token-name"
        />
        <TextField
          label="Expires"
          hint="At the end of this day by UTC; empty: never."
          name="expiry"
          type="date"
          value={values.expiry}
          problem={problems.expiry}
          testid="token-expiry"
        />
        <ChoiceField label="Access" name="access" value={values.access} options={accesses} testid="token-access" />
        <div class="flex justify-end gap-2">
          <a class="btn" href="/profile#tokens">
            {say('Cancel')}
          </a>
          <button type="submit" class="btn btn-primary" data-testid="token-save">
            {say('Save')}
          </button>
        </div>
      </form>
    </div>
  ),
})

export const showToken = showPage(async (visit, params) => {
  const token = await getAccessToken(visit.who, readId(params))
  return tokenPage(visit, token, valuesOf(token))
})

/** The last moment of a day; the moment that is kept when the day is the same. */
const readExpiry = (day: string, token: Token): string | null => {
  if (!day) return null
  if (token.expiryDate?.toISOString().startsWith(day)) return token.expiryDate.toISOString()
  const end = new Date(`${day}T23:59:59Z`)
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || Number.isNaN(end.getTime())) throw invalid({ expiry: t('This is no day.') })
  return end.toISOString()
}

export const saveToken = receiveForm(async (visit, fields, params) => {
  const token = await getAccessToken(visit.who, readId(params))
  const [name = '', expiry = '', access = ''] = ['name', 'expiry', 'access'].map((field) => fields[field]?.[0]?.trim())
  try {
    if (!name || name.length > maxNameLength)
      throw invalid({ name: t('A name has 1 to {most} characters.', { most: maxNameLength }) })
    await updateAccessToken(visit.who, token.id, { name, expiry_date: readExpiry(expiry, token), read_only: access === 'read' })
    return redirectTo('/profile?saved=1#tokens')
  } catch (error) {
    return tokenPage(visit, token, { name, expiry, access }, problemsOf(error))
  }
})
