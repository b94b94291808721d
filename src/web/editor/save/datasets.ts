// Files of annotations: exports of the job made by the server, and imports from a file.
import { call } from './api'

export type Format = { name: string; ext: string; enabled: boolean; dimension?: string }

type Request = { status: 'queued' | 'started' | 'finished' | 'failed'; message?: string; result_url?: string | null }

const pollMs = 700

/** Formats by what they can do, for pictures and videos. */
export const listFormats = async (): Promise<{ exporters: Format[]; importers: Format[] }> => {
  const answer = (await (await call('/api/server/annotation/formats?own=true')).json()) as {
    exporters: Format[]
    importers: Format[]
  }
  const usable = (formats: Format[]) =>
    formats.filter((one) => one.enabled && one.dimension !== '3d').sort((a, b) => a.name.localeCompare(b.name))
  return { exporters: usable(answer.exporters), importers: usable(answer.importers) }
}

/** Waits for the end of a request; throws its message when it failed. */
export const followRequest = async (requestId: string): Promise<Request> => {
  for (;;) {
    const request = (await (await call(`/api/requests/${encodeURIComponent(requestId)}`)).json()) as Request
    if (request.status === 'finished') return request
    if (request.status === 'failed') throw new Error(request.message || 'The server could not do it')
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
}

/** The address of the finished file. */
export const exportJob = async (jobId: number, format: string, withImages: boolean): Promise<string> => {
  const query = new URLSearchParams({ format, save_images: String(withImages) })
  const answer = await call(`/api/jobs/${jobId}/dataset/export?${query}`, { method: 'POST' })
  const { rq_id } = (await answer.json()) as { rq_id: string }
  const { result_url } = await followRequest(rq_id)
  if (!result_url) throw new Error('The server made no file')
  return result_url
}

/** Puts the annotations of a file in the place of those of the job. */
export const importIntoJob = async (jobId: number, format: string, file: File): Promise<void> => {
  const form = new FormData()
  form.set('annotation_file', file, file.name)
  const query = new URLSearchParams({ format })
  const answer = await call(`/api/jobs/${jobId}/annotations?${query}`, { method: 'POST', body: form })
  const { rq_id } = (await answer.json()) as { rq_id: string }
  await followRequest(rq_id)
}
