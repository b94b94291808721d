// /analytics: what happened lately, for administrators and people who were given access.

import { Elysia } from 'elysia'
import { say, t } from '../../web/ui/i18n/message'
import { Ago } from '../../web/ui/parts'
import { showPage } from '../auth/service'
import { forbidden } from '../http/errors'
import { isoTime } from '../http/json'
import { summarizeEvents } from './analytics'

const days = 30
type Summary = Awaited<ReturnType<typeof summarizeEvents>>

const Scopes = ({ scopes }: Pick<Summary, 'scopes'>) => (
  <section class="card" aria-label={t('By kind')}>
    <table class="grid-table slim">
      <thead>
        <tr>
          <th class="text-start">{say('Event')}</th>
          <th class="text-end">{say('Times')}</th>
          <th class="text-end">{say('People')}</th>
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
  jobId
    ? t('Job #{jobId}', { jobId })
    : taskId
      ? t('Task #{taskId}', { taskId })
      : projectId
        ? t('Project #{projectId}', { projectId })
        : ''

const Newest = ({ newest }: Pick<Summary, 'newest'>) => (
  <section class="card" aria-label={t('Newest')}>
    <table class="grid-table slim">
      <thead>
        <tr>
          <th class="text-start">{say('Event')}</th>
          <th class="text-start">{say('Where')}</th>
          <th class="text-start">{say('Who')}</th>
          <th class="text-start">{say('When')}</th>
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
    title: t('Analytics'),
    body: (
      <div class="mx-auto grid w-full max-w-5xl gap-4 p-4" data-testid="analytics">
        <h1>{say('Analytics')}</h1>
        <p class="text-muted">
          {scopes.length
            ? say('What happened in the last {days} days.', { days })
            : say('Nothing happened in the last {days} days.', { days })}
        </p>
        {scopes.length ? <Scopes scopes={scopes} /> : ''}
        {newest.length ? <Newest newest={newest} /> : ''}
      </div>
    ),
  }
})

export const eventPages = new Elysia().get('/analytics', showAnalytics).get('/analytics/', showAnalytics)
