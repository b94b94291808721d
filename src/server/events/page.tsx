// /analytics: what happened lately, for administrators and people who were given access.
import { Elysia } from 'elysia'
import { Ago } from '../../web/ui/parts'
import { showPage } from '../auth/service'
import { forbidden } from '../http/errors'
import { isoTime } from '../http/json'
import { summarizeEvents } from './analytics'

const days = 30
type Summary = Awaited<ReturnType<typeof summarizeEvents>>

const Scopes = ({ scopes }: Pick<Summary, 'scopes'>) => (
  <section class="card" aria-label="By kind">
    <table class="grid-table slim">
      <thead>
        <tr>
          <th class="text-start">Event</th>
          <th class="text-end">Times</th>
          <th class="text-end">People</th>
        </tr>
      </thead>
      <tbody>
        {scopes.map((row) => (
          <tr data-testid="analytics-scope">
            <td safe>{row.scope}</td>
            <td class="num text-end">{String(row.events) as 'safe'}</td>
            <td class="num text-end">{String(row.people) as 'safe'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
)

const placeOf = ({ jobId, taskId, projectId }: Summary['newest'][number]) =>
  jobId ? `Job #${jobId}` : taskId ? `Task #${taskId}` : projectId ? `Project #${projectId}` : ''

const Newest = ({ newest }: Pick<Summary, 'newest'>) => (
  <section class="card" aria-label="Newest">
    <table class="grid-table slim">
      <thead>
        <tr>
          <th class="text-start">Event</th>
          <th class="text-start">Where</th>
          <th class="text-start">Who</th>
          <th class="text-start">When</th>
        </tr>
      </thead>
      <tbody>
        {newest.map((row) => (
          <tr>
            <td dir="auto" safe>
              {row.objName ? `${row.scope} ${row.objName}` : row.scope}
            </td>
            <td class="num" safe>
              {placeOf(row)}
            </td>
            <td dir="auto" safe>
              {row.userName ?? ''}
            </td>
            <td class="text-muted">
              <Ago iso={isoTime(row.timestamp)} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
)

const showAnalytics = showPage(async ({ who }) => {
  if (!who.admin && !who.user.hasAnalyticsAccess) throw forbidden()
  const { scopes, newest } = await summarizeEvents(days)
  return {
    title: 'Analytics',
    body: (
      <div class="mx-auto grid w-full max-w-5xl gap-4 p-4" data-testid="analytics">
        <h1>Analytics</h1>
        <p class="text-muted">
          {scopes.length ? `What happened in the last ${days} days.` : `Nothing happened in the last ${days} days.`}
        </p>
        {scopes.length ? <Scopes scopes={scopes} /> : ''}
        {newest.length ? <Newest newest={newest} /> : ''}
      </div>
    ),
  }
})

export const eventPages = new Elysia().get('/analytics', showAnalytics).get('/analytics/', showAnalytics)
