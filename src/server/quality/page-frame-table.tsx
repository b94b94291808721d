// The table of validation frames: searched, narrowed, sorted, with exclusion and restoration of one and of many.
import { t } from '../../web/ui/i18n/message'
import { Icon } from '../../web/ui/icon'
import { SortHead } from '../../web/ui/list'
import { addressOf, type ListState } from '../../web/ui/list-address'
import { formatCount } from '../../web/ui/parts'
import { FormToken, type Visit } from '../auth/service'
import { type Allocation, type FrameRow, frameStates, narrowFrames } from './page-frames'
import { Pages, readState } from './page-parts'
import type { Place } from './page-place'
import { Score } from './page-words'

const pageSize = 50

const stateWords = (state: string): string =>
  ({ active: t('Active'), excluded: t('Excluded'), unused: t('Never shown'), below: t('Below the target') })[state] ?? state

type TableProps = { allocation: Allocation; place: Place; visit: Visit; threshold: number }

const Row = ({ row, threshold, mayUpdate }: { row: FrameRow; threshold: number; mayUpdate: boolean }) => (
  <tr data-testid={`validation-${row.id}`} data-disabled={String(row.isExcluded)}>
    {mayUpdate ? (
      <td class="w-8 pe-0!">
        <input
          class="check block"
          type="checkbox"
          name="frames"
          value={String(row.id)}
          aria-label={t('Choose frame {frame}', { frame: row.id })}
          autocomplete="off"
          data-testid="row-choose"
        />
      </td>
    ) : (
      ''
    )}
    <td class="num w-20 text-muted" safe>{`#${row.id}`}</td>
    <td class="max-w-0">
      <a
        class={['block truncate hover:text-accent', row.isExcluded && 'text-muted line-through']}
        href={row.href}
        dir="auto"
        data-testid="row-open"
        safe
      >
        {row.name}
      </a>
    </td>
    <td class="w-28 max-sm:hidden">
      <span class="badge" data-tone={row.isExcluded ? 'warning' : undefined} safe>
        {row.isExcluded ? t('excluded') : t('active')}
      </span>
    </td>
    <td class="num w-24 text-end max-sm:hidden" data-testid="row-used" data-count={String(row.uses)} safe>
      {formatCount(row.uses)}
    </td>
    <td class="w-28 ps-4!">
      {row.quality === null ? <span class="text-muted">–</span> : <Score score={row.quality} threshold={threshold} />}
    </td>
    <td class="num w-24 text-end max-md:hidden" safe>
      {row.conflicts === null ? '–' : formatCount(row.conflicts)}
    </td>
    {mayUpdate ? (
      <td class="w-28 text-end">
        <button
          type="submit"
          class="btn btn-quiet btn-small"
          name={row.isExcluded ? 'restore' : 'exclude'}
          value={String(row.id)}
          data-testid={row.isExcluded ? 'row-restore' : 'row-exclude'}
          safe
        >
          {row.isExcluded ? t('Restore') : t('Exclude')}
        </button>
      </td>
    ) : (
      ''
    )}
  </tr>
)

const Toolbar = ({ allocation, place, state }: { allocation: Allocation; place: Place; state: ListState }) => (
  <div id="list-tools" class="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2">
    <h2 class="me-2 max-md:basis-full" safe>
      {t('Validation frames')}
    </h2>
    <form class="flex flex-1 flex-wrap items-center gap-2" method="get" action={place.path} role="search">
      <input type="hidden" name="tab" value="management" />
      {state.query.sort ? <input type="hidden" name="sort" value={state.query.sort} /> : ''}
      <input
        class="input compact w-48 max-sm:w-full"
        type="search"
        name="search"
        value={state.query.search ?? ''}
        placeholder={t('Search names')}
        aria-label={t('Search names')}
        data-testid="list-search"
        autocomplete="off"
        dir="auto"
      />
      <select class="select compact w-auto" name="state" aria-label={t('State')} data-testid="frames-state" autocomplete="off">
        <option value="" safe>
          {t('All frames')}
        </option>
        {frameStates.map((one) => (
          <option value={one} selected={state.query.state === one} safe>
            {stateWords(one)}
          </option>
        ))}
      </select>
      <select class="select compact w-auto max-w-48" name="job" aria-label={t('Job')} data-testid="frames-job" autocomplete="off">
        <option value="" safe>
          {t('Of all jobs')}
        </option>
        {allocation.jobs.slice(0, 500).map(({ id }) => (
          <option value={String(id)} selected={state.query.job === String(id)} safe>
            {t('Job #{id}', { id })}
          </option>
        ))}
      </select>
      <button type="submit" class="btn btn-small" data-testid="frames-narrow" safe>
        {t('Narrow')}
      </button>
      {state.query.search || state.query.state || state.query.job ? (
        <a class="btn btn-quiet btn-small" href={`${place.path}?tab=management`} data-testid="list-clear" safe>
          {t('Clear')}
        </a>
      ) : (
        ''
      )}
    </form>
    <a
      class="btn btn-small"
      href={addressOf({ path: `${place.path}/frames.csv`, query: state.query }, { tab: undefined })}
      data-testid="list-csv"
    >
      <Icon name="download" />
      CSV
    </a>
  </div>
)

