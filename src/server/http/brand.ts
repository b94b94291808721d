// How the server presents itself: its name, a line about it and its logo, as its administrators have configured them.
import { readFileSync, statSync } from 'node:fs'
import { Elysia } from 'elysia'
import { config } from '../config'
import { asset } from './assets'

type Logo = { type: string; bytes: Uint8Array<ArrayBuffer>; hash: string }

/** What was read before, by path, time and size. */
let known: { key: string; logo: Logo } | undefined

const readLogo = (): Logo | null => {
  const path = config().server_logo
  if (!path) return null
  try {
    const { mtimeMs, size } = statSync(path)
    const key = `${path}:${mtimeMs}:${size}`
    if (known?.key === key) return known.logo
    const bytes = new Uint8Array(readFileSync(path))
    const hash = new Bun.CryptoHasher('sha256').update(bytes).digest('hex').slice(0, 16)
    const type = path.toLowerCase().endsWith('.png') ? 'image/png' : 'image/svg+xml'
    known = { key, logo: { type, bytes, hash } }
    return known.logo
  } catch {
    // Somebody has taken the file away since the start: the server goes on with its own.
    return null
  }
}

export type Brand = { name: string; subtitle: string; description: string; logo: string; icon: string }

/** Name and words for the frame of pages; `logo` and `icon` are addresses of this server. */
export const readBrand = (): Brand => {
  const { server_name, server_subtitle, server_description } = config()
  const own = readLogo()
  const logo = own ? `/brand/logo?v=${own.hash}` : null
  return {
    name: server_name,
    subtitle: server_subtitle,
    description: server_description,
    logo: logo ?? asset('logo.svg'),
    icon: logo ?? asset('favicon.svg'),
  }
}

/** A drawing may hold scripts; opened by itself it must not run any, nor load anything. */
const logoPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox"

export const brand = new Elysia({ name: 'brand', detail: { hide: true } }).get('/brand/logo', ({ request }) => {
  const logo = readLogo()
  if (!logo) return Response.json({ detail: 'Not found.' }, { status: 404 })
  const isPinned = new URL(request.url).searchParams.get('v') === logo.hash
  const headers = {
    'content-type': logo.type,
    'content-security-policy': logoPolicy,
    'x-content-type-options': 'nosniff',
    'cache-control': isPinned ? 'public, max-age=31536000, immutable' : 'public, max-age=60',
    etag: `"${logo.hash}"`,
  }
  if (request.headers.get('if-none-match') === headers.etag) return new Response(null, { status: 304, headers })
  return new Response(logo.bytes, { headers })
})
