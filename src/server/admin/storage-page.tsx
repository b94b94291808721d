// /admin/storage: what takes how much room, by place, organization and task; caches and what has expired are freed by a click.

import type { Children } from '@kitajs/html'
import { eq, inArray } from 'drizzle-orm'
import { Notice } from '../../web/ui/form'
import { say, sayAround, t } from '../../web/ui/i18n/message'
import { Ago, formatCount, plural } from '../../web/ui/parts'
import { FormToken } from '../auth/service'
import { config } from '../config'
import { db } from '../db/open'
import { redirectTo } from '../http/html'
import { readPaging } from '../http/page'
import { organizations } from '../organizations/schema'
import { readDisk } from '../storage/disk-use'
import { tasks } from '../tasks/schema'
import { formatBytes } from './format-bytes'
import { AdminFrame, receiveAdminForm, showAdminPage } from './frame'
import { freeCache, freeExpired, places, readUsage, type Size, type Usage } from './measure'

type Part = 'cache' | 'expired' | 'all'

/** What a click frees, by the place it lies in. */
const freeable: Record<string, { part: Part; title: string }> = {
  cache: { part: 'cache', title: 'Chunks and previews are made again when needed' },
  results: { part: 'expired', title: 'Results whose time is over, and uploads that were given up' },
}

type FreeProps = { request: Request; part: Part; title: string; testid: string; isMain?: boolean; children?: Children }
const FreeForm = ({ request, part, title, testid, isMain, children }: FreeProps): JSX.Element => (
  <form method="post" action="/admin/storage/free" data-submit-once>
    <FormToken request={request} />
    <input type="hidden" name="part" value={part} />
    <button type="submit" class={['btn', isMain ? 'btn-primary' : 'btn-small']} data-testid={testid} title={title}>
      {children as 'safe'}
    </button>
  </form>
)

