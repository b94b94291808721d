// Functions behind HTTP addresses: kept in the database, described by files in `models/`, or offered by a dashboard of Nuclio.
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { config } from '../../config'
import { egress } from '../../http/egress'
import { FunctionError, type FunctionInfo, type Provider } from '../contract'
import { openKey } from '../secrets'
import { listStored, toInfo } from '../stored'
import { MetadataError, readMetadata } from './metadata'
import { decodeAnswer, encodeCall } from './nuclio'

/** Where and how a function is asked. */
type Endpoint = { info: FunctionInfo; url: string; headers: () => Promise<Record<string, string>>; barePoints: boolean }

/** Bytes of an answer that are taken. */
const maxAnswerBytes = 32 * 2 ** 20
const listingMs = 5000
/** How long the list of a dashboard or folder is believed. */
const freshMs = 10_000

const noHeaders = async () => ({})

const listRows = async (): Promise<Endpoint[]> =>
  (await listStored('http')).map((row) => ({
    info: toInfo(row),
    url: row.url ?? '',
    headers: async (): Promise<Record<string, string>> =>
      row.apiKey ? { authorization: `Bearer ${await openKey(row.apiKey)}` } : {},
    barePoints: row.kind === 'tracker' && !row.spec.supported_shape_types,
  }))

const isDescription = (name: string) => /(^|[./])function\.ya?ml$/.test(name)

const readFile = async (path: string): Promise<Endpoint> => {
  const { info, url, barePoints } = readMetadata(Bun.YAML.parse(await Bun.file(path).text()))
  if (!url) throw new MetadataError('url is missing')
  return { info, url, headers: noHeaders, barePoints }
}

/** The log is told once what is wrong with a description, not whenever the list is made. */
const told = new Set<string>()
const tellOnce = (text: string) => {
  if (told.has(text)) return
  told.add(text)
  console.error(text)
}

/** One bad description does not hide the others. */
const orSkip = async (what: string, work: () => Promise<Endpoint> | Endpoint): Promise<Endpoint[]> => {
  try {
    return [await work()]
  } catch (error) {
    tellOnce(`${what}: ${(error as Error).message}`)
    return []
  }
}

const listFiles = async (): Promise<Endpoint[]> => {
  const folder = join(config().dataDir, 'models')
  const names = await readdir(folder, { recursive: true }).catch(() => [])
  const read = names.filter(isDescription).map((name) => orSkip(`models/${name}`, () => readFile(join(folder, name))))
  return (await Promise.all(read)).flat()
}

/** Functions are called through the dashboard, which needs no further address of each. */
const listDashboard = async (dashboard: string): Promise<Endpoint[]> => {
  const base = dashboard.replace(/\/$/, '')
  const nuclio = { 'x-nuclio-project-name': 'cvat', 'x-nuclio-function-namespace': 'nuclio' }
  const answer = await egress(`${base}/api/functions`, { headers: nuclio, timeoutMs: listingMs })
  if (!answer.ok) throw new Error(`${dashboard} answered ${answer.status}`)
  const described = Object.values((await answer.json()) as Record<string, unknown>)
  const read = described.map((one) =>
    orSkip(`function of ${dashboard}`, () => {
      const { info, barePoints } = readMetadata(one)
      const headers = {
        ...nuclio,
        'x-nuclio-invoke-via': 'domain-name',
        'x-nuclio-invoke-timeout': `${config().function_timeout}s`,
        'x-nuclio-function-name': info.id,
        'x-nuclio-path': '/',
      }
      return { info, url: `${base}/api/function_invocations`, headers: async () => headers, barePoints }
    }),
  )
  return (await Promise.all(read)).flat()
}

/** Nobody waits for a list but the first: one that is old is still answered while a new one is made. */
const remember = (list: () => Promise<Endpoint[]>) => {
  let known: Promise<Endpoint[]> | undefined
  let until = 0
  return () => {
    if (!known) known = list()
    else if (until < Date.now())
      void list().then((fresh) => {
        known = Promise.resolve(fresh)
      })
    else return known
    until = Date.now() + freshMs
    return known
  }
}

const listSafely = async (what: string, list: () => Promise<Endpoint[]>): Promise<Endpoint[]> => {
  try {
    return await list()
  } catch (error) {
    tellOnce(`functions of ${what} cannot be listed: ${(error as Error).message}`)
    return []
  }
}

/** Sources besides the database, which is asked each time. */
let slowSources: { folder: string; list: () => Promise<Endpoint[]> } | undefined
const listSlow = () => {
  const folder = config().dataDir
  if (slowSources?.folder !== folder)
    slowSources = {
      folder,
      list: remember(async () => {
        const lists = [listFiles, ...config().nuclio_url.map((url) => () => listSafely(url, () => listDashboard(url)))]
        return (await Promise.all(lists.map((list) => list()))).flat()
      }),
    }
  return slowSources.list()
}

/** Looks anew when the list is asked for next. */
export const forgetSlowSources = () => {
  slowSources = undefined
}

const listEndpoints = async (): Promise<Endpoint[]> => (await Promise.all([listRows(), listSlow()])).flat()

const readJson = async (info: FunctionInfo, answer: Response): Promise<unknown> => {
  const text = await answer.text()
  if (!answer.ok) {
    const said = text.replace(/\s+/g, ' ').trim().slice(0, 200)
    throw new FunctionError('answer', `"${info.name}" answered with status ${answer.status}${said && `: ${said}`}`)
  }
  try {
    return JSON.parse(text)
  } catch {
    throw new FunctionError('answer', `The answer of "${info.name}" cannot be used: it is not JSON.`)
  }
}

export const httpProvider: Provider = {
  name: 'http',
  list: async () => (await listEndpoints()).map(({ info }) => info),
  call: async (info, call, signal) => {
    const endpoint = (await listEndpoints()).find((one) => one.info.id === info.id)
    if (!endpoint) throw new FunctionError('unavailable', `"${info.name}" is gone.`)
    const answer = await egress(endpoint.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...(await endpoint.headers()) },
      body: JSON.stringify(await encodeCall(call, endpoint)),
      maxBytes: maxAnswerBytes,
      timeoutMs: config().function_timeout * 1000,
      maxRedirects: 0,
      signal,
    })
    return decodeAnswer(info, call.do, await readJson(info, answer)) as never
  },
}
