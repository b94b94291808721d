// /admin: whether everything works, and how much there is.

import { count } from 'drizzle-orm'
import { say, t } from '../../web/ui/i18n/message'
import { formatCount } from '../../web/ui/parts'
import { config } from '../config'
import { db } from '../db/open'
import { jobs } from '../jobs/schema'
import { organizations } from '../organizations/schema'
import { projects } from '../projects/schema'
import { tasks } from '../tasks/schema'
import { users } from '../users/schema'
import { AdminFrame, showAdminPage } from './frame'
import { readHealth } from './health'

const counted = [
  { label: 'Users', table: users, href: '/admin/users' },
  { label: 'Organizations', table: organizations, href: undefined },
  { label: 'Projects', table: projects, href: '/projects' },
  { label: 'Tasks', table: tasks, href: '/tasks' },
  { label: 'Jobs', table: jobs, href: '/jobs' },
]

const countAll = () =>
  Promise.all(
    counted.map(async ({ label, table, href }) => {
      const [row] = await db.select({ n: count() }).from(table as typeof users)
      return { label, href, n: row!.n }
    }),
  )

export const showOverview = showAdminPage(async () => {
  const [parts, counts] = await Promise.all([readHealth(), countAll()])
  return {
    title: t('Administration'),
    section: 'admin',
    body: (
      <AdminFrame tab="/admin" title={t('Server health')}>
        <div class="mb-4 grid grid-cols-5 gap-3 max-md:grid-cols-2">
          {counts.map(({ label, href, n }) => (
            <a class="card grid gap-1 p-4 hover:border-line-strong" href={href}>
              <span class="num text-[22px] leading-7 font-semibold" safe>
                {formatCount(n)}
              </span>
              <span class="text-[13px] text-muted" safe>
                {t(label)}
              </span>
            </a>
          ))}
        </div>
        <section class="card overflow-x-auto" aria-label={t('Parts of the server')}>
          <table class="grid-table">
            <thead>
              <tr>
                <th scope="col">{say('Part')}</th>
                <th scope="col">{say('State')}</th>
                <th scope="col">{say('Details')}</th>
              </tr>
            </thead>
            <tbody>
              {parts.map(({ name, tone, state, note }) => (
                <tr data-testid={`health-${name.toLowerCase().replaceAll(' ', '-')}`}>
                  <td class="w-44 font-medium break-words hyphens-auto max-sm:w-24 max-sm:max-w-24" safe>
                    {t(name)}
                  </td>
                  <td class="w-36 max-sm:w-[1%]">
                    <span class="badge" data-tone={tone} data-testid="row-status" data-status={tone} safe>
                      {t(state)}
                    </span>
                  </td>
                  <td class="text-[13px] text-muted [overflow-wrap:anywhere]" dir="auto" safe>
                    {note}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
        <p class="hint mt-3" safe>
          {t('Data directory: {dataDir} · clients are told version {compatVersion}', {
            dataDir: config().dataDir,
            compatVersion: config().compat_version,
          })}
        </p>
      </AdminFrame>
    ),
  }
})
