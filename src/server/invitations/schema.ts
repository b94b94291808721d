// Invitations to organizations: each made one membership, which waits until it is accepted.
import { index, int, table, text, time, unique } from '../db/dialect'
import { memberships } from '../organizations/schema'
import { users } from '../users/schema'

export const invitations = table(
  'invitations',
  {
    key: text('key').primaryKey(),
    createdDate: time('created_date').notNull(),
    /** When the last mail went out; null as long as none did. */
    sentDate: time('sent_date'),
    ownerId: int('owner_id').references(() => users.id, { onDelete: 'set null' }),
    membershipId: int('membership_id')
      .notNull()
      .references(() => memberships.id, { onDelete: 'cascade' }),
  },
  (t) => [unique('invitations_membership').on(t.membershipId), index('invitations_created').on(t.createdDate)],
)
