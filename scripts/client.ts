// A small client of the REST API for the scripts and appliance tests: signs in, sends, waits for background requests.

export type Client = {
  get: <T = any>(path: string) => Promise<T>
  send: <T = any>(method: string, path: string, body?: object) => Promise<T>
  /** The answer itself, for media and status codes; never throws on a status. */
  raw: (path: string, init?: RequestInit) => Promise<Response>
  /** Waits until a background request has finished; throws with its message when it failed. */
  finish: (requestId: string) => Promise<any>
}

const describe = async (method: string, path: string, response: Response) =>
  new Error(`${method} ${path} answered ${response.status}: ${(await response.text()).slice(0, 300)}`)

/** Signs in at `url` and returns a client that sends the token; throws when the password is refused. */
export const signIn = async (url: string, username: string, password: string): Promise<Client> => {
  const login = await fetch(`${url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  })
  if (!login.ok) throw await describe('POST', '/api/auth/login', login)
  const { key } = (await login.json()) as { key: string }
  const raw: Client['raw'] = (path, init = {}) =>
    fetch(`${url}${path}`, { ...init, headers: { authorization: `Token ${key}`, ...(init.headers as Record<string, string>) } })
  const send: Client['send'] = async (method, path, body) => {
    const response = await raw(path, {
      method,
      ...(body &&
        (body instanceof FormData ? { body } : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } })),
    })
    if (!response.ok) throw await describe(method, path, response)
    const text = await response.text()
    return text ? JSON.parse(text) : undefined
  }
  const get: Client['get'] = (path) => send('GET', path)
  const finish: Client['finish'] = async (requestId) => {
    for (;;) {
      const request = await get(`/api/requests/${encodeURIComponent(requestId)}`)
      if (request.status === 'finished') return request
      if (request.status === 'failed') throw new Error(`background request ${requestId} failed: ${request.message}`)
      await Bun.sleep(25)
    }
  }
  return { get, send, raw, finish }
}

/** Sends files to a new task and waits until it is ready. */
export const uploadMedia = async (
  client: Client,
  taskId: number,
  files: [name: string, content: Blob][],
  options: Record<string, string> = {},
) => {
  const form = new FormData()
  form.set('image_quality', '75')
  for (const [key, value] of Object.entries(options)) form.set(key, value)
  files.forEach(([name, content], i) => {
    form.set(`client_files[${i}]`, content, name)
  })
  const { rq_id } = await client.send('POST', `/api/tasks/${taskId}/data`, form)
  await client.finish(rq_id)
}
