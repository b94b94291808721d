// What the tests of backups share: asking for backups, restoring bytes, reading archives.
import { unzipSync, type Zippable, zipSync } from 'fflate'
import type { Person } from '../../../tests/api'
import { runRequest } from '../requests/service'
import { storage } from '../storage/storage'
import { type BackupTarget } from './export'
import { runBackup, runRestore } from './service'

type Bytes = Uint8Array<ArrayBuffer>

const boundary = 'b0undary'

/** Sends a backup as a form, runs its request and answers that. */
export const restoreBackup = async (person: Person, target: BackupTarget, bytes: Uint8Array, query = '') => {
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="${target}_file"; filename="b.zip"\r\n\r\n`
  const body = new Uint8Array(Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)])) as Bytes
  const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` }
  const started = await person.call('POST', `/api/${target}s/backup/${query}`, { body, headers })
  if (started.status !== 202) throw new Error(`${started.status} ${started.text}`)
  return finishRequest(person, started.json.rq_id, runRestore)
}

/** Runs the work of a request and answers how it ended. */
export const finishRequest = async (person: Person, id: string, work: Parameters<typeof runRequest>[1]) => {
  await runRequest(id, work)
  return (await person.call('GET', `/api/requests/${encodeURIComponent(id)}`)).json
}

export const startBackup = (person: Person, target: BackupTarget, id: number, query = '') =>
  person.call('POST', `/api/${target}s/${id}/backup/export${query}`)

/** Backs something up; answers the request and the archive's files. */
export const takeBackup = async (person: Person, target: BackupTarget, id: number, query = '') => {
  const started = await startBackup(person, target, id, query)
  if (started.status !== 202) throw new Error(`${started.status} ${started.text}`)
  const request = await finishRequest(person, started.json.rq_id, runBackup)
  if (request.status !== 'finished') throw new Error(request.message)
  const url = new URL(request.result_url)
  const answer = await person.call('GET', url.pathname + url.search)
  const key = url.searchParams.get('key')
  const bytes = await storage().get(`results/${key}.zip`)
  return { request, answer, bytes, files: unzipSync(bytes) }
}

export const readJson = (bytes: Uint8Array | undefined) => JSON.parse(new TextDecoder().decode(bytes))

/** The archive with some files replaced, or left out where the value is null. */
export const changeBackup = (bytes: Uint8Array, changes: Record<string, Uint8Array | string | object | null>): Uint8Array => {
  const files: Zippable = { ...unzipSync(bytes) }
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) delete files[name]
    else if (value instanceof Uint8Array) files[name] = value
    else files[name] = new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value))
  }
  return zipSync(files, { level: 0 })
}
