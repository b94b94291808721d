// /organizations/create: makes an organization and enters it.
import { PageHead, Problem, TextField } from '../../web/ui/form'
import { say, t } from '../../web/ui/i18n/message'
import { type Fields, FormToken, type Page, problemsOf, receiveForm, showPage, type Visit } from '../auth/service'
import { forbidden } from '../http/errors'
import { redirectTo } from '../http/html'
import { can } from '../policy/can'
import { readContact } from './contact'
import { DetailFields, noDetails, readDetails } from './details-form'
import { createOrganization } from './service'

type Told = { slug: string; values: typeof noDetails; problems: Record<string, string> }

const shownFields = ['slug', ...Object.keys(noDetails)]

const createPage = ({ who, request }: Visit, { slug, values, problems }: Told): Page => {
  if (!can(who, 'organization', 'create', {})) throw forbidden()
  const others = Object.entries(problems).flatMap(([field, text]) => (shownFields.includes(field) ? [] : text))
  return {
    title: t('New organization'),
    status: Object.keys(problems).length ? 400 : 200,
    body: (
      <form
        class="mx-auto grid max-w-[560px] grid-cols-[minmax(0,1fr)] gap-4"
        method="post"
        action="/organizations/create"
        data-submit-once
      >
        <PageHead title={t('New organization')} />
        <FormToken request={request} />
        <Problem text={others.join('\n') || undefined} testid="org-error" />
        <div class="card grid gap-4 p-4">
          <TextField
            label="Short name"
            hint="Up to 16 letters, digits, hyphens or underscores. It cannot be changed later."
            name="slug"
            value={slug}
            problem={problems.slug}
            required
            maxlength={16}
            pattern="[\-a-zA-Z0-9_]+"
            autofocus
            testid="org-slug"
          />
          <DetailFields values={values} problems={problems} />
          <div class="flex justify-end">
            <button type="submit" class="btn btn-primary" data-testid="org-submit">
              {say('Create organization')}
            </button>
          </div>
        </div>
      </form>
    ),
  }
}

export const showCreate = showPage(async (visit) => createPage(visit, { slug: '', values: noDetails, problems: {} }))

export const receiveNew = receiveForm(async (visit, fields: Fields) => {
  const slug = fields.slug?.[0]?.trim() ?? ''
  const values = readDetails(fields)
  try {
    const { name, description } = values
    const { organization } = await createOrganization(visit.who, { slug, name, description, contact: readContact(values) })
    return redirectTo('/organization', [`organization=${organization.slug}; Path=/; Max-Age=31536000; SameSite=Lax`])
  } catch (error) {
    return createPage(visit, { slug, values, problems: problemsOf(error) })
  }
})
