// The members on the page of an organization: their roles, taking somebody out, leaving.
import { BareLink, BareRemove } from '../../web/ui/bare'
import { say, t } from '../../web/ui/i18n/message'
import { SelectCell, SelectHead } from '../../web/ui/parts'
import { can } from '../policy/can'
import type { User, Who } from '../policy/who'
import { type Membership, type Role, roles } from './service'

export type Member = { membership: Membership; user: User }

/** The roles that this person may give to that member; none when theirs stays as it is. */
export const findChoices = (who: Who, { membership: { role, userId, organizationId } }: Member): Role[] => {
  const facts = { organizationId, selfId: userId }
  const may = (named: Role) => can(who, 'membership', `change:${named}`, facts)
  if (userId === who.user.id || role === 'owner' || !may(role)) return []
  return roles.filter((named) => named !== 'owner' && may(named))
}

const RoleCell = ({ who, member }: { who: Who; member: Member }) => {
  const { id, role } = member.membership
  const choices = findChoices(who, member)
  if (!choices.length) return <span class="badge plain">{say(role)}</span>
  return (
    <>
      <BareLink href={`/organization/members/${id}`} label="Edit" testid="bare-edit" />
      <select
        class="select compact quiet px-2"
        aria-label={t('Role of {username}', { username: member.user.username })}
        data-patch={`/api/memberships/${id}`}
        data-field="role"
        data-testid="member-role"
        autocomplete="off"
      >
        {choices.map((choice) => (
          <option value={choice} selected={choice === role}>
            {choice}
          </option>
        ))}
      </select>
    </>
  )
}

const mayTakeOut = (who: Who, { membership: { role, userId, organizationId } }: Member) => {
  const action = `${userId === who.user.id ? 'leave' : 'delete'}:${role}`
  return role !== 'owner' && can(who, 'membership', action, { organizationId, selfId: userId })
}

/** What can be done to this member among several: nothing to oneself. */
const listAbilities = (who: Who, member: Member): string[] =>
  member.membership.userId === who.user.id
    ? []
    : [...(findChoices(who, member).length ? ['role'] : []), ...(mayTakeOut(who, member) ? ['remove'] : [])]

const OutButton = ({ who, member }: { who: Who; member: Member }) => {
  const { membership, user } = member
  const { id, userId } = membership
  const isMe = userId === who.user.id
  if (!mayTakeOut(who, member)) return null
  return (
    <>
      <BareRemove path={`/api/memberships/${id}`} label={isMe ? 'Leave' : 'Remove'} />
      <button
        type="button"
        class="btn btn-small btn-danger"
        data-delete={`/api/memberships/${id}`}
        data-delete-title={isMe ? t('Leave the organization?') : t('Remove “{username}”?', { username: user.username })}
        data-delete-text={t(
          isMe
            ? 'You lose access to its projects and tasks. Only an invitation brings you back.'
            : 'They lose access to its projects and tasks. Only an invitation brings them back.',
        )}
        data-delete-label={isMe ? t('Leave') : t('Remove')}
        data-delete-next={isMe ? '/projects' : '/organization'}
        data-testid={isMe ? 'org-leave' : 'row-remove'}
      >
        {isMe ? say('Leave') : say('Remove')}
      </button>
    </>
  )
}

const MemberSelect = ({ who, member }: { who: Who; member: Member }) => {
  const abilities = listAbilities(who, member)
  return abilities.length ? (
    <SelectCell id={member.membership.id} name={member.user.username} can={abilities} />
  ) : (
    <td class="w-8 max-sm:hidden"></td>
  )
}

const MemberRow = ({ who, member }: { who: Who; member: Member }) => (
  <tr data-testid={`member-${member.membership.id}`}>
    <MemberSelect who={who} member={member} />
    <td class="max-w-0">
      <span class="block truncate font-medium" dir="auto" safe>
        {member.user.username}
      </span>
    </td>
    <td class="w-[35%] truncate text-muted max-sm:hidden" dir="auto" safe>
      {`${member.user.firstName} ${member.user.lastName}`}
    </td>
    <td class="w-36">
      <RoleCell who={who} member={member} />
    </td>
    <td class="w-24 text-end">
      <OutButton who={who} member={member} />
    </td>
  </tr>
)

export const Members = ({ who, members }: { who: Who; members: Member[] }): JSX.Element => (
  <section class="card" aria-label={t('Members')} id="members" data-part>
    <h2 class="p-4">
      {say('Members')} <span class="num font-normal text-muted">{members.length}</span>
    </h2>
    <table
      class="grid-table slim border-t border-line"
      data-bulk="members"
      data-roles={roles.filter((role) => members.some((member) => findChoices(who, member).includes(role))).join(' ')}
    >
      <thead>
        <tr>
          <SelectHead />
          <th scope="col">{say('User')}</th>
          <th scope="col" class="max-sm:hidden">
            {say('Name')}
          </th>
          <th scope="col">{say('Role')}</th>
          <th scope="col">
            <span class="sr-only">{say('Actions')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {members.map((member) => (
          <MemberRow who={who} member={member} />
        ))}
      </tbody>
    </table>
  </section>
)
