// Access tokens of Google service accounts: a signed claim is exchanged for a token that lives an hour. Source: RFC 7523.
import { createSign } from 'node:crypto'
import { StorageError } from './name'
import { readBody, send, type Transport } from './object-http'
import type { GcsLocation } from './object-store'

type ServiceAccount = NonNullable<GcsLocation['serviceAccount']>

const tokenUri = 'https://oauth2.googleapis.com/token'
const scope = 'https://www.googleapis.com/auth/devstorage.read_write'
const lifeSeconds = 3600
/** A token is renewed this long before it ends. */
const marginMs = 60_000

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

const signClaim = (account: ServiceAccount, audience: string) => {
  const now = Math.floor(Date.now() / 1000)
  const header = { alg: 'RS256', typ: 'JWT', ...(account.private_key_id && { kid: account.private_key_id }) }
  const claim = { iss: account.client_email, scope, aud: audience, iat: now, exp: now + lifeSeconds }
  const text = `${encode(header)}.${encode(claim)}`
  try {
    return `${text}.${createSign('RSA-SHA256').update(text).sign(account.private_key, 'base64url')}`
  } catch {
    throw new StorageError('The private key of the key file cannot be read', 'forbidden')
  }
}

/** Answers a function that gives a valid token, asking for a new one when needed. */
export const createTokenSource = (account: ServiceAccount, transport: Transport) => {
  let token = ''
  let validUntil = 0
  return async (): Promise<string> => {
    if (Date.now() < validUntil) return token
    const audience = account.token_uri || tokenUri
    const response = await send(transport, () => {
      const body = new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: signClaim(account, audience),
      })
      return {
        url: audience,
        message: { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: body.toString() },
      }
    })
    const text = new TextDecoder().decode(await readBody(response, 2 ** 20))
    const answer = (() => {
      try {
        return JSON.parse(text) as { access_token?: string; expires_in?: number }
      } catch {
        return {}
      }
    })()
    if (!response.ok || !answer.access_token) throw new StorageError('Google refused the key file', 'forbidden')
    token = answer.access_token
    validUntil = Date.now() + (answer.expires_in ?? lifeSeconds) * 1000 - marginMs
    return token
  }
}

/** Checks the text of a key file. Throws StorageError when it is not that of a service account. */
export const readKeyFile = (text: string): ServiceAccount => {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw new StorageError('The key file is not JSON')
  }
  const file = parsed as Record<string, unknown> | null
  const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
  if (!isText(file?.client_email) || !isText(file.private_key))
    throw new StorageError('The key file is not that of a service account')
  if (isText(file.token_uri) && !URL.canParse(file.token_uri)) throw new StorageError('The key file holds a bad token_uri')
  return {
    client_email: file.client_email,
    private_key: file.private_key,
    ...(isText(file.private_key_id) && { private_key_id: file.private_key_id }),
    ...(isText(file.token_uri) && { token_uri: file.token_uri }),
  }
}
