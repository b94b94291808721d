// Reads flags, ANNOLITH_* variables and annolith.toml into one frozen object; unknown or bad values are named and refused.
import { accessSync, constants, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join, resolve } from 'node:path'
import { type Lane, lanes } from './queue/chores'
import { type Provider, parseProviders } from './sign-in-providers'

export class ConfigError extends Error {}

/** `secret`: the value is never shown. */
type Option<T> = { parse: (text: string) => T; initial: T; about: string; secret?: boolean }

const asText = (text: string) => text
const maxNameLength = 64
const asName = (text: string) => {
  if (!text.trim() || text.length > maxNameLength) throw new ConfigError(`must have 1 to ${maxNameLength} characters`)
  return text.trim()
}
const asInteger = (min: number, max: number) => (text: string) => {
  if (!/^-?\d+$/.test(text) || +text < min || +text > max)
    throw new ConfigError(`must be a whole number from ${min} to ${max}, not "${text}"`)
  return +text
}
const asSwitch = (text: string) => {
  if (!/^(0|1|true|false|yes|no|on|off)$/i.test(text)) throw new ConfigError(`must be true or false, not "${text}"`)
  return /^(1|true|yes|on)$/i.test(text)
}
const asNetworks = (text: string) => {
  const networks = asList(text)
  for (const network of networks) {
    const [address = '', bits, ...more] = network.split('/')
    const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1
    const isRight = most > 0 && !more.length && (bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= most))
    if (!isRight) throw new ConfigError(`must list addresses or networks such as 10.0.0.0/8, not "${network}"`)
  }
  return networks
}
/** A time table as cron has it, `minute hour day month weekday` or a nickname such as @daily; '' is never. */
const asSchedule = (text: string) => {
  const schedule = text.trim()
  try {
    if (!schedule || Bun.cron.parse(schedule)) return schedule
  } catch {}
  throw new ConfigError(`must be a time table such as "30 2 * * *" or @daily, not "${text}"`)
}
const asList = (text: string) => text.split(',').flatMap((part) => part.trim() || [])
const asLanes = (text: string): readonly Lane[] => {
  const named = text.trim() === 'none' ? [] : asList(text)
  const unknown = named.find((name) => !lanes.some((lane) => lane === name))
  if (unknown !== undefined) throw new ConfigError(`must list some of ${lanes.join(', ')}, or be none, not "${unknown}"`)
  return named as Lane[]
}
const asBucket = (text: string) => {
  if (text && !/^s3:\/\/[^/?]+/.test(text)) throw new ConfigError(`must be an address such as s3://bucket/prefix, not "${text}"`)
  return text
}
const asChoice =
  <const C extends string>(...choices: C[]) =>
  (text: string): C => {
    const found = choices.find((choice) => choice === text)
    if (!found) throw new ConfigError(`must be one of ${choices.join(', ')}, not "${text}"`)
    return found
  }

