// Follows a background request until it ends.

import { ApiFailure, callApi } from './api'
import { t } from './i18n/message'

export type FollowedRequest = {
  id: string
  status: string
  message: string
  progress: number | null
  result_url: string | null
  /** What it has made, of restored backups. */
  result_id: number | null
}

const firstWaitMs = 150
const longestWaitMs = 2000

/** The event stream of the page tells of requests, and then nobody has to wait. */
const pause = (ms: number) =>
  new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer)
      document.removeEventListener('request-told', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    document.addEventListener('request-told', done)
  })

/** Resolves with the finished request; throws with its message when it failed. A break of the connection is waited out. */
export const followRequest = async (
  id: string,
  onProgress: (request: FollowedRequest) => void = () => {},
  signal?: AbortSignal,
): Promise<FollowedRequest> => {
  for (let waitMs = firstWaitMs; !signal?.aborted; waitMs = Math.min(longestWaitMs, waitMs * 1.4)) {
    try {
      const request = await callApi<FollowedRequest>('GET', `/api/requests/${encodeURIComponent(id)}`)
      onProgress(request)
      if (request.status === 'finished') return request
      if (request.status === 'failed') throw new ApiFailure(400, request.message || t('It failed for an unknown reason.'))
    } catch (problem) {
      if (problem instanceof ApiFailure && problem.status < 500) throw problem
    }
    await pause(waitMs)
  }
  throw new DOMException('Following was given up.', 'AbortError')
}

/** Parts of a page that wait for a request show how far it is, and are exchanged when it ends. */
export const startFollowing = () => {
  for (const part of document.querySelectorAll<HTMLElement>('[data-follow]')) {
    const text = part.querySelector<HTMLElement>('[data-follow-text]')
    const bar = part.querySelector<HTMLProgressElement>('[data-follow-bar]')
    const show = ({ status, message, progress }: FollowedRequest) => {
      if (text)
        text.textContent =
          message || (status === 'queued' ? t('Waits for its turn') : (part.dataset.followWords ?? t('Reading the files…')))
      if (bar && progress !== null) bar.value = progress
    }
    const end = () =>
      part.closest('[data-live-part]') ? document.dispatchEvent(new CustomEvent('request-ended')) : location.reload()
    followRequest(part.dataset.follow!, show).then(end, end)
  }
}
