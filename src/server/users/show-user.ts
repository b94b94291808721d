// How people look in answers: a few fields for everybody, all of them for themselves and administrators.
import { since } from '../http/compat'
import { isoTime, isoTimeOrNull } from '../http/json'
import type { User, Who } from '../policy/who'

/** What everybody may see of a person. */
export const showPerson = (origin: string, user: User) => ({
  url: `${origin}/api/users/${user.id}`,
  id: user.id,
  username: user.username,
  first_name: user.firstName,
  last_name: user.lastName,
})

/** What a person and administrators see. */
export const showUser = (origin: string, user: User) => ({
  ...showPerson(origin, user),
  email: user.email,
  groups: user.groups,
  is_staff: user.isStaff,
  is_superuser: user.isSuperuser,
  is_active: user.isActive,
  last_login: isoTimeOrNull(user.lastLogin),
  date_joined: isoTime(user.dateJoined),
  has_analytics_access: user.hasAnalyticsAccess || user.isSuperuser,
  ...since('2.80', {
    cvat_usage_reason: user.profile.cvat_usage_reason ?? '',
    primary_role: user.profile.primary_role ?? '',
    planned_activities: user.profile.planned_activities ?? [],
    data_types: user.profile.data_types ?? [],
    discovery_source: user.profile.discovery_source ?? '',
    email_verified: user.emailVerified,
    created_via: user.createdVia,
  }),
})

export const showFor = (who: Who, origin: string, user: User) =>
  who.admin || who.user.id === user.id ? showUser(origin, user) : showPerson(origin, user)
