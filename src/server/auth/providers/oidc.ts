// Sign-in by OpenID Connect: authorization code with PKCE, state and nonce.
import type { ClientAuth, Configuration, CustomFetch } from 'openid-client'
import { config, isLoopback } from '../../config'
import { egress } from '../../http/egress'
import type { Provider } from '../../sign-in-providers'
import { type ClaimNames, type Claims, claimNames, readClaims } from './admit'
import type { Redirector } from './flow'

const timeoutSeconds = 10
const maxAnswerBytes = 1 << 20
const usual: ClaimNames = {
  subject: 'sub',
  username: 'preferred_username',
  email: 'email',
  firstName: 'given_name',
  lastName: 'family_name',
  groups: 'groups',
}

type Library = typeof import('openid-client')
const load = (): Promise<Library> => import('openid-client')

/** The secret goes the way that the provider takes; without one PKCE alone must do. */
const authenticate = (library: Library, secret: string | undefined): ClientAuth => {
  if (!secret) return library.None()
  const [post, basic] = [library.ClientSecretPost(secret), library.ClientSecretBasic(secret)]
  return (server, client, body, headers) => {
    const methods = server.token_endpoint_auth_methods_supported
    return (methods?.includes('client_secret_post') && !methods.includes('client_secret_basic') ? post : basic)(
      server,
      client,
      body,
      headers,
    )
  }
}

/** Through the guard of outgoing requests. The issuer's host is an exception, as the administrator named it; what it refers to is not. */
const sendGuarded =
  (issuer: URL): CustomFetch =>
  (address, { method, headers, body, signal }) =>
    egress(address, {
      method,
      headers: Object.fromEntries(new Headers(headers)),
      body: body === undefined || body === null ? undefined : String(body),
      signal,
      maxRedirects: 0,
      maxBytes: maxAnswerBytes,
      timeoutMs: timeoutSeconds * 1000,
      allow: [...config().outbound_allow, issuer.hostname],
    })

const discovered = new Map<string, Promise<Configuration>>()

/** What the provider says about itself; asked once, again after a failure. */
const discover = (library: Library, provider: Provider): Promise<Configuration> => {
  const key = JSON.stringify(provider)
  const known = discovered.get(key)
  if (known) return known
  const issuer = new URL(provider.issuer!)
  const asking = library.discovery(issuer, provider.client_id!, undefined, authenticate(library, provider.client_secret), {
    // Without TLS only on this machine.
    execute: isLoopback(issuer.hostname) ? [library.allowInsecureRequests] : [],
    timeout: timeoutSeconds,
    [library.customFetch]: sendGuarded(issuer),
  })
  discovered.set(key, asking)
  asking.catch(() => discovered.delete(key))
  return asking
}

export const oidc: Redirector = {
  start: async (provider, callback) => {
    const library = await load()
    const verifier = library.randomPKCECodeVerifier()
    const memo = { verifier, state: library.randomState(), nonce: library.randomNonce() }
    const location = library.buildAuthorizationUrl(await discover(library, provider), {
      redirect_uri: callback,
      scope: provider.scope ?? 'openid email profile',
      code_challenge: await library.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state: memo.state,
      nonce: memo.nonce,
    })
    return { location: location.href, memo }
  },

  read: async (provider, callback, answer, memo) => {
    if (!memo) throw new Error('the answer must come by the browser that set out')
    const library = await load()
    const server = await discover(library, provider)
    const tokens = await library.authorizationCodeGrant(server, new URL(`${callback}?${answer}`), {
      pkceCodeVerifier: memo.verifier,
      expectedState: memo.state,
      expectedNonce: memo.nonce,
      idTokenExpected: true,
    })
    const claims = tokens.claims()!
    // Many providers tell the address only here.
    const more =
      claims.email === undefined && server.serverMetadata().userinfo_endpoint
        ? await library.fetchUserInfo(server, tokens.access_token, claims.sub)
        : {}
    const all: Claims = { ...more, ...claims }
    const emailVerified = all.email_verified === true || provider.trust_email === 'true'
    return { profile: { ...readClaims(all, claimNames(provider, usual)), emailVerified }, check: {} }
  },
}
