// People, and what proves who they are: sessions, API tokens and personal access tokens.
import { bool, id, index, int, json, table, text, time, unique } from '../db/dialect'

/** What people tell about themselves, by its name in the API. */
export type Profile = {
  cvat_usage_reason?: string
  primary_role?: string
  planned_activities?: string[]
  data_types?: string[]
  discovery_source?: string
}
export type CreatedVia = 'registration' | 'social' | 'sso' | 'ldap' | 'invitation'

export const users = table(
  'users',
  {
    id: id(),
    username: text('username').notNull(),
    email: text('email').notNull().default(''),
    passwordHash: text('password_hash').notNull().default(''),
    firstName: text('first_name').notNull().default(''),
    lastName: text('last_name').notNull().default(''),
    groups: json('groups').$type<string[]>().notNull(),
    isStaff: bool('is_staff').notNull().default(false),
    isSuperuser: bool('is_superuser').notNull().default(false),
    isActive: bool('is_active').notNull().default(true),
    hasAnalyticsAccess: bool('has_analytics_access').notNull().default(false),
    /** False for an address that somebody gave and nobody proved. */
    emailVerified: bool('email_verified').notNull().default(true),
    createdVia: text('created_via').$type<CreatedVia>(),
    profile: json('profile').$type<Profile>().notNull().default({}),
    lastLogin: time('last_login'),
    dateJoined: time('date_joined').notNull(),
  },
  (t) => [unique('users_username').on(t.username), index('users_email').on(t.email)],
)

/** Browser sessions; only a hash of the cookie's value is stored. */
export const sessions = table(
  'sessions',
  {
    hash: text('hash').primaryKey(),
    userId: int('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    expiresAt: time('expires_at').notNull(),
  },
  (t) => [index('sessions_user').on(t.userId)],
)

/** The keys that sign-in returns for `Authorization: Token`; only a hash is stored. */
export const apiTokens = table(
  'api_tokens',
  {
    hash: text('hash').primaryKey(),
    userId: int('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    createdAt: time('created_at').notNull(),
  },
  (t) => [index('api_tokens_user').on(t.userId)],
)

/** Personal access tokens for `Authorization: Bearer`; only a hash is stored. */
export const accessTokens = table(
  'access_tokens',
  {
    id: id(),
    userId: int('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    hash: text('hash').notNull(),
    readOnly: bool('read_only').notNull().default(false),
    createdDate: time('created_date').notNull(),
    updatedDate: time('updated_date').notNull(),
    expiryDate: time('expiry_date'),
    lastUsedDate: time('last_used_date'),
  },
  (t) => [unique('access_tokens_hash').on(t.hash), index('access_tokens_user').on(t.userId)],
)

/** Who somebody is at a sign-in provider. `subject` never changes there, unlike names and addresses. */
export const identities = table(
  'identities',
  {
    id: id(),
    userId: int('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    provider: text('provider').notNull(),
    subject: text('subject').notNull(),
    createdDate: time('created_date').notNull(),
  },
  (t) => [unique('identities_subject').on(t.provider, t.subject), index('identities_user').on(t.userId)],
)

/** What a link in a mail proves: good once, until it expires; only a hash is stored. */
export const mailTokens = table(
  'mail_tokens',
  {
    hash: text('hash').primaryKey(),
    userId: int('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    purpose: text('purpose').$type<'reset' | 'verify' | 'join'>().notNull(),
    /** The address that the mail went to. */
    email: text('email').notNull(),
    expiresAt: time('expires_at').notNull(),
  },
  (t) => [index('mail_tokens_user').on(t.userId)],
)

/** Which prompts of the page a person has seen. */
export const growth = table(
  'growth',
  {
    id: id(),
    userId: int('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    githubPromptShown: bool('github_prompt_shown').notNull().default(false),
    githubPromptSupportClicked: bool('github_prompt_support_clicked').notNull().default(false),
    promotionNotificationsAllowed: bool('promotion_notifications_allowed').notNull().default(false),
  },
  (t) => [unique('growth_user').on(t.userId)],
)

/** What a person set up on the pages, e.g. the editor's preferences and keys: JSON that only the pages understand. */
export const userSettings = table('user_settings', {
  userId: int('user_id')
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  settings: json('settings').$type<Record<string, unknown>>().notNull(),
  updatedDate: time('updated_date').notNull(),
})
