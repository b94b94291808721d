// TLS by certificate files: read when the server starts, and again when they change or somebody asks, without a break.
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { ConfigError, config } from './config'
import { log } from './log'

export type Tls = { cert: string; key: string }

const read = (option: string, path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new ConfigError(`${option} names "${path}", which cannot be read: ${(error as Error).message}`)
  }
}

/** Undefined when the server is to speak plain HTTP. Throws ConfigError for files that are no certificate with its key. */
export const readTls = (): Tls | undefined => {
  const { tls_cert, tls_key } = config()
  if (!tls_cert) return undefined
  const tls = { cert: read('ANNOLITH_TLS_CERT', tls_cert), key: read('ANNOLITH_TLS_KEY', tls_key) }
  try {
    const certificate = new X509Certificate(tls.cert)
    if (!certificate.checkPrivateKey(createPrivateKey(tls.key))) throw new Error('the key belongs to another certificate')
  } catch (error) {
    throw new ConfigError(`ANNOLITH_TLS_CERT and ANNOLITH_TLS_KEY are no certificate with its key: ${(error as Error).message}`)
  }
  return tls
}

type Listening = { server: { stop: (closeActive?: boolean) => unknown } | null }

/**
 * Looks at the files every `everyMs` and when `reload` is called. New ones that fit are served from then on: connections that are open
 * end in peace on the old listener. Files that do not fit are reported and the old ones stay, so that a half-written file does no harm.
 * @param listen takes the port again with other files
 * @param served what is served now; nothing is watched without it
 */
export const keepTls = (app: Listening, listen: (tls: Tls) => unknown, served: Tls | undefined, everyMs = 10_000) => {
  let current = served
  let refused = ''
  const reload = () => {
    if (!current) return
    try {
      const next = readTls()
      refused = ''
      if (!next || (next.cert === current.cert && next.key === current.key)) return
      // Both in one breath: nobody finds the port closed.
      void app.server?.stop(false)
      listen(next)
      current = next
      log().info('the certificate was read again')
    } catch (error) {
      const { message } = error as Error
      if (message !== refused) log().error(`the certificate stays as it was: ${message}`)
      refused = message
    }
  }
  // Without TLS the signal keeps its usual meaning: the terminal is gone.
  if (!served) return { reload, stop: () => {} }
  const timer = setInterval(reload, everyMs)
  process.on('SIGHUP', reload)
  return {
    reload,
    stop: () => {
      clearInterval(timer)
      process.off('SIGHUP', reload)
    },
  }
}
