// The server as the editor sees it: typed calls on the same origin, errors told apart by what can be done about them.
import type { Annotations, Label } from '../../../formats/model'

export type JobInfo = {
  id: number
  task_id: number
  start_frame: number
  stop_frame: number
  mode: 'annotation' | 'interpolation'
  state: string
  stage: string
  type?: string
  project_id?: number | null
  task_name?: string
  assignee?: Person | null
  bug_tracker?: string | null
  guide_id?: number | null
  dimension?: string
}

export type Person = { id: number; username: string }

export type Chapter = { id: number; start: number; stop: number; metadata?: { title?: string } | null; title?: string }

export type DataMeta = {
  frames: { name: string; width: number; height: number; related_files?: number; has_related_context?: boolean }[]
  deleted_frames: number[]
  start_frame: number
  stop_frame: number
  size: number
  included_frames?: number[] | null
  chapters?: Chapter[] | null
}

export type SaveBody = { save_id: string; create: Annotations; update: Annotations; delete: Annotations }

export type SaveAnswer = { revision: number; create: Annotations; update: Annotations }

/** `stale`: based on an older revision; `refused`: the same request would fail again; `unreachable`: worth repeating. */
export class ApiError extends Error {
  constructor(
    readonly reason: 'stale' | 'refused' | 'unreachable',
    message: string,
    readonly status: number,
  ) {
    super(message)
  }
}

const readCookie = (name: string): string =>
  document.cookie
    .split('; ')
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1) ?? ''

const explain = async (response: Response): Promise<string> => {
  const text = await response.text().catch(() => '')
  try {
    const body = JSON.parse(text) as Record<string, unknown>
    if (typeof body.detail === 'string') return body.detail
    return Object.entries(body)
      .map(([field, value]) => `${field}: ${Array.isArray(value) ? value.join(' ') : String(value)}`)
      .join('; ')
  } catch {
    return text.slice(0, 200) || `The server answered ${response.status}`
  }
}

const mayPass = (status: number): boolean => status >= 500 || status === 408 || status === 429 || status === 0

/** Asks the server; an answer that is no success throws an ApiError with the server's sentence. */
export const call = async (path: string, init: RequestInit = {}): Promise<Response> => {
  let response: Response
  try {
    const headers = new Headers(init.headers)
    headers.set('Accept', 'application/json')
    if (init.method && init.method !== 'GET') headers.set('X-CSRFToken', readCookie('csrftoken'))
    if (typeof init.body === 'string') headers.set('Content-Type', 'application/json')
    response = await fetch(path, { credentials: 'same-origin', ...init, headers })
  } catch {
    throw new ApiError('unreachable', 'The server cannot be reached', 0)
  }
  if (response.ok) return response
  const reason = response.status === 412 ? 'stale' : mayPass(response.status) ? 'unreachable' : 'refused'
  throw new ApiError(reason, await explain(response), response.status)
}

const readRevision = (response: Response): number => Number((response.headers.get('ETag') ?? '0').replace(/[^0-9]/g, ''))

export type Api = {
  getJob: () => Promise<JobInfo>
  getLabels: () => Promise<Label[]>
  getMeta: () => Promise<DataMeta>
  getAnnotations: () => Promise<{ annotations: Annotations; revision: number }>
  save: (body: string, revision: number, keepalive?: boolean) => Promise<SaveAnswer>
  updateJob: (change: { state?: string; stage?: string }) => Promise<JobInfo>
  frameUrl: (frame: number) => string
  /** As it was uploaded. */
  originalUrl: (frame: number) => string
  /** Replaces the deleted frames of the job. */
  saveDeletedFrames: (frames: number[]) => Promise<void>
}

export const openApi = (jobId: number): Api => ({
  getJob: async () => (await call(`/api/jobs/${jobId}`)).json() as Promise<JobInfo>,
  getLabels: async () => {
    const body = (await (await call(`/api/labels?job_id=${jobId}&page_size=all`)).json()) as { results: Label[] }
    return body.results
  },
  getMeta: async () => (await call(`/api/jobs/${jobId}/data/meta`)).json() as Promise<DataMeta>,
  getAnnotations: async () => {
    const response = await call(`/api/jobs/${jobId}/annotations`)
    return { annotations: (await response.json()) as Annotations, revision: readRevision(response) }
  },
  save: async (body, revision, keepalive = false) => {
    const headers = { 'If-Match': `"${revision}"` }
    const response = await call(`/api/jobs/${jobId}/annotations?action=save`, { method: 'PATCH', headers, body, keepalive })
    const answer = (await response.json()) as SaveAnswer
    return { ...answer, revision: readRevision(response) || answer.revision }
  },
  updateJob: async (change) => {
    const response = await call(`/api/jobs/${jobId}`, { method: 'PATCH', body: JSON.stringify(change) })
    return response.json() as Promise<JobInfo>
  },
  saveDeletedFrames: async (frames) => {
    await call(`/api/jobs/${jobId}/data/meta`, { method: 'PATCH', body: JSON.stringify({ deleted_frames: frames }) })
  },
  frameUrl: (frame) => `/api/jobs/${jobId}/data?type=frame&quality=compressed&number=${frame}`,
  originalUrl: (frame) => `/api/jobs/${jobId}/data?type=frame&quality=original&number=${frame}`,
})
