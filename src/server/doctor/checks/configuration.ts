// Questions about what is configured: contradictions that start well and bite later.
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { type Config, config, isLoopback } from '../../config'
import { type Check, fail, ok, skip, warn } from '../check'

const configFile = (dataDir: string) => process.env.ANNOLITH_CONFIG ?? join(dataDir, 'annolith.toml')
const isSecret = ({ smtp_url, admin_password, providers }: Config) => Boolean(smtp_url || admin_password || providers.length)

export const configurationChecks: Check[] = [
  {
    id: 'config-variables',
    about: 'Every ANNOLITH_ variable is known',
    look: () =>
      config().warnings.length
        ? warn(config().warnings.join('; '), 'annolith config explain')
        : ok('every ANNOLITH_ variable is an option'),
  },
  {
    id: 'config-secrets-readable',
    about: 'Only its owner reads a configuration with passwords',
    look: () => {
      const file = configFile(config().dataDir)
      const found = statSync(file, { throwIfNoEntry: false })
      if (!found) return skip('there is no configuration file')
      return found.mode & 0o004 && isSecret(config())
        ? fail(`${file} holds passwords and can be read by everybody`, `chmod o-rwx ${file}`)
        : ok(`${file} is not open to everybody`)
    },
  },
  {
    id: 'config-public-url',
    about: 'Links lead to the address that people use',
    look: () => {
      const { public_url, host } = config()
      if (public_url && !URL.canParse(public_url))
        return fail(`public_url "${public_url}" is no address`, 'annolith config explain public_url')
      if (public_url) return ok(`links lead to ${public_url}`)
      return isLoopback(host)
        ? skip('the server is reached on this machine only')
        : warn(
            'public_url is not set: links in mails and exports follow what a request calls the host',
            'annolith config explain public_url',
          )
    },
  },
  {
    id: 'config-proxy-header',
    about: 'Behind a proxy, limits count people and not the proxy',
    look: () => {
      const { public_url, host, client_address_header } = config()
      if (client_address_header) return ok(`the address of a client is taken from ${client_address_header}`)
      return public_url.startsWith('https:') && isLoopback(host)
        ? warn(
            'a proxy seems to stand in front, but client_address_header is not set: all people share one limit of sign-ins',
            'annolith config explain client_address_header',
          )
        : skip('no proxy is configured')
    },
  },
  {
    id: 'config-transport',
    about: 'Passwords do not travel in the clear',
    look: () => {
      const { public_url, host } = config()
      if (config().tls_cert || public_url.startsWith('https:')) return ok('people come by https')
      return isLoopback(host) && !public_url
        ? skip('the server is reached on this machine only')
        : warn(
            `people reach ${public_url || host} without TLS`,
            'set tls_cert and tls_key, or put a proxy with TLS in front and set public_url to its https address',
          )
    },
  },
  {
    id: 'config-sign-up',
    about: 'Who registers has proven an address',
    look: () => {
      const { sign_up, email_verification } = config()
      return sign_up === 'open' && email_verification !== 'mandatory'
        ? warn('anybody may register without proving an address', 'annolith config explain email_verification')
        : ok(sign_up === 'open' ? 'who registers has to prove an address' : 'nobody may register')
    },
  },
  {
    id: 'config-password-hasher',
    about: 'Passwords are hashed well',
    look: () =>
      config().password_hasher === 'md5'
        ? fail('new passwords are hashed with MD5', 'remove password_hasher from the configuration, then set new passwords')
        : ok('new passwords are hashed with argon2id'),
  },
  {
    id: 'config-admin-password',
    about: 'The first password is not kept in the configuration',
    look: () =>
      config().admin_password
        ? warn(
            'admin_password is still configured, though it is needed once only',
            'remove admin_password from the configuration',
          )
        : ok('no password of the administrator is configured'),
  },
  {
    id: 'config-outbound',
    about: 'Outgoing requests do not reach everything',
    look: () => {
      const wide = config().outbound_allow.filter((entry) => /^(\*|0\.0\.0\.0\/0|::\/0)$/.test(entry))
      return wide.length
        ? fail(
            `outbound_allow holds ${wide.join(', ')}: any user can reach every address of this network`,
            'annolith config explain outbound_allow',
          )
        : ok('private addresses are out of reach, with the exceptions that are configured')
    },
  },
  {
    id: 'config-hosts',
    about: 'Several hosts need PostgreSQL and Redis together',
    look: () => {
      const { databaseUrl, redisUrl } = config()
      if (Boolean(databaseUrl) === Boolean(redisUrl)) return ok(databaseUrl ? 'PostgreSQL and Redis' : 'SQLite, on one host')
      return redisUrl
        ? fail(
            'REDIS_URL is set without DATABASE_URL: workers on other hosts would not find the database',
            'set DATABASE_URL or remove REDIS_URL',
          )
        : ok('PostgreSQL, with background work on this host only')
    },
  },
]
