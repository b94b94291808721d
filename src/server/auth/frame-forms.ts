// The forms in the frame of every page: signing out, and choosing the organization that one works in.
import { Elysia } from 'elysia'
import { findSender, redirectTo } from '../http/html'
import { readOrigin } from './context'
import { clearedCookies } from './cookies'
import { receiveForm } from './form-page'
import { readCookies } from './identify'
import { endSession } from './session'
import { endApiTokens } from './tokens'

const yearSeconds = 31_536_000

const signOut = receiveForm(async ({ who, request }) => {
  const { sessionid } = readCookies(request)
  if (sessionid) await endSession(sessionid)
  await endApiTokens(who.user.id)
  return redirectTo('/auth/login', clearedCookies(readOrigin(request)))
})

/** `*` is everything, `-` the own space; only organizations of this person count, as the cookie is read. */
const chooseOrganization = receiveForm(async ({ request, frame }, fields) => {
  const slug = fields.slug?.[0] ?? '*'
  const isKnown = slug === '-' || frame.organizations.some((organization) => organization.slug === slug)
  const cookie = isKnown ? `${slug}; Path=/; Max-Age=${yearSeconds}` : '; Path=/; Max-Age=0'
  return redirectTo(findSender(request), [`organization=${cookie}; SameSite=Lax`])
})

export const frameForms = new Elysia({ name: 'frame-forms', detail: { hide: true } })
  .post('/auth/logout', signOut)
  .post('/organization/choose', chooseOrganization)
