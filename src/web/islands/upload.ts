// Sends files to the server: small ones together, large ones in pieces (TUS) that go on after a break of the connection.
import { ApiFailure, describeAnswer, ownHeaders } from './api'

const pieceBytes = 8 * 2 ** 20
/** Files up to this size travel together. */
const smallBytes = 4 * 2 ** 20
const groupBytes = 32 * 2 ** 20
const groupCount = 100
const firstWaitMs = 500
const longestWaitMs = 10_000
/** How long a broken connection is waited for. */
const patienceMs = 10 * 60_000

type Sent = { status: number; text: string; header: (name: string) => string | null }

/** One request with progress of its body; rejects with TypeError when the connection breaks. */
const send = (
  method: string,
  url: string,
  headers: Record<string, string>,
  body: Blob | FormData | null,
  onBytes: (bytes: number) => void,
) =>
  new Promise<Sent>((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open(method, url)
    for (const [name, value] of Object.entries({ ...ownHeaders(), ...headers })) request.setRequestHeader(name, value)
    request.upload.addEventListener('progress', (event) => onBytes(event.loaded))
    request.addEventListener('load', () =>
      resolve({ status: request.status, text: request.responseText, header: (name) => request.getResponseHeader(name) }),
    )
    for (const name of ['error', 'abort', 'timeout'])
      request.addEventListener(name, () => reject(new TypeError('connection lost')))
    request.send(body)
  })

const pause = (ms: number) =>
  new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer)
      removeEventListener('online', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    addEventListener('online', done)
  })

const refuse = ({ status, text }: Sent, name: string) => new ApiFailure(status, `${name}: ${describeAnswer(status, text)}`)

/** Tries again while the connection is broken or the server is not itself; other answers are the caller's. */
const persist = async <T>(attempt: () => Promise<T | 'again'>, onWait: (isWaiting: boolean) => void): Promise<T> => {
  const deadline = Date.now() + patienceMs
  for (let waitMs = firstWaitMs; ; waitMs = Math.min(longestWaitMs, waitMs * 2)) {
    try {
      const result = await attempt()
      if (result !== 'again') {
        onWait(false)
        return result
      }
    } catch (problem) {
      if (!(problem instanceof TypeError) || Date.now() > deadline) throw problem
    }
    if (Date.now() > deadline) throw new TypeError('connection lost')
    onWait(true)
    await pause(waitMs)
  }
}

const isTemporary = (status: number) => status >= 500 || status === 408 || status === 429

const encodeName = (name: string) => btoa(String.fromCharCode(...new TextEncoder().encode(name)))
/** The upload's own path: behind a proxy its absolute address may name another host. */
const pathOf = (location: string) => {
  const url = new URL(location, window.location.href)
  return `${url.pathname}${url.search}`
}

export type Watch = { onBytes?: (bytes: number) => void; onWait?: (isWaiting: boolean) => void }

/**
 * Uploads one file by TUS to `url` (with its trailing slash); answers the name that the server gave it.
 * Throws ApiFailure when the server refuses the file, TypeError when the connection stays broken.
 */
export const uploadByTus = async (
  url: string,
  file: File,
  { onBytes = () => {}, onWait = () => {} }: Watch = {},
): Promise<string> => {
  const tus = { 'tus-resumable': '1.0.0' }
  const created = await persist(async () => {
    const headers = { ...tus, 'upload-length': String(file.size), 'upload-metadata': `filename ${encodeName(file.name)}` }
    const answer = await send('POST', url, headers, null, () => {})
    if (isTemporary(answer.status)) return 'again'
    if (answer.status !== 201) throw refuse(answer, file.name)
    return answer
  }, onWait)
  const location = pathOf(created.header('location')!)
  let offset = 0
  let mustAsk = false
  do {
    await persist(async () => {
      if (mustAsk) {
        const answer = await send('HEAD', location, tus, null, () => {})
        if (isTemporary(answer.status)) return 'again'
        if (answer.status >= 400) throw refuse(answer, file.name)
        offset = Number(answer.header('upload-offset'))
        mustAsk = false
        if (offset >= file.size && file.size > 0) return
      }
      // Until the answer says otherwise nobody knows what has arrived.
      mustAsk = true
      const piece = file.slice(offset, offset + pieceBytes)
      const headers = { ...tus, 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset) }
      const answer = await send('PATCH', location, headers, piece, (bytes) => onBytes(Math.min(file.size, offset + bytes)))
      if (answer.status === 409 || isTemporary(answer.status)) return 'again'
      if (answer.status >= 400) throw refuse(answer, file.name)
      offset = Number(answer.header('upload-offset') ?? offset + piece.size)
      mustAsk = false
    }, onWait)
    onBytes(offset)
  } while (offset < file.size)
  return created.header('upload-filename') ?? file.name
}

const uploadGroup = (
  url: string,
  files: File[],
  fields: Record<string, string>,
  { onBytes = () => {}, onWait = () => {} }: Watch,
) =>
  persist(async () => {
    const form = new FormData()
    for (const [name, value] of Object.entries(fields)) form.set(name, value)
    for (const [i, file] of files.entries()) form.set(`client_files[${i}]`, file, file.name)
    const answer = await send('POST', url, { 'upload-multiple': '' }, form, onBytes)
    if (isTemporary(answer.status)) return 'again'
    if (answer.status >= 400)
      throw refuse(answer, files.length === 1 ? files[0]!.name : `${files[0]!.name} and ${files.length - 1} more`)
    return answer
  }, onWait)

/** Files in the groups that travel together; a large one stands alone. */
export const groupFiles = <F extends { size: number }>(files: F[]): F[][] => {
  const groups: F[][] = []
  let bytes = 0
  let open: F[] | null = null
  for (const file of files) {
    if (file.size > smallBytes) {
      groups.push([file])
      continue
    }
    if (!open || open.length >= groupCount || bytes + file.size > groupBytes) {
      open = []
      bytes = 0
      groups.push(open)
    }
    open.push(file)
    bytes += file.size
  }
  return groups
}

/**
 * Uploads the files of a task: start, files, finish. `onFile` hears how many bytes of each file have arrived.
 * Answers the id of the request that reads them.
 */
export const uploadTaskFiles = async (
  url: string,
  files: File[],
  parameters: Record<string, unknown>,
  { onFile, onWait }: { onFile: (file: File, bytes: number) => void; onWait: (isWaiting: boolean) => void },
): Promise<string> => {
  const step = (name: string, body: Blob | null) =>
    persist(async () => {
      const answer = await send('POST', url, { [name]: '', 'content-type': 'application/json' }, body, () => {})
      if (isTemporary(answer.status)) return 'again'
      if (answer.status >= 400) throw new ApiFailure(answer.status, describeAnswer(answer.status, answer.text))
      return answer
    }, onWait)
  await step('upload-start', null)
  for (const group of groupFiles(files)) {
    if (group.length === 1 && group[0]!.size > smallBytes) {
      await uploadByTus(url, group[0]!, { onBytes: (bytes) => onFile(group[0]!, bytes), onWait })
      continue
    }
    const onBytes = (sent: number) => {
      let left = sent
      for (const file of group) {
        onFile(file, Math.max(0, Math.min(file.size, left)))
        left -= file.size
      }
    }
    await uploadGroup(url, group, { image_quality: String(parameters.image_quality ?? 70) }, { onBytes, onWait })
    for (const file of group) onFile(file, file.size)
  }
  const finished = await step('upload-finish', new Blob([JSON.stringify(parameters)], { type: 'application/json' }))
  return JSON.parse(finished.text).rq_id
}
