// Tells errors that say "the database was not reachable" from those that say something about a statement.

/** Of the driver, of the system, and of PostgreSQL when it is being stopped, has crashed or is starting. */
const codes = new Set([
  ...['CONNECTION_CLOSED', 'CONNECTION_ENDED', 'CONNECTION_DESTROYED', 'CONNECT_TIMEOUT'],
  ...['ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'ETIMEDOUT', 'EPIPE', 'ERR_SOCKET_CLOSED'],
  ...['57P01', '57P02', '57P03'],
])
/** Errors of other services, which may be unreachable, too; their codes say nothing about the database. */
const others = new Set(['StorageError', 'EgressError', 'MailError'])

/** Whether work failed because the connection to the database was lost or could not be made: tried again later, it may succeed. */
export const isConnectionLost = (error: unknown): boolean => {
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++) {
    if (others.has(at.constructor.name)) return false
    const { code } = at as { code?: unknown }
    if (typeof code === 'string' && codes.has(code)) return true
  }
  return false
}
