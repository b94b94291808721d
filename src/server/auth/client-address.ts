// The network address of whoever sent a request, for limits: from the connection, or from the header that a trusted proxy sets.
import { BlockList, isIP } from 'node:net'
import type { Server } from 'bun'
import { Elysia } from 'elysia'
import { config } from '../config'

let listening: Server<unknown> | null = null

/** Learns which server takes the connections. */
export const rememberServer = new Elysia({ name: 'remember-server' }).onRequest(({ server }) => {
  listening = server as Server<unknown> | null
})

const readPeer = (request: Request): string => (listening?.requestIP(request)?.address ?? '').replace(/^::ffff:(?=\d+\.)/, '')

let known: { of: readonly string[]; list: BlockList } | undefined
const readProxies = (): BlockList => {
  const { trusted_proxies } = config()
  if (known?.of === trusted_proxies) return known.list
  const list = new BlockList()
  for (const text of trusted_proxies) {
    const [address = '', bits] = text.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  known = { of: trusted_proxies, list }
  return list
}

/** Whether the headers in which proxies tell of the client may be believed; everybody's are unless `trusted_proxies` names some. */
export const isProxyTrusted = (request: Request): boolean => {
  if (!config().trusted_proxies.length) return true
  const peer = readPeer(request)
  const family = isIP(peer)
  return family !== 0 && readProxies().check(peer, family === 6 ? 'ipv6' : 'ipv4')
}

/** '' when it is not known. */
export const readClientAddress = (request: Request): string => {
  const header = config().client_address_header
  // A proxy appends the address it saw, hence the last one.
  if (header && isProxyTrusted(request)) return (request.headers.get(header) ?? '').split(',').at(-1)!.trim()
  return readPeer(request)
}
