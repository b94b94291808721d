// The members on the page of an organization: their roles, taking somebody out, leaving.
import { say, t } from '../../web/ui/i18n/message'
import { can } from '../policy/can'
import type { User, Who } from '../policy/who'
import { type Membership, type Role, roles } from './service'

type Member = { membership: Membership; user: User }

/** The roles that this person may give to that member; none when theirs stays as it is. */
const findChoices = (who: Who, { membership: { role, userId, organizationId } }: Member): Role[] => {
  const facts = { organizationId, selfId: userId }
  const may = (named: Role) => can(who, 'membership', `change:${named}`, facts)
  if (userId === who.user.id || role === 'owner' || !may(role)) return []
  return roles.filter((named) => named !== 'owner' && may(named))
}

const RoleCell = ({ who, member }: { who: Who; member: Member }) => {
  const { id, role } = member.membership
  const choices = findChoices(who, member)
  if (!choices.length) return <span class="badge plain">{role}</span>
  return (
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
  )
}

const OutButton = ({ who, member: { membership, user } }: { who: Who; member: Member }) => {
  const { id, role, userId, organizationId } = membership
  const isMe = userId === who.user.id
  const action = `${isMe ? 'leave' : 'delete'}:${role}`
  if (role === 'owner' || !can(who, 'membership', action, { organizationId, selfId: userId })) return null
  return (
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
  )
}

const MemberRow = ({ who, member }: { who: Who; member: Member }) => (
  <tr data-testid={`member-${member.membership.id}`}>
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
  <section class="card" aria-label={t('Members')}>
    <h2 class="p-4">
      {say('Members')} <span class="num font-normal text-muted">{members.length}</span>
    </h2>
    <table class="grid-table slim border-t border-line">
      <tbody>
        {members.map((member) => (
          <MemberRow who={who} member={member} />
        ))}
      </tbody>
    </table>
  </section>
)
