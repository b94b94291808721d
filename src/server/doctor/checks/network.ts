// Questions about who is reached over the network: our own server, mail, buckets, sign-in providers.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { findAnnounced } from '../../announced'
import { config } from '../../config'
import { egress, resolveSafely } from '../../http/egress'
import { isLocked } from '../../lock'
import { checkMail } from '../../mail/service'
import { type Check, fail, name, ok, skip, warn } from '../check'

const timeoutMs = 5000
const dayMs = 24 * 3600_000

const localUrl = () => {
  // A server that was started with flags listens elsewhere than the configuration says.
  const announced = findAnnounced()?.url
  if (announced) return announced
  const { host, port, tls_cert } = config()
  return `${tls_cert ? 'https' : 'http'}://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host}:${port}`
}

/** What answers on our port: null when nobody does. */
const askServer = async (path: string): Promise<{ status: number; text: string } | null> => {
  try {
    const answer = await fetch(localUrl() + path, {
      signal: AbortSignal.timeout(timeoutMs),
      // The certificate names the public address, not this one; whether it is good is another question.
      ...(config().tls_cert && { tls: { rejectUnauthorized: false } }),
    })
    return { status: answer.status, text: await answer.text() }
  } catch {
    return null
  }
}

/** When the certificate of a host ends. Throws when it is not good, with the reason of the library. */
const readCertificateEnd = (host: string, port: number): Promise<Date> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host, port, servername: host, timeout: timeoutMs }, () => {
      const { valid_to } = socket.getPeerCertificate()
      socket.end()
      resolve(new Date(valid_to))
    })
    socket.on('error', reject)
    socket.on('timeout', () => socket.destroy(new Error('no answer')))
  })

const hasDatabase = () => Boolean(config().databaseUrl) || existsSync(join(config().dataDir, 'annolith.db'))

export const networkChecks: Check[] = [
  {
    id: 'server-answers',
    about: 'The server answers on its port',
    look: async () => {
      const answer = await askServer('/api/server/about')
      const isOurs = answer?.text.includes('"version"') ?? false
      if (answer && !isOurs) return fail(`another program answers on ${localUrl()}`, 'annolith config explain port')
      if (answer) return ok(`${localUrl()} answers`)
      return isLocked(config().dataDir)
        ? fail('the server runs, but does not answer', 'systemctl restart annolith')
        : skip('no server runs')
    },
  },
  {
    id: 'server-healthy',
    about: 'The server calls itself healthy',
    look: async () => {
      const answer = await askServer('/api/server/health/?format=json')
      if (!answer) return skip('no server runs')
      return answer.status === 200
        ? ok('every part works')
        : fail(`the health check answers ${answer.status}: ${answer.text.slice(0, 300)}`, 'look at the other lines of this list')
    },
  },
  {
    id: 'server-public',
    about: 'The public address leads to this server',
    look: async () => {
      const { public_url } = config()
      if (!public_url) return skip('no public address is configured')
      const { hostname } = new URL(public_url)
      const answer = await egress(`${public_url.replace(/\/$/, '')}/api/server/about`, { timeoutMs, allow: [hostname] })
      return (await answer.text()).includes('"version"')
        ? ok(`${public_url} answers`)
        : fail(`${public_url} answers ${answer.status}, as another program would`, 'mend the proxy in front')
    },
  },
  {
    id: 'server-certificate',
    about: 'The certificate is good for two weeks or more',
    look: async () => {
      const { public_url } = config()
      if (!public_url.startsWith('https:')) return skip('the public address is not https')
      const { hostname, port } = new URL(public_url)
      const end = await readCertificateEnd(hostname, Number(port || 443))
      const days = Math.floor((end.getTime() - Date.now()) / dayMs)
      return days < 14
        ? warn(`the certificate ends in ${days} days`, 'renew the certificate')
        : ok(`the certificate is good for ${days} days`)
    },
  },
  {
    id: 'mail-server',
    about: 'The mail server takes letters',
    look: async () => {
      if (!config().smtp_url) return skip('no mail server is configured')
      await checkMail()
      return ok('the mail server answers and accepts the account')
    },
  },
  {
    id: 'names-resolve',
    about: 'Names of hosts are resolved',
    look: async () => {
      const hosts = [
        config().smtp_url,
        ...config().providers.map((one) => one.issuer ?? one.url ?? one.entry_point ?? ''),
      ].flatMap((url) => (URL.canParse(url) ? new URL(url).hostname : []))
      for (const host of hosts) await resolveSafely(host, undefined, [host])
      return hosts.length ? ok(name(hosts)) : skip('no host is configured')
    },
  },
  {
    id: 'sign-in-providers',
    about: 'Sign-in providers answer',
    look: async () => {
      const issuers = config().providers.flatMap((one) => (one.kind === 'oidc' ? one.issuer! : []))
      const failed: string[] = []
      for (const issuer of issuers) {
        const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
        const answer = await egress(url, { timeoutMs, allow: [new URL(issuer).hostname] }).catch((error: Error) => error)
        if (answer instanceof Error || answer.status !== 200)
          failed.push(`${issuer}: ${answer instanceof Error ? answer.message : answer.status}`)
      }
      if (!issuers.length) return skip('no OpenID provider is configured')
      return failed.length ? fail(name(failed), 'annolith config explain providers') : ok(name(issuers))
    },
  },
  {
    id: 'cloud-storages',
    about: 'Connected buckets answer',
    look: async () => {
      if (!hasDatabase()) return skip('there is no database yet')
      const { listStatuses } = await import('../../cloud-storages/service')
      const all = await listStatuses()
      const bad = all.filter(({ status }) => status !== 'AVAILABLE')
      if (!all.length) return skip('none is connected')
      return bad.length
        ? fail(
            name(bad.map(({ id, resource, status }) => `${resource} (id ${id}): ${status}`)),
            'look at their credentials under Cloud storages',
          )
        : ok(`${all.length} answer`)
    },
  },
]
