// Inviting on the page of an organization: the form for several people at once, and the invitations that wait for an answer.
import { BareRemove } from '../../web/ui/bare'
import { say, t } from '../../web/ui/i18n/message'
import { Icon } from '../../web/ui/icon'
import { Ago, plural, SelectCell, SelectHead } from '../../web/ui/parts'
import { type Fields, FormToken, type Visit, wordsOf } from '../auth/service'
import { isoTime } from '../http/json'
import { readConditions } from '../http/page'
import { createInvitation, type getInvitation, listInvitations, listOptions, showInvitation } from '../invitations/service'
import { hasMail } from '../mail/service'
import { can } from '../policy/can'
import type { Who } from '../policy/who'
import { type Role, roles } from './service'

export type Invitation = Awaited<ReturnType<typeof getInvitation>>
/** The form as it is shown; closed unless somebody is at it. */
export type InviteForm = { rows: { email: string; role: Role }[]; isOpen: boolean; problem?: string }

const maxRows = 50
const emptyRow = { email: '', role: 'worker' as Role }
export const closedForm: InviteForm = { rows: [emptyRow], isOpen: false }

/** The roles that this person may invite somebody with. */
export const findInviteRoles = (who: Who, organizationId: number): Role[] =>
  roles.filter((role) => role !== 'owner' && can(who, 'invitation', `create:${role}`, { organizationId }))

const readRows = ({ email = [], role = [] }: Fields): InviteForm['rows'] =>
  email.slice(0, maxRows).map((text, at) => ({
    email: text.trim(),
    role: roles.find((known) => known === role[at]) ?? emptyRow.role,
  }))

/** Invites everybody who is named. Rows that fail stay in the form with the reasons; null when all went well. */
export const takeInvites = async (visit: Visit, fields: Fields): Promise<{ form: InviteForm | null; invited: number }> => {
  const rows = readRows(fields)
  if (fields.more) return { form: { rows: [...rows, emptyRow].slice(0, maxRows), isOpen: true }, invited: 0 }
  const named = rows.filter(({ email }) => email)
  if (!named.length) return { form: { rows: [emptyRow], isOpen: true, problem: t('Enter an e-mail address.') }, invited: 0 }
  const failed: InviteForm['rows'] = []
  const problems: string[] = []
  for (const row of named) {
    try {
      await createInvitation(visit.who, visit.context, row)
    } catch (error) {
      problems.push(`${row.email}: ${wordsOf(error)}`)
      failed.push(row)
    }
  }
  const form = failed.length ? { rows: failed, isOpen: true, problem: problems.join('\n') } : null
  return { form, invited: named.length - failed.length }
}

type PersonProps = { row: InviteForm['rows'][number]; choices: Role[]; isFocused: boolean }

const PersonRow = ({ row, choices, isFocused }: PersonProps) => (
  <div class="flex gap-2">
    <input
      class="input min-w-0 flex-1"
      type="email"
      name="email"
      value={row.email}
      maxlength="254"
      placeholder={t('E-mail')}
      aria-label={t('E-mail')}
      autocomplete="off"
      autofocus={isFocused}
      dir="auto"
      data-testid="invite-email"
    />
    <select class="select w-36" name="role" aria-label={t('Role')} autocomplete="off" data-testid="invite-role">
      {choices.map((choice) => (
        <option value={choice} selected={choice === row.role}>
          {choice}
        </option>
      ))}
    </select>
  </div>
)

type InviteProps = { request: Request; form: InviteForm; choices: Role[] }

