// Finds out who sent a request: Bearer, Token, Basic or session cookie, in this order.
import { and, eq, or } from 'drizzle-orm'
import { config } from '../config'
import { dataVersion, db, tx } from '../db/open'
import { ApiError, forbidden, invalid, unauthorized } from '../http/errors'
import { log } from '../log'
import { memberships } from '../organizations/schema'
import type { AuthKind, User, Who } from '../policy/who'
import { accessTokens, apiTokens, users } from '../users/schema'
import { limitAttempts } from './attempts'
import { readClientAddress } from './client-address'
import { findSender } from './in-process'
import { hashPassword, isOutdated, verifyPassword } from './password'
import { readSession, sha256 } from './session'

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

export const readCookies = (request: Request): Record<string, string> =>
  Object.fromEntries(
    (request.headers.get('cookie') ?? '').split(/;\s*/).flatMap((part) => {
      const at = part.indexOf('=')
      return at > 0 ? [[part.slice(0, at), part.slice(at + 1)]] : []
    }),
  )

/** Makes a Who of a user: their roles in organizations are read now. */
export const actAs = async (user: User, via: AuthKind = 'session'): Promise<Who> => {
  const rows = await db
    .select({ org: memberships.organizationId, role: memberships.role })
    .from(memberships)
    .where(and(eq(memberships.userId, user.id), eq(memberships.isActive, true)))
  return { user, admin: user.isSuperuser, via, roles: new Map(rows.map((row) => [row.org, row.role])) }
}

/**
 * Whether an account may be used: active, and with a proven address where proof is a must. Every way in asks this,
 * Basic and tokens too (CVE-2025-54573).
 */
export const isAdmitted = (user: User) => user.isActive && (user.emailVerified || config().email_verification !== 'mandatory')

const findAdmitted = async (id: number) => {
  const [user] = await db.select().from(users).where(eq(users.id, id))
  return user && isAdmitted(user) ? user : null
}

/** Credentials that were verified lately → the stored hash that they fitted. A changed hash makes the entry worthless at once. */
const verified = new Map<string, string>()
const maxVerified = 1000
let decoyHash: Promise<string> | undefined

/** The active people whom a login may mean: a username goes before an address. */
const findCandidates = async (login: string): Promise<User[]> => {
  const rows = await db
    .select()
    .from(users)
    .where(and(or(eq(users.username, login), eq(users.email, login.toLowerCase())), eq(users.isActive, true)))
    .orderBy(users.id)
    .limit(5)
  return rows.sort((a, b) => Number(b.username === login) - Number(a.username === login))
}

const wasVerified = (user: User, password: string) => verified.get(sha256(`${user.id}:${password}`)) === user.passwordHash

/** Whether the password is this user's; answers them with an upgraded hash. */
const checkPassword = async (user: User, password: string): Promise<User | null> => {
  if (!(await verifyPassword(password, user.passwordHash))) return null
  const passwordHash = isOutdated(user.passwordHash) ? await hashPassword(password) : user.passwordHash
  if (passwordHash !== user.passwordHash) await tx((t) => t.update(users).set({ passwordHash }).where(eq(users.id, user.id)))
  if (verified.size >= maxVerified) verified.delete(verified.keys().next().value!)
  verified.set(sha256(`${user.id}:${password}`), passwordHash)
  return { ...user, passwordHash }
}

/** A directory is asked only after the own accounts. Its library is loaded only where one is configured. */
const findInDirectories = async (login: string, password: string): Promise<User | null> => {
  if (!config().providers.some(({ kind }) => kind === 'ldap')) return null
  const { signInByDirectory } = await import('./providers/ldap')
  return signInByDirectory(login, password)
}

const tryPassword = async (login: string, password: string, address: string): Promise<User | null> => {
  const candidates = await findCandidates(login)
  return limitAttempts(candidates[0] ? String(candidates[0].id) : login.toLowerCase(), address, async () => {
    // Within the limit like everything else, or a right guess would shine through it.
    const known = candidates.find((candidate) => wasVerified(candidate, password))
    if (known) return known
    // The same work for an unknown name and for an account without a password, so that the answer's time tells nothing.
    if (!candidates.some(({ passwordHash }) => passwordHash))
      await verifyPassword(password, await (decoyHash ??= hashPassword('nobody')))
    for (const candidate of candidates) {
      const found = await checkPassword(candidate, password)
      if (found) return found
    }
    const found = await findInDirectories(login, password)
    // What was typed as a name stays out: people type passwords there.
    if (!found) log().warn({ account: candidates[0]?.id ?? null, address }, 'sign-in refused')
    return found
  })
}

/** Requests that come at once with the same credentials are one attempt. */
const underway = new Map<string, Promise<User | null>>()

/**
 * The person with this name or e-mail and password, else null. An outdated hash is upgraded.
 * Errors: 429 after too many failures; 400 when only the proof of the e-mail address is missing.
 */
