// Conflicts of a report: how many of each kind, and each of them with the way to where it is.
import { eq, type SQL } from 'drizzle-orm'
import { t } from '../../web/ui/i18n/message'
import { Icon } from '../../web/ui/icon'
import { addressOf, type Query } from '../../web/ui/list-address'
import { formatCount } from '../../web/ui/parts'
import { formatShare } from '../../web/ui/percent'
import type { Visit } from '../auth/service'
import { type ConflictType, type Severity, severityOf } from './compare/compare-frame'
import type { Part } from './page-data'
import { readState } from './page-parts'
import type { Place } from './page-place'
import { describeConflictType, describeSeverity, isConflictType, listKinds, toneOfSeverity } from './page-words'
import { listConflicts } from './reports'
import { qualityConflicts } from './schema'

const pageSize = 20

type ShownConflict = {
  id: number
  frame: number
  type: ConflictType
  severity: Severity
  attributeNames: string[]
  /** Null when the job is gone. */
  jobId: number | null
  href: string | null
}

export type ConflictPage = { kind: ConflictType | null; rows: ShownConflict[]; count: number; page: number }

/** A page of a report's conflicts: all, or those of the kind that the address names. */
export const loadConflicts = async (
  visit: Visit,
  place: Place,
  reportId: number,
  parts: readonly Part[],
): Promise<ConflictPage> => {
  const { query, who } = visit
  const kind = isConflictType(query.conflict) ? query.conflict : null
  const wanted = /^[1-9]\d{0,6}$/.test(query.conflicts_page ?? '') ? Number(query.conflicts_page) : 1
  const conditions: SQL[] = kind ? [eq(qualityConflicts.type as any, kind)] : []
  const paging = { page: wanted, size: pageSize, offset: (wanted - 1) * pageSize }
  const order = [qualityConflicts.severity as unknown as SQL, qualityConflicts.frame as unknown as SQL]
  const { rows, count } = await listConflicts(who, { kind: 'any' }, reportId, conditions, order, paging, true)
  const partOf = new Map(parts.map((part) => [part.reportId, part]))
  return {
    kind,
    count,
    page: wanted,
    rows: rows.map(({ id, frame, type, attributeNames, reportId: jobReport }) => {
      const part = partOf.get(jobReport)
      return {
        id,
        frame,
        type,
        severity: severityOf(type),
        attributeNames,
        jobId: part?.id ?? null,
        href: part
          ? `/tasks/${place.id}/jobs/${part.id}?frame=${frame}&defaultWorkspace=review&report=${jobReport}&conflict=${id}`
          : null,
      }
    }),
  }
}

const addressOfKind = (path: string, query: Query, type: ConflictType | null) =>
  `${addressOf({ path, query }, { conflict: type ?? undefined, conflicts_page: undefined })}#conflicts`

