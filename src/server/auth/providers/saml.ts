// Sign-in by SAML 2.0: a redirect to the identity provider, and its signed assertion posted back.
import { readFileSync } from 'node:fs'
import { inflateRawSync } from 'node:zlib'
import type { SAML } from '@node-saml/node-saml'
import type { Provider } from '../../sign-in-providers'
import { type ClaimNames, claimNames, readClaims } from './admit'
import { flowSeconds, type Redirector } from './flow'

const clockSkewMs = 60_000
const maxAnswerBytes = 1 << 20
const usual: ClaimNames = {
  subject: 'nameID',
  username: 'username',
  email: 'email',
  firstName: 'firstName',
  lastName: 'lastName',
  groups: 'groups',
}

/** The certificate itself (PEM or its base64), or the file that holds it. */
const readCertificate = (text: string) => (text.startsWith('/') ? readFileSync(text, 'utf8') : text)

const made = new Map<string, Promise<SAML>>()

/** One object for a provider and address: it remembers which requests were sent, so that each is answered once. */
const open = (provider: Provider, callback: string): Promise<SAML> => {
  const key = JSON.stringify([provider, callback])
  const known = made.get(key)
  if (known) return known
  const making = import('@node-saml/node-saml').then(({ SAML, ValidateInResponseTo }) => {
    const issuer = provider.issuer ?? callback.replace(/callback$/, 'metadata')
    return new SAML({
      callbackUrl: callback,
      entryPoint: provider.entry_point,
      issuer,
      audience: issuer,
      idpCert: readCertificate(provider.idp_cert!),
      // What the person's data stand in must be signed; whether the envelope is, too, does not matter.
      wantAssertionsSigned: true,
      wantAuthnResponseSigned: false,
      validateInResponseTo: ValidateInResponseTo.always,
      requestIdExpirationPeriodMs: flowSeconds * 1000,
      acceptedClockSkewMs: clockSkewMs,
      disableRequestedAuthnContext: true,
      identifierFormat: null,
    })
  })
  made.set(key, making)
  making.catch(() => made.delete(key))
  return making
}

const readRequestId = (location: string) => {
  const request = new URL(location).searchParams.get('SAMLRequest')!
  return /\sID="([^"]+)"/.exec(inflateRawSync(Buffer.from(request, 'base64')).toString('utf8'))![1]!
}

/** What an administrator gives to the identity provider. */
export const describeSaml = async (provider: Provider, callback: string): Promise<string> =>
  (await open(provider, callback)).generateServiceProviderMetadata(null)

export const saml: Redirector = {
  start: async (provider, callback) => {
    const location = await (await open(provider, callback)).getAuthorizeUrlAsync('', undefined, {})
    return { location, memo: { request: readRequestId(location) } }
  },

  read: async (provider, callback, answer) => {
    const SAMLResponse = answer.get('SAMLResponse') ?? ''
    if (!SAMLResponse || SAMLResponse.length > maxAnswerBytes) throw new Error('no answer, or one that is too large')
    const { profile } = await (await open(provider, callback)).validatePostResponseAsync({ SAMLResponse })
    if (!profile) throw new Error('the answer names nobody')
    // The library asks for the issuer at sign-out only.
    if (provider.idp_issuer && profile.issuer !== provider.idp_issuer) throw new Error(`the answer is of ${profile.issuer}`)
    if (profile.nameIDFormat?.endsWith(':transient') && !provider.subject)
      throw new Error('a transient NameID names nobody for long; configure "subject" or another NameID format')
    // Attributes first: none may pass for the checked NameID.
    const claims = { ...(profile.attributes as Record<string, unknown> | undefined), nameID: profile.nameID }
    const read = readClaims(claims, claimNames(provider, usual))
    return {
      profile: { ...read, emailVerified: provider.trust_email === 'true' },
      check: { request: String(profile.inResponseTo) },
    }
  },
}
