// The table of a report's jobs or tasks: scores, frames that were checked, conflicts, and the way to each of them.
import { t } from '../../web/ui/i18n/message'
import { Icon } from '../../web/ui/icon'
import { ListLink, SortHead } from '../../web/ui/list'
import { addressOf, type ListState, type Query } from '../../web/ui/list-address'
import { formatCount } from '../../web/ui/parts'
import { formatShare } from '../../web/ui/percent'
import type { Part, Target } from './page-data'
import type { Place } from './page-place'
import { Score } from './page-words'

const pageSize = 25

const keys: Record<string, (part: Part) => string | number> = {
  id: ({ id }) => id,
  name: ({ name }) => name.toLowerCase(),
  assignee: ({ assignee }) => assignee,
  score: ({ score }) => score ?? -1,
  precision: ({ precision }) => precision ?? -1,
  recall: ({ recall }) => recall ?? -1,
  frames: ({ frames }) => frames,
  conflicts: ({ errors, warnings }) => errors + warnings,
}

/** Orders by the fields of `sort` (comma list, `-` = descending), at last by number. Unknown fields are ignored. */
export const sortBy = <T extends { id: number }>(
  rows: readonly T[],
  sort: string,
  keysOf: Record<string, (row: T) => string | number>,
) => {
  const parts = sort.split(',').flatMap((part) => {
    const key = Object.hasOwn(keysOf, part.replace(/^-/, '')) ? keysOf[part.replace(/^-/, '')] : undefined
    return key ? [{ key, sign: part.startsWith('-') ? -1 : 1 }] : []
  })
  const compare = (a: string | number, b: string | number) => (a < b ? -1 : a > b ? 1 : 0)
  return [...rows].sort((a, b) => {
    for (const { key, sign } of parts) {
      const order = compare(key(a), key(b)) * sign
      if (order) return order
    }
    return a.id - b.id
  })
}

/** Where a table that is sorted in memory stands; pages beyond the end lead to the last one. */
export const readState = (path: string, query: Query, count: number, size: number): ListState => {
  const last = Math.max(1, Math.ceil(count / size))
  const wanted = /^[1-9]\d{0,6}$/.test(query.page ?? '') ? Number(query.page) : 1
  return { path, query, count, size, page: Math.min(wanted, last) }
}

/** Ways to the pages of such a table. */
export const Pages = ({ state }: { state: ListState }): JSX.Element => {
  const last = Math.ceil(state.count / state.size)
  if (last <= 1) return ''
  const to = (page: number) => addressOf(state, { page: String(page) })
  return (
    <nav class="flex items-center gap-2 border-t border-line px-4 py-2 text-[13px]" aria-label={t('Pages')}>
      <span class="num flex-1 text-muted" safe>
        {t('Page {page} of {last}', { page: state.page, last })}
      </span>
      {state.page > 1 ? (
        <ListLink class="btn btn-small" href={to(state.page - 1)} data-testid="list-page-prev">
          <Icon name="chevronLeft" />
          <span safe>{t('Back')}</span>
        </ListLink>
      ) : (
        ''
      )}
      {state.page < last ? (
        <ListLink class="btn btn-small" href={to(state.page + 1)} data-testid="list-page-next">
          <span safe>{t('Next')}</span>
          <Icon name="chevronRight" />
        </ListLink>
      ) : (
        ''
      )}
    </nav>
  )
}

const Row = ({ part, place, target }: { part: Part; place: Place; target: Target }) => (
  <tr data-testid={place.kind === 'task' ? `quality-job-${part.id}` : `quality-task-${part.id}`}>
    <td class="max-w-0">
      <a class="num block truncate font-medium hover:text-accent" href={part.href} dir="auto" data-testid="row-open" safe>
        {part.name || t('Job #{id}', { id: part.id })}
      </a>
    </td>
    {place.kind === 'task' ? (
      <td class="w-40 truncate max-sm:hidden" dir="auto" safe>
        {part.assignee || '–'}
      </td>
    ) : (
      ''
    )}
    <td class="w-24">
      <Score score={part.score} threshold={target.threshold} />
    </td>
    <td class="num w-24 max-md:hidden" safe>
      {formatShare(part.precision)}
    </td>
    <td class="num w-24 max-md:hidden" safe>
      {formatShare(part.recall)}
    </td>
    <td class="num w-28 max-sm:hidden" safe>
      {t('{part} of {whole}', { part: formatCount(part.frames), whole: formatCount(part.totalFrames) })}
    </td>
    <td class="num w-28" data-testid="row-conflicts" data-count={String(part.errors + part.warnings)}>
      <span class={part.errors ? 'text-danger' : 'text-muted'} title={t('Errors')} safe>
        {formatCount(part.errors)}
      </span>
      <span class="text-muted"> + </span>
      <span class={part.warnings ? 'text-warning' : 'text-muted'} title={t('Warnings')} safe>
        {formatCount(part.warnings)}
      </span>
    </td>
  </tr>
)

type TableProps = { parts: Part[]; place: Place; target: Target; query: Query; path: string }

/** The worst come first. */
export const PartsTable = ({ parts, place, target, query, path }: TableProps): JSX.Element => {
  const state = readState(path, query, parts.length, pageSize)
  const sorted = sortBy(parts, query.sort || 'score', keys)
  const shown = sorted.slice((state.page - 1) * pageSize, state.page * pageSize)
  const isTask = place.kind === 'task'
  return (
    <div id="list" class="list-body">
      <table class="grid-table slim" data-testid="quality-parts">
        <thead>
          <tr>
            <SortHead state={state} fields={[isTask ? 'id' : 'name']} label={isTask ? t('Job') : t('Task')} />
            {isTask ? <SortHead state={state} fields={['assignee']} label="Assignee" class="max-sm:hidden" /> : ''}
            <SortHead state={state} fields={['score']} label={t('Score')} />
            <SortHead state={state} fields={['precision']} label={t('Precision')} class="max-md:hidden" />
            <SortHead state={state} fields={['recall']} label={t('Recall')} class="max-md:hidden" />
            <SortHead state={state} fields={['frames']} label={t('Frames checked')} class="max-sm:hidden" />
            <SortHead state={state} fields={['conflicts']} label={t('Conflicts')} />
          </tr>
        </thead>
        <tbody>
          {shown.map((part) => (
            <Row part={part} place={place} target={target} />
          ))}
        </tbody>
      </table>
      <Pages state={state} />
      <span id="list-tools" hidden></span>
    </div>
  )
}
