// Talks to the server as the signed-in person: CSRF header, organization, errors in words.
import { t } from './i18n/message'
import { tellLost } from './reach'

const readCookie = (name: string) =>
  document.cookie
    .split('; ')
    .find((part) => part.startsWith(`${name}=`))
    ?.slice(name.length + 1)

/** Headers of every request that changes something. */
export const ownHeaders = (): Record<string, string> => {
  const { organization } = document.documentElement.dataset
  return { 'x-csrftoken': readCookie('csrftoken') ?? '', ...(organization !== undefined && { 'x-organization': organization }) }
}

/** The server's answer was an error; `message` says it in its words. */
export class ApiFailure extends Error {
  constructor(
    readonly status: number,
    message: string,
    /** What is wrong by the name of the field, as far as the answer names fields. */
    readonly fields: Readonly<Record<string, string>> = {},
  ) {
    super(message)
  }
}

/** Keys that tell a person nothing. */
const wordless = ['detail', 'non_field_errors', 'message', 'client_files', 'remote_files']

const flatten = (value: unknown): string[] =>
  Array.isArray(value)
    ? value.flatMap(flatten)
    : typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, part]) =>
          flatten(part).map((text) => (wordless.includes(key) ? text : `${key}: ${text}`)),
        )
      : [String(value)]

/** What an error's body says about fields. */
const readFieldProblems = (text: string): Record<string, string> => {
  try {
    const body = JSON.parse(text)
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return {}
    return Object.fromEntries(
      Object.entries(body).flatMap(([name, part]) => (wordless.includes(name) ? [] : [[name, flatten(part).join('\n')]])),
    )
  } catch {
    return {}
  }
}

const byStatus: Record<number, string> = {
  401: 'You are signed out. Sign in again.',
  413: 'This is larger than the server takes.',
  502: 'The server cannot be reached.',
  503: 'The server is busy. Try again soon.',
}

/** The message of an error's body, whatever shape it has. */
export const describeAnswer = (status: number, text: string): string => {
  try {
    return flatten(JSON.parse(text)).join('\n') || t('The server answered {status}.', { status })
  } catch {
    return byStatus[status] ? t(byStatus[status]) : t('The server answered {status}.', { status })
  }
}

export const describeProblem = (problem: unknown): string =>
  problem instanceof TypeError
    ? t('The server cannot be reached. Check the connection and try again.')
    : (problem as Error).message

/**
 * Sends JSON (or nothing) and reads JSON. Throws ApiFailure for an error answer, TypeError without a connection.
 * @param path of this origin
 */
export const callApi = async <T = any>(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<T> => {
  const response = await fetch(path, {
    method,
    headers: {
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...ownHeaders(),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch((problem) => {
    if (problem instanceof TypeError) tellLost()
    throw problem
  })
  const text = await response.text()
  if (response.status === 401) document.dispatchEvent(new CustomEvent('session-ended'))
  if (!response.ok) throw new ApiFailure(response.status, describeAnswer(response.status, text), readFieldProblems(text))
  return (text ? JSON.parse(text) : undefined) as T
}
