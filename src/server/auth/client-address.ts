// The network address of whoever sent a request, for limits: from the connection, or from the header that a trusted proxy sets.
import type { Server } from 'bun'
import { Elysia } from 'elysia'
import { config } from '../config'

let listening: Server<unknown> | null = null

/** Learns which server takes the connections. */
export const rememberServer = new Elysia({ name: 'remember-server' }).onRequest(({ server }) => {
  listening = server as Server<unknown> | null
})

/** '' when it is not known. */
export const readClientAddress = (request: Request): string => {
  const header = config().client_address_header
  // A proxy appends the address it saw, hence the last one.
  if (header) return (request.headers.get(header) ?? '').split(',').at(-1)!.trim()
  return listening?.requestIP(request)?.address ?? ''
}