/** Every option of Annolith: key of annolith.toml; the variable is ANNOLITH_ plus the key in capitals. */
const options = {
  host: { parse: asText, initial: '127.0.0.1', about: 'address to listen on' },
  port: { parse: asInteger(1, 65535), initial: 8080, about: 'port to listen on' },
  tls_cert: { parse: asText, initial: '', about: 'PEM file of the certificate and its chain; with it the server speaks HTTPS' },
  tls_key: { parse: asText, initial: '', about: 'PEM file of the key of the certificate' },
  server_name: { parse: asName, initial: 'Annolith', about: 'name of the server in header, titles and on the sign-in page' },
  server_subtitle: { parse: asText, initial: '', about: 'line under the name on the sign-in page' },
  server_description: {
    parse: asText,
    initial: 'Image and video annotation in one process, compatible with the API of CVAT.',
    about: 'what the server says about itself',
  },
  server_logo: { parse: asText, initial: '', about: 'PNG or SVG file that stands for the logo' },
  storage: {
    parse: asBucket,
    initial: '',
    about:
      'bucket in which media, uploads, results and files of guides lie, as s3://bucket/prefix?endpoint=…&region=… with the keys in AWS_ variables; without it the data directory',
  },
  secret_key_file: {
    parse: asText,
    initial: '',
    about:
      'file of at least 32 characters, the same on all hosts, out of which the keys that seal secrets are made; without it the data directory',
  },
  share_dir: { parse: asText, initial: '', about: 'folder offered to users as the connected file share' },
  ffmpeg: { parse: asText, initial: '', about: 'path of the ffmpeg program' },
  outbound_allow: { parse: asList, initial: [] as string[], about: 'private addresses that outgoing requests may reach' },
  sign_up: { parse: asChoice('closed', 'open'), initial: 'closed' as 'closed' | 'open', about: 'who may register' },
  password_hasher: {
    parse: asChoice('argon2id', 'md5'),
    initial: 'argon2id' as 'argon2id' | 'md5',
    about: 'hash of new passwords (md5: tests only)',
  },
  compat_version: { parse: asText, initial: '2.80.0', about: 'CVAT version that clients are told' },
  email_verification: {
    parse: asChoice('none', 'optional', 'mandatory'),
    initial: 'none' as 'none' | 'optional' | 'mandatory',
    about: 'check of e-mail addresses',
  },
  import_cache_clean_delay: { parse: asInteger(1, 31_536_000), initial: 43_200, about: 'seconds an abandoned upload may live' },
  export_lifetime: { parse: asInteger(60, 31_536_000), initial: 86_400, about: 'seconds the result of an export is kept' },
  events_lifetime: { parse: asInteger(0, 36_500), initial: 0, about: 'days that events of the audit log are kept (0: for ever)' },
  analytics_lifetime: {
    parse: asInteger(0, 36_500),
    initial: 0,
    about: 'days that the figures of analytics are kept (0: for ever)',
  },
  clickhouse_url: {
    parse: asText,
    initial: '',
    about: 'ClickHouse that events are copied to, as http://host:8123; without it nothing is copied',
  },
  clickhouse_database: { parse: asText, initial: 'annolith', about: 'database of ClickHouse that gets the table of events' },
  clickhouse_user: { parse: asText, initial: 'default', about: 'user of ClickHouse' },
  clickhouse_password_file: { parse: asText, initial: '', about: 'file that holds the password of the user of ClickHouse' },
  revisions_lifetime: {
    parse: asInteger(0, 36_500),
    initial: 0,
    about: 'days that the history of annotations is kept (0: for ever)',
  },
  disk_usage_max: {
    parse: asInteger(1, 100),
    initial: 95,
    about: 'percent of disk use from which the health check fails and new files are refused (100: never)',
  },
  jobs_per_task: { parse: asInteger(0, 1_000_000), initial: 0, about: 'most jobs that one task may have (0: no limit)' },
  telemetry: { parse: asSwitch, initial: false, about: 'accepted for compatibility; nothing is ever sent' },
  admin_password: { parse: asText, initial: '', about: 'password of the first administrator', secret: true },
  smtp_url: {
    parse: asText,
    initial: '',
    about: 'mail server as smtp://user:password@host:port or smtps://…; without it no mail is sent',
    secret: true,
  },
  mail_from: { parse: asText, initial: 'Annolith <annolith@localhost>', about: 'sender of mails' },
  invitation_days: { parse: asInteger(1, 3650), initial: 7, about: 'days an invitation by mail may be accepted' },
  sign_in_attempts: {
    parse: asInteger(0, 1_000_000),
    initial: 10,
    about: 'failed sign-ins after which an account has to wait (five times as many for an address); 0: no limit',
  },
  sign_in_window: { parse: asInteger(1, 86_400), initial: 300, about: 'seconds over which failed sign-ins are counted' },
  client_address_header: {
    parse: asText,
    initial: '',
    about: 'header in which a trusted proxy names the address of the client, such as X-Real-IP',
  },
  trusted_proxies: {
    parse: asNetworks,
    initial: [] as string[],
    about: 'addresses and networks of proxies whose X-Forwarded-Proto and client address count (none: those of everybody)',
  },
  requests_per_minute: {
    parse: asInteger(0, 10_000_000),
    initial: 0,
    about: 'requests that one address may send to one server in a minute (0: no limit)',
  },
  providers: {
    parse: parseProviders,
    initial: [] as Provider[],
    about: 'sign-in providers (oidc, ldap, saml): tables in annolith.toml, a JSON list elsewhere',
    secret: true,
  },
  cache_bytes: { parse: asInteger(1 << 20, 2 ** 50), initial: 4 * 2 ** 30, about: 'most bytes that derived media may take' },
  body_bytes: { parse: asInteger(1 << 10, 2 ** 31), initial: 256 * 2 ** 20, about: 'largest JSON body of one request' },
  upload_bytes: { parse: asInteger(1 << 10, 2 ** 50), initial: 100 * 2 ** 30, about: 'largest single uploaded file' },
  image_pixels: { parse: asInteger(1 << 10, 2 ** 40), initial: 500_000_000, about: 'most pixels that a picture may have' },
  worker_threads: {
    parse: asInteger(1, 64),
    initial: Math.max(2, Math.min(4, navigator.hardwareConcurrency)),
    about: 'threads for background work',
  },
  serve_lanes: {
    parse: asLanes,
    initial: [...lanes] as readonly Lane[],
    about: 'lanes of background work that a server does beside its answers; none leaves all of them to annolith work',
  },
  function_calls: {
    parse: asInteger(0, 1_000_000),
    initial: 600,
    about: 'calls of functions (models) that a person may make in a minute (0: no limit)',
  },
  function_requests: {
    parse: asInteger(0, 10_000),
    initial: 10,
    about: 'automatic annotations that a person may have waiting or running (0: no limit)',
  },
  function_timeout: { parse: asInteger(1, 86_400), initial: 120, about: 'seconds that a function may take for one answer' },
  model_idle: { parse: asInteger(1, 86_400), initial: 300, about: 'seconds after which a model that nobody asks is unloaded' },
  model_processes: { parse: asInteger(1, 64), initial: 2, about: 'models (ONNX files) that may be loaded at the same time' },
  model_threads: {
    parse: asInteger(1, 256),
    initial: Math.max(1, Math.min(4, navigator.hardwareConcurrency)),
    about: 'threads that each loaded model computes with',
  },
  model_bytes: { parse: asInteger(1 << 10, 2 ** 50), initial: 8 * 2 ** 30, about: 'largest model that may be uploaded' },
  nuclio_url: { parse: asList, initial: [] as string[], about: 'dashboards of Nuclio whose functions are offered' },
  log: {
    parse: asChoice('silent', 'error', 'info', 'debug'),
    initial: 'info' as 'silent' | 'error' | 'info' | 'debug',
    about: 'how much is logged',
  },
  backup_target: {
    parse: asText,
    initial: '',
    about: 'where backups of the server go: a folder, or s3://bucket/prefix?endpoint=…&region=… with the keys in AWS_ variables',
  },
  backup_schedule: {
    parse: asSchedule,
    initial: '',
    about: 'when the server backs itself up, as "minute hour day month weekday" or @daily; without it only annolith backup does',
  },
  backup_keep: { parse: asInteger(1, 10_000), initial: 14, about: 'backups of the server that are kept; older ones are removed' },
  log_format: {
    parse: asChoice('text', 'json'),
    initial: 'text' as 'text' | 'json',
    about: 'lines of the log for people or for collectors',
  },
  metrics_token: {
    parse: asText,
    initial: '',
    about: 'bearer token that /metrics asks for; without one it answers this machine only',
    secret: true,
  },
  public_url: { parse: asText, initial: '', about: 'address under which users reach the server, when a proxy hides it' },
} satisfies Record<string, Option<any>>

