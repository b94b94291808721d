// The port through which every pane asks the server: its REST API, whoever carries the requests.

export type Query = Record<string, string | number | undefined>
export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

export type Api = {
  /** The address of the server; '' when it is asked within this process. */
  place: string
  /** The JSON of an answer. Throws ApiFailure for an error that the server tells, Unreachable when there is no answer. */
  get: <T = any>(path: string, query?: Query) => Promise<T>
  getText: (path: string) => Promise<string>
  send: <T = any>(method: Method, path: string, body?: unknown) => Promise<T>
  /** Adds a version of a model from files on the machine of the console. */
  addModel: (model: NewModel) => Promise<{ id: string; version: number }>
}

export type NewModel = { name: string; note: string; paths: string[] }

/** What the server refused, with the body that says why. */
export class ApiFailure extends Error {
  constructor(
    readonly status: number,
    readonly body: unknown,
    place: string,
  ) {
    super(`${place || 'The server'} answers with status ${status}.`)
  }
}
export class Unreachable extends Error {}

/** Sends one request; rejects when no answer comes. */
export type Carry = (
  path: string,
  init: { method: Method; headers: Record<string, string>; body?: BodyInit },
) => Promise<Response>

const writeQuery = (query: Query) => {
  const pairs = Object.entries(query).flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [[key, String(value)]],
  )
  return pairs.length ? `?${new URLSearchParams(pairs)}` : ''
}

const readBody = async (response: Response): Promise<unknown> => {
  const text = await response.text()
  try {
    return text ? JSON.parse(text) : undefined
  } catch {
    return text
  }
}

/** `addModel` is what differs between a server that sees the same files and one that does not. */
export const createApi = (
  place: string,
  carry: Carry,
  addModel: (api: Omit<Api, 'addModel'>, model: NewModel) => Promise<any>,
): Api => {
  const ask = async (method: Method, path: string, body?: unknown) => {
    const isJson = body !== undefined && !(body instanceof FormData) && !(body instanceof Blob)
    const response = await carry(path, {
      method,
      headers: { accept: 'application/json', ...(isJson && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: (isJson ? JSON.stringify(body) : body) as BodyInit }),
    })
    if (!response.ok) throw new ApiFailure(response.status, await readBody(response), place)
    return response
  }
  const api: Omit<Api, 'addModel'> = {
    place,
    get: async (path, query = {}) => (await readBody(await ask('GET', path + writeQuery(query)))) as any,
    getText: async (path) => (await ask('GET', path)).text(),
    send: async (method, path, body) => (await readBody(await ask(method, path, body))) as any,
  }
  return { ...api, addModel: (model) => addModel(api, model) }
}

export type Listed<T> = { rows: T[]; total: number }
const perPage = 500

/** The first rows of a list, at most `most`, and how many there are. */
export const listRows = async <T>(api: Api, path: string, query: Query = {}, most = 1000): Promise<Listed<T>> => {
  const rows: T[] = []
  for (let page = 1; ; page++) {
    const answer = await api.get<{ count: number; results: T[] }>(path, { ...query, page, page_size: Math.min(perPage, most) })
    rows.push(...answer.results)
    if (rows.length >= Math.min(most, answer.count) || !answer.results.length) return { rows, total: answer.count }
  }
}