export const findByPassword = async (login: string, password: string, address = ''): Promise<User | null> => {
  const key = sha256(JSON.stringify([login, password, address]))
  const attempt = underway.get(key) ?? tryPassword(login, password, address).finally(() => underway.delete(key))
  underway.set(key, attempt)
  const user = await attempt
  if (user && !isAdmitted(user)) throw invalid({ non_field_errors: 'E-mail is not verified.' })
  return user
}

const findByBearer = async (value: string, { method }: Request): Promise<User> => {
  const [row] = await db
    .select({ token: accessTokens, user: users })
    .from(accessTokens)
    .innerJoin(users, eq(users.id, accessTokens.userId))
    .where(eq(accessTokens.hash, sha256(value)))
  const now = new Date()
  if (!row || !isAdmitted(row.user) || (row.token.expiryDate && row.token.expiryDate <= now)) throw unauthorized('Invalid token.')
  if (row.token.readOnly && !safeMethods.has(method)) throw forbidden('This token may only read.')
  if (!row.token.lastUsedDate || now.getTime() - row.token.lastUsedDate.getTime() > 1000)
    await tx((t) => t.update(accessTokens).set({ lastUsedDate: now }).where(eq(accessTokens.id, row.token.id)))
  return row.user
}

const findByToken = async (key: string): Promise<User> => {
  const [row] = await db
    .select({ user: users })
    .from(apiTokens)
    .innerJoin(users, eq(users.id, apiTokens.userId))
    .where(eq(apiTokens.hash, sha256(key)))
  if (!row || !isAdmitted(row.user)) throw unauthorized('Invalid token.')
  return row.user
}

/** What is a bad form at sign-in is a failed authentication here. */
const asUnauthorized = (error: unknown): never => {
  throw error instanceof ApiError && error.status === 400 ? unauthorized('E-mail is not verified.') : error
}

const findByBasic = async (encoded: string, request: Request): Promise<User> => {
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const at = text.indexOf(':')
  const find = () => findByPassword(text.slice(0, at), text.slice(at + 1), readClientAddress(request))
  const user = at < 0 ? null : await find().catch(asUnauthorized)
  if (!user) throw unauthorized('Invalid username/password.')
  return user
}

/** With a session, a change needs the token of the csrftoken cookie in a header, and an Origin that is ours. */
const checkCsrf = (request: Request, cookies: Record<string, string>) => {
  if (safeMethods.has(request.method)) return
  const sent = request.headers.get('x-csrftoken')
  if (!sent || !cookies.csrftoken || sent !== cookies.csrftoken) throw forbidden('CSRF Failed: CSRF token missing or incorrect.')
  const origin = request.headers.get('origin')
  if (!origin || !URL.canParse(origin) || new URL(origin).host !== request.headers.get('host'))
    throw forbidden(`CSRF Failed: Origin checking failed - ${origin ?? 'none'} does not match any trusted origins.`)
}

const bySchemes: Record<string, [AuthKind, (value: string, request: Request) => Promise<User>]> = {
  bearer: ['bearer', findByBearer],
  token: ['token', findByToken],
  basic: ['basic', findByBasic],
}

const findBySession = async (value: string): Promise<User | null> => {
  const id = await readSession(value)
  return id === null ? null : findAdmitted(id)
}

/** Who was found lately, by what they presented. Good only until something is written to the database, and for some seconds. */
const lately = { version: -1, since: 0, found: new Map<string, Who>() }
const latelyMs = 5000

/** Answers who presented `key` before, as long as nothing has changed since; else asks `find`. */
const recall = async (key: string, via: AuthKind, find: () => Promise<User | null>): Promise<Who | null> => {
  const version = dataVersion()
  if (version !== lately.version || Date.now() - lately.since > latelyMs || lately.found.size > maxVerified)
    Object.assign(lately, { version, since: Date.now(), found: new Map() })
  const known = lately.found.get(key)
  if (known) return known
  const { found } = lately
  const user = await find()
  const who = user && (await actAs(user, via))
  // Into the map of the version that was read, so that a write meanwhile makes it worthless.
  if (who && version !== undefined) found.set(key, who)
  return who
}

/**
 * The person behind a request; null when nothing was presented.
 * Errors: 401 for wrong credentials, 403 for a failed CSRF check or a change with a read-only token.
 */
export const identify = async (request: Request): Promise<Who | null> => {
  const sender = findSender(request)
  if (sender) return sender
  const header = request.headers.get('authorization')
  if (header) {
    const [scheme, value] = header.split(/\s+(.*)/)
    const known = bySchemes[scheme!.toLowerCase()]
    if (known && value) {
      const [via, find] = known
      // Use of a personal access token is recorded, so it is looked up each time.
      if (via === 'bearer') return actAs(await findByBearer(value, request), 'bearer')
      // A password that was right from one address says nothing to another, which may be guessing.
      const key = via === 'basic' ? `${header} ${readClientAddress(request)}` : header
      return recall(key, via, () => find(value, request))
    }
  }
  const cookies = readCookies(request)
  if (!cookies.sessionid) return null
  const who = await recall(`session ${cookies.sessionid}`, 'session', () => findBySession(cookies.sessionid!))
  if (who) checkCsrf(request, cookies)
  return who
}
