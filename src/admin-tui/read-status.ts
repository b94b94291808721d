// Reads what the status line shows; a server that does not answer is told there instead.
import type { ServerStatus } from '../server/admin/status'
import type { Api } from './api'
import { describeError } from './describe-error'
import type { Status } from './state'

export const createStatusReader = (api: Api) => async (): Promise<Omit<Status, 'time'>> => {
  try {
    return { ...(await api.get<ServerStatus>('/api/admin/status')), place: api.place }
  } catch (error) {
    return { place: api.place, unreachable: describeError(error).text }
  }
}
