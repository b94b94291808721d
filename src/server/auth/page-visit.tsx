// What every page starts from: who looks, in which organization, in which theme; and what is shown when something goes wrong.

import { and, count, eq } from 'drizzle-orm'
import { pickLanguage, speak, t } from '../../web/ui/i18n/message'
import { Icon } from '../../web/ui/icon'
import { Centered, type Frame, type Section, Shell, type Theme } from '../../web/ui/layout'
import { db } from '../db/open'
import { asset } from '../http/assets'
import { readBrand } from '../http/brand'
import { ApiError, notFound } from '../http/errors'
import { findSender, redirectTo, renderPage } from '../http/html'
import type { Query } from '../http/page'
import { readTold } from '../http/told'
import { log } from '../log'
import { memberships, organizations } from '../organizations/schema'
import type { OrgContext, Who } from '../policy/who'
import { findFullDisk } from '../storage/disk-use'
import { readOrigin } from './context'
import { identify, readCookies } from './identify'

export type Visit = {
  who: Who
  origin: string
  request: Request
  /** Path and query of the page. */
  path: string
  query: Query
  frame: Frame
  context: OrgContext
}
export type Page = { title: string; section?: Section; body: JSX.Element; status?: number }
type Handler = (visit: Visit, params: Record<string, string>) => Promise<Page | Response>

const readTheme = (value: string | undefined): Theme => (value === 'light' || value === 'dark' ? value : 'system')

/** Invitations of this person that wait for an answer. */
const countInvitations = async (userId: number) => {
  const waiting = and(eq(memberships.userId, userId), eq(memberships.isActive, false))
  return (await db.select({ n: count() }).from(memberships).where(waiting))[0]!.n
}

/** The frame for someone or for a stranger. */
export const readFrame = async (request: Request, who: Who | null): Promise<{ frame: Frame; context: OrgContext }> => {
  const cookies = readCookies(request)
  const own = who
    ? await db
        .select({ id: organizations.id, slug: organizations.slug, name: organizations.name })
        .from(memberships)
        .innerJoin(organizations, eq(organizations.id, memberships.organizationId))
        .where(and(eq(memberships.userId, who.user.id), eq(memberships.isActive, true)))
    : []
  const chosen = own.find(({ slug }) => slug === cookies.organization)
  const context: OrgContext = chosen
    ? { kind: 'organization', id: chosen.id, slug: chosen.slug }
    : { kind: cookies.organization === '-' ? 'personal' : 'any' }
  const brand = readBrand()
  const language = pickLanguage(cookies.language, request.headers.get('accept-language'))
  const frame: Frame = {
    assets: {
      appCss: asset('app.css'),
      appJs: asset('app.js'),
      ...(language === 'de' && { texts: asset('german.js') }),
      icon: brand.icon,
      logo: brand.logo,
    },
    brand,
    theme: readTheme(cookies.theme),
    viewer: who && {
      id: who.user.id,
      username: who.user.username,
      name: [who.user.firstName, who.user.lastName].filter(Boolean).join(' '),
      isStaff: who.admin,
      mayCreate: who.admin || who.user.groups.includes('user'),
    },
    organization: context.kind === 'organization' ? context.slug : context.kind === 'personal' ? '' : null,
    organizations: own.map(({ slug, name }) => ({ slug, name })),
    language,
    languageChoice: cookies.language ?? 'system',
    csrf: cookies.csrftoken ?? '',
    isCompact: cookies.density === 'compact',
    invitations: who ? await countInvitations(who.user.id) : 0,
    told: readTold(),
    isDiskFull: who !== null && (await findFullDisk()) !== undefined,
  }
  return { frame, context }
}

/** Makes what a stranger gets in the language that their cookie or browser asks for. */
export const speakTo = <T,>(request: Request, make: () => T): T =>
  speak(pickLanguage(readCookies(request).language, request.headers.get('accept-language')), make)

/** The frame for someone who is not signed in. */
export const readStrangersFrame = async (request: Request): Promise<Frame> => (await readFrame(request, null)).frame

const toLogin = (request: Request) => {
  const { pathname, search } = new URL(request.url)
  // A form may go to an address that shows nothing: one wants back to the page that it was on.
  const next = request.method === 'GET' ? `${pathname}${search}` : findSender(request)
  return redirectTo(next === '/' ? '/auth/login' : `/auth/login?next=${encodeURIComponent(next)}`)
}

const titles: Record<number, string> = {
  400: 'This does not work',
  403: 'No access',
  404: 'Not found',
  500: 'Something went wrong',
  507: 'The disk is full',
}
const explanations: Record<number, string> = {
  403: 'You do not have permission to see this. Ask its owner, or switch to the right organization.',
  404: 'It may have been removed, or the address is wrong.',
  500: 'The server could not answer. What happened is in its log; trying again may help.',
}

/** A page that says what is wrong, in the usual frame when someone is signed in. */
export const showErrorPage = async (request: Request, status: number, detail: string): Promise<Response> => {
  const who = await identify(request).catch(() => null)
  if (status === 401) return toLogin(request)
  const { frame } = await readFrame(request, who)
  const title = titles[status] ?? t('Error {status}', { status })
  const Around = who ? Shell : Centered
  return speak(frame.language, () =>
    renderPage(
      <Around title={t(title)} frame={frame}>
        <div class="grid justify-items-center gap-2 py-20 text-center" data-testid="error-page" data-status={String(status)}>
          <span class="num font-mono text-[13px] text-muted">{status}</span>
          <h1 safe>{t(title)}</h1>
          <p class="max-w-md text-muted" dir="auto" safe>
            {explanations[status] ? t(explanations[status]) : detail}
          </p>
          <div class="mt-3 flex gap-2">
            <button type="button" class="btn" data-back>
              <Icon name="chevronLeft" />
              {t('Back') as 'safe'}
            </button>
            <a class="btn btn-primary" href="/">
              {t('Start page') as 'safe'}
            </a>
          </div>
        </div>
      </Around>,
      { status },
    ),
  )
}

const describe = (error: ApiError) =>
  Object.values(error.body)
    .flat()
    .map((part) => String(part))
    .join(' ')

/** A route handler for signed-in people: 303 to sign-in for others, the error page for refusals. */
export const showPage =
  (handler: Handler) =>
  async ({ request, params }: { request: Request; params?: Record<string, string> }): Promise<Response> => {
    try {
      const who = await identify(request)
      if (!who) return toLogin(request)
      const url = new URL(request.url)
      const { frame, context } = await readFrame(request, who)
      const query = Object.fromEntries(url.searchParams)
      const visit: Visit = { who, origin: readOrigin(request), request, path: url.pathname, query, frame, context }
      return await speak(frame.language, async () => {
        const page = await handler(visit, params ?? {})
        if (page instanceof Response) return page
        const { body } = page
        return renderPage(
          <Shell title={page.title} frame={frame} section={page.section}>
            {body}
          </Shell>,
          { status: page.status ?? 200 },
        )
      })
    } catch (error) {
      if (error instanceof ApiError) return showErrorPage(request, error.status, describe(error))
      log().error({ err: error }, `GET ${new URL(request.url).pathname}`)
      return showErrorPage(request, 500, '')
    }
  }

/** The number in an address; anything else names nothing. */
export const readId = (params: Record<string, string>, name = 'id'): number => {
  const text = params[name] ?? ''
  if (!/^[1-9]\d{0,14}$/.test(text)) throw notFound()
  return Number(text)
}