/** Kinds with their counts; each leads to the list of its conflicts. */
export const KindTable = ({
  counts,
  path,
  query,
}: {
  counts: Partial<Record<ConflictType, number>>
  path: string
  query: Query
}): JSX.Element => {
  const kinds = listKinds(counts)
  const total = kinds.reduce((sum, { count }) => sum + count, 0)
  if (!total)
    return (
      <p class="text-muted" safe>
        {t('No conflicts.')}
      </p>
    )
  return (
    <table class="grid-table slim" data-testid="quality-kinds">
      <thead>
        <tr>
          <th scope="col" safe>
            {t('Kind')}
          </th>
          <th scope="col" safe>
            {t('Severity')}
          </th>
          <th scope="col" class="text-end!" safe>
            {t('Count')}
          </th>
          <th scope="col" class="text-end!" safe>
            {t('Share')}
          </th>
        </tr>
      </thead>
      <tbody>
        {kinds.map(({ type, severity, count }) => (
          <tr data-testid={`quality-kind-${type}`} data-count={String(count)}>
            <td>
              <a class="hover:text-accent" href={addressOfKind(path, query, type)} safe>
                {describeConflictType(type)}
              </a>
            </td>
            <td>
              <span class="badge" data-tone={toneOfSeverity(severity)} safe>
                {describeSeverity(severity)}
              </span>
            </td>
            <td class="num text-end" safe>
              {formatCount(count)}
            </td>
            <td class="num text-end text-muted" safe>
              {formatShare(count / total)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

type ListProps = { conflicts: ConflictPage; counts: Partial<Record<ConflictType, number>>; path: string; query: Query }

/** Each conflict with the way to it in the editor. */
export const ConflictList = ({ conflicts, counts, path, query }: ListProps): JSX.Element => {
  const state = readState(path, { ...query, page: String(conflicts.page) }, conflicts.count, pageSize)
  const last = Math.max(1, Math.ceil(state.count / pageSize))
  const to = (page: number) => `${addressOf({ path, query }, { conflicts_page: String(page), page: query.page })}#conflicts`
  return (
    <section class="card min-w-0" id="conflicts" data-testid="quality-conflicts">
      <div class="flex flex-wrap items-center gap-1.5 border-b border-line px-4 py-2">
        <h2 class="me-2" safe>
          {t('Conflicts')}
        </h2>
        <a class="chip" href={addressOfKind(path, query, null)} aria-current={conflicts.kind ? undefined : 'true'} safe>
          {t('All')}
        </a>
        {listKinds(counts).map(({ type }) => (
          <a
            class="chip"
            href={addressOfKind(path, query, type)}
            aria-current={conflicts.kind === type ? 'true' : undefined}
            data-testid={`quality-conflicts-${type}`}
            safe
          >
            {describeConflictType(type)}
          </a>
        ))}
      </div>
      <table class="grid-table slim">
        <thead>
          <tr>
            <th scope="col" safe>
              {t('Kind')}
            </th>
            <th scope="col" class="max-sm:hidden" safe>
              {t('Severity')}
            </th>
            <th scope="col" safe>
              {t('Frame')}
            </th>
            <th scope="col" safe>
              {t('Job')}
            </th>
            <th scope="col">
              <span class="sr-only" safe>
                {t('Actions')}
              </span>
            </th>
          </tr>
        </thead>
        <tbody>
          {conflicts.rows.map((row) => (
            <tr data-testid={`quality-conflict-${row.id}`}>
              <td>
                <span safe>{describeConflictType(row.type)}</span>
                {row.attributeNames.length ? (
                  <span class="text-muted" dir="auto" safe>{` · ${row.attributeNames.join(', ')}`}</span>
                ) : (
                  ''
                )}
              </td>
              <td class="w-28 max-sm:hidden">
                <span class="badge" data-tone={toneOfSeverity(row.severity)} safe>
                  {describeSeverity(row.severity)}
                </span>
              </td>
              <td class="num w-24" safe>{`#${row.frame}`}</td>
              <td class="num w-28" safe>
                {row.jobId === null ? '–' : `#${row.jobId}`}
              </td>
              <td class="w-28 text-end">
                {row.href ? (
                  <a class="btn btn-small" href={row.href} data-testid="row-open">
                    <span safe>{t('Show')}</span>
                    <Icon name="chevronRight" />
                  </a>
                ) : (
                  ''
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {last > 1 ? (
        <nav class="flex items-center gap-2 border-t border-line px-4 py-2 text-[13px]" aria-label={t('Pages of conflicts')}>
          <span class="num flex-1 text-muted" safe>
            {t('Page {page} of {last}', { page: state.page, last })}
          </span>
          {state.page > 1 ? (
            <a class="btn btn-small" href={to(state.page - 1)} safe>
              {t('Back')}
            </a>
          ) : (
            ''
          )}
          {state.page < last ? (
            <a class="btn btn-small" href={to(state.page + 1)} safe>
              {t('Next')}
            </a>
          ) : (
            ''
          )}
        </nav>
      ) : (
        ''
      )}
    </section>
  )
}
