// The cookies of a session, in a form that every client can take apart.
import { eq } from 'drizzle-orm'
import { tx } from '../db/open'
import { log } from '../log'
import { users } from '../users/schema'
import { randomWord } from './random-word'
import { createSession, sessionSeconds } from './session'

const csrfSeconds = 31_449_600

/**
 * A cookie whose last attribute is `SameSite=Lax`: clients join several Set-Cookie headers with ", " and can only take them
 * apart when each ends in a name=value attribute that is not a date.
 */
export const writeCookie = (origin: string, name: string, value: string, seconds: number, flags = '') =>
  `${name}=${value}; expires=${new Date(Date.now() + seconds * 1000).toUTCString()};${flags} Max-Age=${seconds}; Path=/;${origin.startsWith('https') ? ' Secure;' : ''} SameSite=Lax`

export const withCookies = (response: Response, cookies: string[]) => {
  for (const cookie of cookies) response.headers.append('set-cookie', cookie)
  return response
}

/** Starts a session and answers its two cookies. */
export const startSession = async (origin: string, userId: number): Promise<string[]> => {
  await tx(async (t) => void (await t.update(users).set({ lastLogin: new Date() }).where(eq(users.id, userId))))
  log().info({ account: userId }, 'signed in')
  return [
    writeCookie(origin, 'csrftoken', randomWord(32), csrfSeconds),
    writeCookie(origin, 'sessionid', await createSession(userId), sessionSeconds, ' HttpOnly;'),
  ]
}

export const clearedCookies = (origin: string) => [
  writeCookie(origin, 'csrftoken', '', 0),
  writeCookie(origin, 'sessionid', '', 0, ' HttpOnly;'),
]
