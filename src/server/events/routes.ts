// /api/events
import { Elysia } from 'elysia'
import { signedIn } from '../auth/service'
import { sendFile } from '../http/downloads'
import { invalid, notFound, refused } from '../http/errors'
import { getRequest, requestId, startRequest } from '../requests/service'
import { storage } from '../storage/storage'
import { clientEventsBody, recordClientEvents } from './client-events'
import { planExport, readWanted } from './export'

type Query = Record<string, string | undefined>
const wantsCloud = (query: Query) => query.location === 'cloud_storage' || Boolean(query.cloud_storage_id)
const newId = () => crypto.randomUUID()

export const events = new Elysia({ prefix: '/api/events', tags: ['events'] })
  .use(signedIn)
  .post(
    '/',
    async ({ who, organization, body, set }) => {
      const kept = await recordClientEvents(who, await organization(), body)
      set.status = 201
      return kept
    },
    { body: clientEventsBody },
  )
  .post('/export', async ({ who, organization, query, set }) => {
    const { id } = await startRequest(who, await planExport(who, readWanted(query, await organization()), newId()))
    set.status = 202
    return { rq_id: id }
  })
  // The older way: 202 with a query_id, 202 until the file is there, then 201, and 200 with the file for action=download.
  .get('/', async ({ who, organization, query, request, set }) => {
    if (wantsCloud(query)) throw refused('This endpoint does not support exporting events to cloud storage')
    const queryId = query.query_id || newId()
    if (!/^[\da-f-]{36}$/.test(queryId)) throw invalid({ query_id: 'Not a query id.' })
    if (!query.query_id) {
      await startRequest(who, await planExport(who, readWanted(query, await organization()), queryId))
      set.status = 202
      return { query_id: queryId }
    }
    const row = await getRequest(who, requestId({ action: 'export', target: 'events', id: queryId, user_id: who.user.id }))
    if (row.status === 'failed') throw refused(row.message)
    const isReady = row.status === 'finished'
    if (!isReady || query.action !== 'download') {
      set.status = isReady ? 201 : 202
      return { query_id: queryId }
    }
    if (!row.resultFile || !(await storage().stat(row.resultFile))) throw notFound('The result is no longer there.')
    return sendFile(request, {
      path: await storage().local(row.resultFile),
      type: 'text/csv',
      name: row.resultName ?? 'events.csv',
    })
  })
