// How far a report is, as older clients ask: by posting its request id again.
import { notFound } from '../http/errors'
import type { Who } from '../policy/who'
import { getRequest } from '../requests/service'

/** 202 while it runs, 201 with the report's id, 500 with a text when it failed. Throws 404 for requests of others. */
export const readLegacyRequest = async (who: Who, id: string): Promise<{ status: number; reportId?: number; text: unknown }> => {
  const row = await getRequest(who, id)
  if (row.action !== 'calculate' || (row.userId !== who.user.id && !who.admin)) throw notFound('Unknown request id')
  if (row.status === 'queued' || row.status === 'started') return { status: 202, text: { rq_id: row.id } }
  if (row.status === 'finished' && row.resultId !== null) return { status: 201, reportId: row.resultId, text: '' }
  return { status: 500, text: row.message || 'No report has been computed' }
}