const Places = ({ usage, request }: { usage: Usage; request: Request }) => (
  <section class="card" aria-label={t('Data directory')}>
    <table class="grid-table slim">
      <thead>
        <tr>
          <th scope="col">{say('Place')}</th>
          <th scope="col" class="text-end!">
            {say('Files')}
          </th>
          <th scope="col" class="text-end!">
            {say('Size')}
          </th>
          <th scope="col">
            <span class="sr-only">{say('Actions')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {Object.entries(usage.places).map(([name, { bytes, files }]) => (
          <tr data-testid={`place-${name.replace('.', '-')}`}>
            <td>
              <span class="font-mono text-[13px]" safe>
                {name}
              </span>
              <span class="ms-2 text-[12px] text-muted max-sm:hidden" safe>
                {t(places[name]!)}
              </span>
            </td>
            <td class="num w-24 text-end" safe>
              {formatCount(files)}
            </td>
            <td class="num w-24 text-end" data-testid="place-bytes" data-bytes={String(bytes)} safe>
              {formatBytes(bytes)}
            </td>
            <td class="w-28 text-end">
              {freeable[name] ? (
                <FreeForm request={request} part={freeable[name].part} title={t(freeable[name].title)} testid={`${name}-free`}>
                  {say('Free it')}
                </FreeForm>
              ) : (
                ''
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
)

type OrganizationRow = { name: string; bytes: number; files: number; tasks: number; share: number }

const Organizations = ({ rows }: { rows: OrganizationRow[] }) => (
  <section class="card" aria-label={t('Organizations')}>
    <h2 class="px-4 py-3">{say('By organization')}</h2>
    <table class="grid-table slim border-t border-line">
      <thead>
        <tr>
          <th scope="col">{say('Organization')}</th>
          <th scope="col" class="max-sm:hidden">
            {say('Share')}
          </th>
          <th scope="col" class="text-end!">
            {say('Tasks')}
          </th>
          <th scope="col" class="text-end!">
            {say('Files')}
          </th>
          <th scope="col" class="text-end!">
            {say('Size')}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, bytes, files, tasks: count, share }, at) => (
          <tr data-testid={`usage-organization-${at}`}>
            <td class="max-w-0 truncate" dir="auto" safe>
              {name}
            </td>
            <td class="w-40 max-sm:hidden">
              <progress
                value={String(share)}
                max="1"
                aria-label={t('{share} % of all media', { share: Math.round(share * 100) })}
              ></progress>
            </td>
            <td class="num w-16 text-end" safe>
              {formatCount(count)}
            </td>
            <td class="num w-20 text-end" safe>
              {formatCount(files)}
            </td>
            <td class="num w-24 text-end" safe>
              {formatBytes(bytes)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
)

/** Media of tasks summed over their organizations, the largest first; what belongs to none, and to tasks that are gone, last. */
const sumOrganizations = async (usage: Usage): Promise<OrganizationRow[]> => {
  const rows = await db
    .select({ id: tasks.id, orgId: tasks.organizationId, slug: organizations.slug })
    .from(tasks)
    .leftJoin(organizations, eq(organizations.id, tasks.organizationId))
  const slugs = new Map(rows.map(({ id, slug }) => [id, slug]))
  const sums = new Map<string, OrganizationRow>()
  const total = [...usage.tasks.values()].reduce((sum, { bytes }) => sum + bytes, 0)
  for (const [id, { bytes, files }] of usage.tasks) {
    const name = slugs.has(id) ? (slugs.get(id) ?? t('without an organization')) : t('of tasks that are gone')
    const sum = sums.get(name) ?? { name, bytes: 0, files: 0, tasks: 0, share: 0 }
    sum.bytes += bytes
    sum.files += files
    sum.tasks++
    sums.set(name, sum)
  }
  for (const sum of sums.values()) sum.share = total ? sum.bytes / total : 0
  return [...sums.values()].sort((a, b) => b.bytes - a.bytes)
}

type TaskRow = { id: number; name: string | undefined; bytes: number; files: number; share: number }

const Tasks = ({ rows, total }: { rows: TaskRow[]; total: number }) => (
  <section class="card" aria-label={t('Tasks')}>
    <h2 class="px-4 py-3">
      {say('By task')} <span class="num font-normal text-muted">{formatCount(total) as 'safe'}</span>
    </h2>
    <table class="grid-table slim border-t border-line">
      <thead>
        <tr>
          <th scope="col">{say('Task')}</th>
          <th scope="col" class="max-sm:hidden">
            {say('Share')}
          </th>
          <th scope="col" class="text-end!">
            {say('Files')}
          </th>
          <th scope="col" class="text-end!">
            {say('Size')}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ id, name, bytes, files, share }) => (
          <tr data-testid={`usage-${id}`}>
            <td class="max-w-0 truncate">
              {name === undefined ? (
                <span class="text-muted">{say('#{id}, removed', { id })}</span>
              ) : (
                <a class="hover:text-accent" href={`/tasks/${id}`} dir="auto" safe>
                  {name}
                </a>
              )}
            </td>
            <td class="w-40 max-sm:hidden">
              <progress
                value={String(share)}
                max="1"
                aria-label={t('{share} % of all media', { share: Math.round(share * 100) })}
              ></progress>
            </td>
            <td class="num w-24 text-end" safe>
              {formatCount(files)}
            </td>
            <td class="num w-24 text-end" safe>
              {formatBytes(bytes)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
    {rows.length === 0 ? <p class="px-4 py-6 text-center text-muted">{say('No task holds media here.')}</p> : ''}
  </section>
)

const readNews = (text: string | undefined) => {
  if (!text || !/^\d{1,15}-\d{1,9}$/.test(text)) return undefined
  const [bytes, files] = text.split('-').map(Number) as [number, number]
  return t('{bytes} in {files} were freed.', { bytes: formatBytes(bytes), files: plural(files, 'file') })
}

export const showStorage = showAdminPage(async ({ query, request }) => {
  const usage = await readUsage(query.again !== undefined)
  const disk = await readDisk()
  const { page, size, offset } = readPaging({ page_size: '25', ...query })
  const all = [...usage.tasks].sort(([, a], [, b]) => b.bytes - a.bytes)
  const sum = all.reduce((total, [, { bytes }]) => total + bytes, 0)
  const shown = all.slice(offset, offset + size)
  const ids = shown.map(([id]) => id)
  const named = ids.length ? await db.select({ id: tasks.id, name: tasks.name }).from(tasks).where(inArray(tasks.id, ids)) : []
  const names = new Map(named.map(({ id, name }) => [id, name]))
  const rows = shown.map(([id, own]) => ({ id, name: names.get(id), ...own, share: sum ? own.bytes / sum : 0 }))
  const byOrganization = await sumOrganizations(usage)
  const last = Math.max(1, Math.ceil(all.length / size))
  return {
    title: t('Storage'),
    section: 'admin',
    body: (
      <AdminFrame
        tab="/admin/storage"
        title={t('Storage')}
        actions={
          <a class="btn" href="/admin/storage?again=1">
            {say('Measure again')}
          </a>
        }
      >
        <div class="grid gap-4">
          <Notice text={readNews(query.freed)} testid="cache-freed" />
          <section class="card grid gap-2 p-4" aria-label={t('Disk')}>
            <div class="flex flex-wrap gap-x-4 gap-y-1">
              <span class="flex-1 font-medium">{t('{percent} % of the disk is used', { percent: disk.percent }) as 'safe'}</span>
              <span class="num text-muted">
                {t('{free} of {total} free', { free: formatBytes(disk.free), total: formatBytes(disk.total) }) as 'safe'}
              </span>
            </div>
            <progress
              value={String(disk.percent)}
              max="100"
              data-tone={disk.percent >= config().disk_usage_max ? 'danger' : undefined}
              aria-label={t('Disk use')}
            ></progress>
            <span class="hint">
              {sayAround('Measured {when}; derived media may take up to {size}.', {
                when: <Ago iso={usage.measured.toISOString()} />,
                size: <>{formatBytes(config().cache_bytes) as 'safe'}</>,
              })}
            </span>
            <FreeForm
              request={request}
              part="all"
              title={t('Caches, results whose time is over, and uploads that were given up')}
              testid="storage-free-all"
              isMain
            >
              {say('Free what is not needed')}
            </FreeForm>
          </section>
          <Places usage={usage} request={request} />
          {byOrganization.length ? <Organizations rows={byOrganization} /> : ''}
          <Tasks rows={rows} total={all.length} />
          {last > 1 ? (
            <nav class="flex items-center justify-end gap-2 text-[13px]" aria-label={t('Pages')}>
              {page > 1 ? (
                <a class="btn btn-small" href={`/admin/storage?page=${page - 1}`}>
                  {say('Larger')}
                </a>
              ) : (
                ''
              )}
              <span class="num text-muted">{`${page} / ${last}` as 'safe'}</span>
              {page < last ? (
                <a class="btn btn-small" href={`/admin/storage?page=${page + 1}`}>
                  {say('Smaller')}
                </a>
              ) : (
                ''
              )}
            </nav>
          ) : (
            ''
          )}
        </div>
      </AdminFrame>
    ),
  }
})

export const receiveFree = receiveAdminForm(async (_, fields) => {
  const part = String(fields.part ?? 'all')
  const freed: Size = { bytes: 0, files: 0 }
  for (const { bytes, files } of [
    ...(part === 'expired' ? [] : [await freeCache()]),
    ...(part === 'cache' ? [] : [await freeExpired()]),
  ]) {
    freed.bytes += bytes
    freed.files += files
  }
  return redirectTo(`/admin/storage?freed=${freed.bytes}-${freed.files}`)
})
