// What every handler gets: who is asking, their organization context, and the address under which they see us.
import { eq } from 'drizzle-orm'
import { Elysia } from 'elysia'
import { config } from '../config'
import { numberValue } from '../db/dialect'
import { db } from '../db/open'
import { forbidden, invalid, notFound, unauthorized } from '../http/errors'
import { organizations } from '../organizations/schema'
import type { OrgContext, Who } from '../policy/who'
import { TooManyAttempts } from './attempts'
import { checkValues } from './check-values'
import { isProxyTrusted, rememberServer } from './client-address'
import { identify } from './identify'

/** Scheme and host as the client sees them, without a trailing slash. */
export const readOrigin = (request: Request): string => {
  if (config().public_url) return config().public_url.replace(/\/$/, '')
  const isSecure =
    request.url.startsWith('https:') || (request.headers.get('x-forwarded-proto') === 'https' && isProxyTrusted(request))
  const proto = isSecure ? 'https' : 'http'
  return `${proto}://${request.headers.get('host') ?? new URL(request.url).host}`
}

/**
 * The organization context of header `X-Organization`, query `org` or `org_id`.
 * Errors: 400 when they disagree, 404 for an unknown organization, 403 for one that the person does not belong to.
 */
export const readOrgContext = async (who: Who, request: Request): Promise<OrgContext> => {
  const query = new URL(request.url).searchParams
  const slugs = new Set([request.headers.get('x-organization'), query.get('org')].filter((slug) => slug !== null))
  const id = query.get('org_id')
  const [slug] = slugs
  if (slugs.size > 1 || (slug !== undefined && id !== null && (query.has('org') || (slug === '') !== (id === ''))))
    throw invalid({ org: 'An organization can be named in one way only.' })
  if (slug === undefined && id === null) return { kind: 'any' }
  if ((slug ?? id) === '') return { kind: 'personal' }
  if (id && !/^\d+$/.test(id)) throw invalid({ org_id: 'A valid integer is required.' })
  const [organization] = await db
    .select({ id: organizations.id, slug: organizations.slug })
    .from(organizations)
    .where(slug === undefined ? eq(organizations.id, numberValue(Number(id))) : eq(organizations.slug, slug))
  if (!organization) throw notFound()
  if (id && organization.id !== Number(id)) throw invalid({ org_id: 'Does not fit the named organization.' })
  if (!who.admin && !who.roles.has(organization.id)) throw forbidden()
  return { kind: 'organization', ...organization }
}

type Headers = Record<string, string | number>

/** Says in the answer how long to wait when that is what went wrong. */
export const withRetryAfter = async <T>(set: { headers: Headers }, work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (error instanceof TooManyAttempts) set.headers['retry-after'] = String(error.seconds)
    throw error
  }
}

const readVisitor = async (request: Request, set: { headers: Headers }): Promise<Who | null> => {
  const known = await withRetryAfter(set, () => identify(request))
  return known && { ...known, requestId: String(set.headers['x-request-id']), origin: readOrigin(request) }
}

/** Clients announce JSON and send nothing: that counts as `{}`. */
const readBody = (context: { body: unknown; query: unknown; params: unknown; request: Request }) => {
  if (context.body === undefined && context.request.headers.get('content-type')?.includes('json')) context.body = {}
  checkValues(context)
}

/** What handlers that need nobody's identity have in common with the others. */
export const unknownVisitors = new Elysia({ name: 'unknown-visitors' })
  .use(rememberServer)
  .onTransform({ as: 'scoped' }, readBody)

/** Handlers of people who may be anybody. `visitor` is null for a stranger. */
export const anyone = new Elysia({ name: 'anyone' })
  .use(rememberServer)
  .onTransform({ as: 'scoped' }, readBody)
  .derive({ as: 'scoped' }, async ({ request, set }) => ({
    visitor: await readVisitor(request, set as { headers: Headers }),
    origin: readOrigin(request),
  }))

/** Handlers of signed-in people: 401 for others. */
export const signedIn = new Elysia({ name: 'signed-in' })
  .use(rememberServer)
  .onTransform({ as: 'scoped' }, readBody)
  .derive({ as: 'scoped' }, async ({ request, set }) => {
    const who = await readVisitor(request, set as { headers: Headers })
    if (!who) throw unauthorized()
    return { who, origin: readOrigin(request), organization: () => readOrgContext(who, request) }
  })
