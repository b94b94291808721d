// /assets: browser bundles, fonts and static files with strong ETags; an address with ?v=<hash> may be kept for a year.
import { readFileSync } from 'node:fs'
import { Elysia } from 'elysia'
import { embeddedFiles } from './embedded-files'

type Asset = { path: string; hash: string; type: string; gzip?: Uint8Array<ArrayBuffer> }

const types: Record<string, string> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  html: 'text/html; charset=utf-8',
  json: 'application/json',
  txt: 'text/plain; charset=utf-8',
  md: 'text/plain; charset=utf-8',
  wasm: 'application/wasm',
  woff2: 'font/woff2',
  png: 'image/png',
  jpg: 'image/jpeg',
  ico: 'image/x-icon',
  mp4: 'video/mp4',
}
const compressible = /^(text|application\/(json|wasm)|image\/svg)/
const yearSeconds = 31_536_000
/** Without a hash in the address: code must follow an update soon, fonts and pictures hardly change. */
const shortSeconds = (type: string) => (/^(font|image|video)/.test(type) ? 86_400 : 60)

/** What was read before, by path, time and size: in a checkout a rebuilt bundle is another file. */
const known = new Map<string, Asset>()
let files: ReadonlyMap<string, string> | undefined

const findPath = (name: string) => {
  const look = () => files?.get(`build/${name}`) ?? files?.get(`public/${name}`)
  const found = look()
  if (found) return found
  files = embeddedFiles()
  return look()
}

const loadAsset = (name: string): Asset | undefined => {
  const path = findPath(name)
  if (!path) return undefined
  const { lastModified, size } = Bun.file(path)
  const key = `${path}:${lastModified}:${size}`
  const there = known.get(key)
  if (there) return there
  try {
    const hash = new Bun.CryptoHasher('sha256').update(readFileSync(path)).digest('hex').slice(0, 16)
    const asset = { path, hash, type: types[name.split('.').at(-1)!] ?? 'application/octet-stream' }
    known.set(key, asset)
    return asset
  } catch {
    files = undefined
    return undefined
  }
}

/** Address of a file of public/build or public, with its hash: `asset('app.js')` → `/assets/app.js?v=…`. */
export const asset = (name: string): string => {
  const found = loadAsset(name)
  return found ? `/assets/${name}?v=${found.hash}` : `/assets/${name}`
}

/** Workers run WebAssembly and can reach neither page nor network. OpenCV.js writes functions at run time; its worker may. */
const workerPolicy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'"
const workerPolicies: Record<string, string> = { 'vision.worker.js': `${workerPolicy} 'unsafe-eval'` }

const sendAsset = async (request: Request, name: string): Promise<Response> => {
  const found = loadAsset(name)
  if (!found) return Response.json({ detail: 'Not found.' }, { status: 404 })
  const isPinned = new URL(request.url).searchParams.get('v') === found.hash
  const headers = new Headers({
    'content-type': found.type,
    etag: `"${found.hash}"`,
    'cache-control': isPinned ? `public, max-age=${yearSeconds}, immutable` : `public, max-age=${shortSeconds(found.type)}`,
    'x-content-type-options': 'nosniff',
    vary: 'Accept-Encoding',
  })
  if (name.endsWith('.worker.js')) headers.set('content-security-policy', workerPolicies[name] ?? workerPolicy)
  if (request.headers.get('if-none-match') === `"${found.hash}"`) return new Response(null, { status: 304, headers })
  const file = Bun.file(found.path)
  if (!compressible.test(found.type) || !/\bgzip\b/.test(request.headers.get('accept-encoding') ?? ''))
    return new Response(file, { headers })
  found.gzip ??= Bun.gzipSync(new Uint8Array(await file.arrayBuffer()), { level: 6 })
  headers.set('content-encoding', 'gzip')
  return new Response(found.gzip, { headers })
}

export const assets = new Elysia({ name: 'assets', detail: { hide: true } })
  .get('/assets/*', ({ request, params }) => sendAsset(request, params['*']))
  .get('/favicon.ico', ({ request }) => sendAsset(request, 'favicon.svg'))
