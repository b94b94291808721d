// Who is asking, and in the context of which organization: the types that rules and features speak.
import type { Role } from '../organizations/schema'
import type { users } from '../users/schema'

export type User = typeof users.$inferSelect
export type AuthKind = 'session' | 'token' | 'bearer' | 'basic'

/** A signed-in person. `roles` maps organization ids to the person's role there. */
export type Who = {
  user: User
  admin: boolean
  via: AuthKind
  roles: ReadonlyMap<number, Role>
  /** `X-Request-Id` of the request that they make, and the address under which they see us: for the audit log and webhooks. */
  requestId?: string
  origin?: string
}

/** `any`: no context given; `personal`: objects without organization; else one organization. */
export type OrgContext = { kind: 'any' } | { kind: 'personal' } | { kind: 'organization'; id: number; slug: string }