type Options = { [K in keyof typeof options]: (typeof options)[K]['initial'] }
export type Config = Readonly<
  Options & { dataDir: string; databaseUrl: string; redisUrl: string; warnings: string[]; sources: Record<string, string> }
>
export type Flags = Record<string, string | undefined>

/** Variables that other parts read or that only scripts use. */
const otherVariables = new Set([
  'ANNOLITH_DATA_DIR',
  'ANNOLITH_NATIVE_DIR',
  'ANNOLITH_CONFIG',
  'ANNOLITH_UPGRADE_TRIAL',
  'ANNOLITH_THREAD',
  'ANNOLITH_UPGRADE_TRIAL',
  'ANNOLITH_KEEP_LOG',
  'ANNOLITH_TOKEN',
])

const isOption = (variable: string) =>
  [variable, variable.replace(/_FILE$/, '')].some((name) => name.slice(9).toLowerCase() in options)

/** A variable, or the content of the file that `<variable>_FILE` names: so are secrets given to containers. '' when there is neither. */
export const readSecret = (variable: string, env: Record<string, string | undefined> = process.env): string => {
  const file = env[variable] ? undefined : env[`${variable}_FILE`]
  // An option may itself be called that.
  if (!file || (`${variable}_FILE`.startsWith('ANNOLITH_') && `${variable}_FILE`.slice(9).toLowerCase() in options))
    return env[variable] ?? ''
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    throw new ConfigError(`${variable}_FILE names "${file}", which cannot be read`)
  }
}