export const FrameTable = ({ allocation, place, visit, threshold }: TableProps): JSX.Element => {
  const { query, path, request } = visit
  const rows = narrowFrames(allocation.rows, query, threshold)
  const state = readState(path, query, rows.length, pageSize)
  const shown = rows.slice((state.page - 1) * pageSize, state.page * pageSize)
  const { mayUpdate } = place
  return (
    <section class="card min-w-0" data-testid="validation-frames" data-count={String(rows.length)}>
      <Toolbar allocation={allocation} place={place} state={state} />
      <form method="post" action={`${place.path}/frames`} data-submit-once>
        <FormToken request={request} />
        <input type="hidden" name="back" value={addressOf(state, { page: String(state.page) })} />
        <div id="list" class="list-body">
          <table class="grid-table slim">
            <thead>
              <tr>
                {mayUpdate ? (
                  <th scope="col" class="w-8 pe-0!">
                    <input
                      class="check block"
                      type="checkbox"
                      aria-label={t('Choose all of this page')}
                      data-check-all="frames"
                      data-testid="frames-choose-all"
                      autocomplete="off"
                    />
                  </th>
                ) : (
                  ''
                )}
                <SortHead state={state} fields={['frame']} label={t('Frame')} />
                <SortHead state={state} fields={['name']} label={t('Name')} />
                <SortHead state={state} fields={['state']} label={t('State')} class="max-sm:hidden" />
                <SortHead state={state} fields={['uses']} label={t('Shown')} class="max-sm:hidden text-end!" />
                <SortHead state={state} fields={['quality']} label={t('Quality')} class="ps-4!" />
                <SortHead state={state} fields={['conflicts']} label={t('Conflicts')} class="max-md:hidden text-end!" />
                {mayUpdate ? (
                  <th scope="col">
                    <span class="sr-only" safe>
                      {t('Actions')}
                    </span>
                  </th>
                ) : (
                  ''
                )}
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => (
                <Row row={row} threshold={threshold} mayUpdate={mayUpdate} />
              ))}
            </tbody>
          </table>
          {rows.length === 0 ? (
            <p class="px-4 py-6 text-center text-muted" data-testid="list-empty" safe>
              {t('No frames fit.')}
            </p>
          ) : (
            ''
          )}
          <Pages state={state} />
        </div>
        {mayUpdate ? (
          <div class="flex flex-wrap items-center gap-2 border-t border-line px-4 py-2">
            <span class="text-[13px] text-muted" safe>
              {t('The chosen frames:')}
            </span>
            <button type="submit" class="btn btn-small" name="action" value="exclude" data-testid="frames-exclude" safe>
              {t('Exclude')}
            </button>
            <button type="submit" class="btn btn-small" name="action" value="restore" data-testid="frames-restore" safe>
              {t('Restore')}
            </button>
            {allocation.excluded.length ? (
              <button
                type="submit"
                class="btn btn-quiet btn-small"
                name="action"
                value="restore-all"
                data-testid="validation-restore-all"
                safe
              >
                {t('Restore all')}
              </button>
            ) : (
              ''
            )}
          </div>
        ) : (
          ''
        )}
      </form>
    </section>
  )
}
