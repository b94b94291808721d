// /organization/members/<id>: the role of one member, as a plain form for browsers without scripts.
import { ChoiceField, PageHead, Problem } from '../../web/ui/form'
import { say, t } from '../../web/ui/i18n/message'
import { FormToken, type Page, readId, receiveForm, showPage, type Visit, wordsOf } from '../auth/service'
import { invalid } from '../http/errors'
import { redirectTo } from '../http/html'
import { findChoices, type Member } from './members-page'
import { getMembership, roles, updateMembership } from './service'

const render = (visit: Visit, member: Member, problem?: string): Page => {
  const { membership, user } = member
  const title = t('Role of {username}', { username: user.username })
  return {
    title,
    status: problem ? 400 : 200,
    body: (
      <form
        class="mx-auto grid max-w-[480px] gap-4"
        method="post"
        action={`/organization/members/${membership.id}`}
        data-submit-once
        data-testid="bare-form"
      >
        <PageHead title={title} crumbs={[{ href: '/organization', label: t('Organization') }]} />
        <FormToken request={visit.request} />
        <Problem text={problem} testid="bare-error" />
        <div class="card p-4">
          <ChoiceField
            label="Role"
            name="role"
            value={membership.role}
            options={findChoices(visit.who, member).map((role) => [role, role] as const)}
            testid="bare-role"
          />
        </div>
        <div class="flex justify-end gap-2">
          <a class="btn" href="/organization">
            {say('Cancel')}
          </a>
          <button type="submit" class="btn btn-primary" data-testid="bare-submit">
            {say('Save')}
          </button>
        </div>
      </form>
    ),
  }
}

export const showMemberForm = showPage(async (visit, params) => render(visit, await getMembership(visit.who, readId(params))))

export const receiveMemberForm = receiveForm(async (visit, fields, params) => {
  const member = await getMembership(visit.who, readId(params))
  try {
    const role = roles.find((one) => one === fields.role?.[0])
    if (!role) throw invalid({ role: `"${fields.role?.[0] ?? ''}" is not a valid choice.` })
    await updateMembership(visit.who, member.membership.id, { role })
    return redirectTo('/organization')
  } catch (error) {
    return render(visit, member, wordsOf(error))
  }
})