export const Invite = ({ request, form, choices }: InviteProps): JSX.Element => (
  <details class="card" id="invite" open={form.isOpen}>
    <summary class="flex list-none items-center gap-2 p-4 font-semibold" data-testid="org-invite">
      <Icon name="plus" />
      {say('Invite people')}
    </summary>
    <form class="grid gap-3 border-t border-line p-4" method="post" action="/organization#invite" data-submit-once>
      <FormToken request={request} />
      {form.problem ? (
        <div class="problem" role="alert" data-testid="invite-error">
          <span class="whitespace-pre-line" dir="auto" safe>
            {form.problem}
          </span>
        </div>
      ) : (
        ''
      )}
      {/* First in the form, so that Enter sends it. */}
      <button type="submit" class="sr-only" tabindex="-1" aria-hidden="true"></button>
      {form.rows.map((row, at) => (
        <PersonRow row={row} choices={choices} isFocused={form.isOpen && at === form.rows.length - 1} />
      ))}
      <p class="hint">
        {hasMail()
          ? say('They get a mail with a link. Who has an account already is a member at once.')
          : say(
              'This server sends no mail: who has an account is a member at once, others must be told to register with this address.',
            )}
      </p>
      <div class="flex gap-2">
        <button type="submit" class="btn" name="more" value="1" formnovalidate data-testid="invite-more">
          <Icon name="plus" />
          {say('Invite more')}
        </button>
        <span class="flex-1"></span>
        <button type="submit" class="btn btn-primary" data-testid="invite-submit">
          {say('Invite')}
        </button>
      </div>
    </form>
  </details>
)

const maxShown = 500

/** Those of the organization that nobody has accepted, as far as this person may see them. */
export const listPending = async ({ who, context }: Visit): Promise<Invitation[]> => {
  const conditions = readConditions({ accepted: 'false' }, listOptions)
  return (await listInvitations(who, context, conditions, [], { page: 1, size: maxShown, offset: 0 })).rows
}

const PendingRow = ({ visit: { who, origin, request }, row }: { visit: Visit; row: Invitation }) => {
  const { key, createdDate, ownerId } = row.invitation
  const facts = { organizationId: row.organization.id, ownerId, selfId: row.membership.userId }
  const may = (action: string) => can(who, 'invitation', action, facts)
  const abilities = [...(hasMail() && may('resend') ? ['resend'] : []), ...(may('delete') ? ['remove'] : [])]
  return (
    <tr data-testid={`invitation-${key}`}>
      {abilities.length ? (
        <SelectCell id={key} name={row.user.email || row.user.username} can={abilities} />
      ) : (
        <td class="w-8 max-sm:hidden"></td>
      )}
      <td class="max-w-0">
        <span class="block truncate font-medium" dir="auto" safe>
          {row.user.email || row.user.username}
        </span>
        <span class="flex items-center gap-2 text-[12px] text-muted">
          {row.membership.role}
          <Ago iso={isoTime(createdDate)} />
          {showInvitation(origin, row).expired ? <span class="text-warning">{say('expired')}</span> : ''}
        </span>
      </td>
      <td class="w-44 text-end whitespace-nowrap">
        {hasMail() && may('resend') ? (
          <form class="inline" method="post" action={`/organization/invitations/${key}/resend`} data-submit-once>
            <FormToken request={request} />
            <button type="submit" class="btn btn-small" data-testid="row-resend">
              {say('Resend')}
            </button>
          </form>
        ) : (
          ''
        )}{' '}
        {may('delete') ? (
          <button
            type="button"
            class="btn btn-small btn-danger"
            data-delete={`/api/invitations/${key}`}
            data-delete-title={t('Remove the invitation of “{person}”?', { person: row.user.email || row.user.username })}
            data-delete-text={t('The link in the mail stops working.')}
            data-delete-label={t('Remove')}
            data-delete-next="/organization"
            data-testid="row-remove"
          >
            {say('Remove')}
          </button>
        ) : (
          ''
        )}
        {may('delete') ? <BareRemove path={`/api/invitations/${key}`} /> : ''}
      </td>
    </tr>
  )
}

export const Pending = ({ visit, rows }: { visit: Visit; rows: Invitation[] }): JSX.Element => (
  <section class="card" aria-label={t('Invitations')} id="pending" data-part>
    <h2 class="p-4">
      {say('Invitations')} <span class="num font-normal text-muted">{rows.length}</span>
    </h2>
    <table class="grid-table border-t border-line" data-bulk="invitations">
      <thead>
        <tr>
          <SelectHead />
          <th scope="col">{say('Who')}</th>
          <th scope="col">
            <span class="sr-only">{say('Actions')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <PendingRow visit={visit} row={row} />
        ))}
      </tbody>
    </table>
  </section>
)

/** What happened, by the words in the address. */
export const tellNews = ({ invited, resent, saved }: Visit['query']): string =>
  Number(invited) > 0
    ? `${plural(Number(invited), 'person').replace('persons', 'people')} invited.`
    : resent
      ? t('The mail is sent again.')
      : saved
        ? t('Saved.')
        : ''