/** A value of the file as a variable would hold it. */
const asOptionText = (value: unknown) => {
  if (!Array.isArray(value)) return String(value)
  return value.some((part) => typeof part === 'object') ? JSON.stringify(value) : value.join(',')
}

const readFileOptions = (file: string): Record<string, string> => {
  let parsed: Record<string, unknown>
  try {
    parsed = Bun.TOML.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
  } catch (error) {
    throw new ConfigError(`${file}: cannot be read: ${(error as Error).message}`)
  }
  for (const key of Object.keys(parsed)) if (!(key in options)) throw new ConfigError(`${file}: unknown key "${key}"`)
  return Object.fromEntries(Object.entries(parsed).map(([key, value]) => [key, asOptionText(value)]))
}

/**
 * Reads the configuration; the first source that names an option wins: flag, variable, file, default.
 * Throws ConfigError with one line that names the option and where it stands.
 */
export const readConfig = (flags: Flags = {}, env: Record<string, string | undefined> = process.env): Config => {
  const dataDir = resolve(flags.data_dir ?? env.ANNOLITH_DATA_DIR ?? 'data')
  const variableOf = (name: string) => readSecret(name, env)
  const file = env.ANNOLITH_CONFIG ?? join(dataDir, 'annolith.toml')
  const fromFile = existsSync(file) ? readFileOptions(file) : {}
  const result: Record<string, unknown> = {}
  const named: Record<string, string> = {}
  for (const [key, option] of Object.entries(options) as [string, Option<unknown>][]) {
    const variable = `ANNOLITH_${key.toUpperCase()}`
    const sources: [string, string | undefined][] = [
      [`--${key.replaceAll('_', '-')}`, flags[key]],
      [variable, variableOf(variable)],
      [`${file}: ${key}`, fromFile[key]],
    ]
    const [where, text] = sources.find(([, value]) => value !== undefined && value !== '') ?? ['', undefined]
    if (where) named[key] = where
    try {
      result[key] = text === undefined ? option.initial : option.parse(text)
    } catch (error) {
      throw new ConfigError(`${where} ${(error as Error).message}`)
    }
  }
  const warnings = Object.keys(env)
    .filter((name) => name.startsWith('ANNOLITH_') && !otherVariables.has(name) && !isOption(name))
    .map((name) => `unknown variable ${name} is ignored`)
  const config = {
    ...(result as Options),
    dataDir,
    databaseUrl: variableOf('DATABASE_URL'),
    redisUrl: variableOf('REDIS_URL'),
    warnings,
    sources: named,
  }
  refuseContradictions(config)
  return Object.freeze(config)
}

export const isLoopback = (host: string) =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))

const refuseContradictions = (config: Config) => {
  if (config.password_hasher === 'md5' && !isLoopback(config.host))
    throw new ConfigError(
      `ANNOLITH_PASSWORD_HASHER=md5 is for tests and refused unless the host is loopback, not "${config.host}"`,
    )
  if (config.backup_schedule && !config.backup_target)
    throw new ConfigError('ANNOLITH_BACKUP_SCHEDULE needs ANNOLITH_BACKUP_TARGET, the place that backups go to')
  if (config.databaseUrl && !/^postgres(ql)?:\/\//.test(config.databaseUrl))
    throw new ConfigError('DATABASE_URL must start with postgres://')
  if (config.redisUrl && !/^rediss?:\/\//.test(config.redisUrl)) throw new ConfigError('REDIS_URL must start with redis://')
  // The host that a request names is anybody's choice and must not get into the links of mails.
  if (config.smtp_url && !config.public_url)
    throw new ConfigError('ANNOLITH_SMTP_URL needs ANNOLITH_PUBLIC_URL, the address that the links of mails have')
  const redirecting = config.providers.find(({ kind }) => kind !== 'ldap')
  if (redirecting && !config.public_url)
    throw new ConfigError(`provider ${redirecting.name} needs ANNOLITH_PUBLIC_URL, the address to which it sends people back`)
  if (config.smtp_url && !/^smtps?:\/\//.test(config.smtp_url))
    throw new ConfigError('ANNOLITH_SMTP_URL must start with smtp:// or smtps://')
  if (config.email_verification === 'mandatory' && !config.smtp_url)
    throw new ConfigError(
      'ANNOLITH_EMAIL_VERIFICATION=mandatory needs ANNOLITH_SMTP_URL, or nobody could ever confirm an address',
    )
  if (config.clickhouse_url && !(URL.canParse(config.clickhouse_url) && /^https?:/.test(config.clickhouse_url)))
    throw new ConfigError(`ANNOLITH_CLICKHOUSE_URL must be an http or https address, not "${config.clickhouse_url}"`)
  if (!/^[A-Za-z_]\w{0,63}$/.test(config.clickhouse_database))
    throw new ConfigError(
      `ANNOLITH_CLICKHOUSE_DATABASE must be a name of letters, digits and _, not "${config.clickhouse_database}"`,
    )
  if (config.clickhouse_password_file && !existsSync(config.clickhouse_password_file))
    throw new ConfigError(`ANNOLITH_CLICKHOUSE_PASSWORD_FILE names "${config.clickhouse_password_file}", which does not exist`)
  if (Boolean(config.tls_cert) !== Boolean(config.tls_key))
    throw new ConfigError('ANNOLITH_TLS_CERT and ANNOLITH_TLS_KEY go together: set both or none')
  for (const key of ['tls_cert', 'tls_key'] as const)
    if (config[key] && !existsSync(config[key]))
      throw new ConfigError(`ANNOLITH_${key.toUpperCase()} names "${config[key]}", which does not exist`)
  if (config.secret_key_file) checkSecretKey(config.secret_key_file)
  if (config.storage && !(config.databaseUrl && config.redisUrl))
    throw new ConfigError('ANNOLITH_STORAGE is for several hosts and needs DATABASE_URL and REDIS_URL')
  if (config.storage && !config.secret_key_file)
    throw new ConfigError('ANNOLITH_STORAGE needs ANNOLITH_SECRET_KEY_FILE, so that all hosts can read what one has sealed')
  if (config.ffmpeg && !existsSync(config.ffmpeg))
    throw new ConfigError(`ANNOLITH_FFMPEG names "${config.ffmpeg}", which does not exist`)
  checkLogo(config.server_logo)
}

const minKeyLength = 32
const checkSecretKey = (path: string) => {
  if (!existsSync(path)) throw new ConfigError(`ANNOLITH_SECRET_KEY_FILE names "${path}", which does not exist`)
  if (readFileSync(path, 'utf8').trim().length < minKeyLength)
    throw new ConfigError(`ANNOLITH_SECRET_KEY_FILE names "${path}", which holds fewer than ${minKeyLength} characters`)
}

const maxLogoBytes = 1 << 20
const pngStart = [0x89, 0x50, 0x4e, 0x47]

/** The logo goes to every visitor, so it is looked at once before the server starts. */
const checkLogo = (path: string) => {
  if (!path) return
  const refuse = (why: string) => new ConfigError(`ANNOLITH_SERVER_LOGO names "${path}", which ${why}`)
  if (!existsSync(path)) throw refuse('does not exist')
  const bytes = readFileSync(path)
  if (bytes.length > maxLogoBytes) throw refuse(`is larger than ${maxLogoBytes} bytes`)
  const isPng = /\.png$/i.test(path) && pngStart.every((byte, i) => bytes[i] === byte)
  const isSvg = /\.svg$/i.test(path) && /<svg[\s>]/.test(bytes.toString('utf8'))
  if (!isPng && !isSvg) throw refuse('is neither a .png nor an .svg picture')
}

/** Makes the data directory and its folders. Throws ConfigError when it cannot be written. */
export const prepareDataDir = ({ dataDir }: Config) => {
  try {
    for (const folder of ['', 'data', 'uploads', 'results', 'assets', 'models', 'cache'])
      mkdirSync(join(dataDir, folder), { recursive: true })
    mkdirSync(join(dataDir, 'secrets'), { recursive: true, mode: 0o700 })
    accessSync(dataDir, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw new ConfigError(`data directory ${dataDir} cannot be written: ${(error as Error).message}`)
  }
}

/** Every option with its value and meaning, for `annolith config explain`. Secrets are not shown. */
export const explainConfig = (current: Config) =>
  Object.entries(options).map(([key, option]) => ({
    key,
    variable: `ANNOLITH_${key.toUpperCase()}`,
    value: 'secret' in option && String(current[key as keyof Options]) ? '***' : String(current[key as keyof Options]),
    about: option.about,
    /** The flag, variable or file that sets it; '' for the default. */
    source: current.sources[key] ?? '',
  }))

let current: Config | undefined

/** The configuration of this process; read from the environment on first use unless main.ts has set it. */
export const config = (): Config => (current ??= readConfig())
export const setConfig = (value: Config) => {
  current = value
}
