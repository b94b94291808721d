// The frame of every list: search, chips, sort, filter builder, table, pages. htmx swaps the part with id `list`.
import type { Children } from '@kitajs/html'
import { Bare } from './bare'
import { BareApply, BareFilter, Kept } from './bare-list'
import { t } from './i18n/message'
import { Icon } from './icon'
import {
  addressOf,
  clearedAddress,
  describeRule,
  hasRule,
  isNarrowed,
  type ListState,
  nextSort,
  readRules,
  sortOf,
  toggleRule,
} from './list-address'
import type { ListField, QuickFilter } from './list-fields'

type ListProps = {
  state: ListState
  /** Plural noun: "tasks". */
  noun: string
  fields: ListField[]
  /** Chips that are one click away. */
  quick: QuickFilter[]
  /** Shown when there is nothing at all. */
  empty: JSX.Element
  children?: Children
  hasSearch?: boolean
  /** What of the event stream changes the rows: `jobs`, `requests`, `task_id=7`, several with blanks between. */
  live?: string
}

/** What makes an element swap the list and its tools and write the address. */
const swapsList = {
  'hx-target': '#list',
  'hx-select': '#list',
  'hx-select-oob': '#list-tools',
  'hx-swap': 'outerHTML',
  'hx-push-url': 'true',
  'hx-sync': '#list:replace',
}

/** A link whose click swaps the list instead of loading the page. */
export const ListLink = ({
  href,
  children,
  ...rest
}: {
  href: string
  children?: Children
  class?: string
  [name: string]: unknown
}): JSX.Element => (
  <a href={href} hx-get={href} {...swapsList} {...rest}>
    {children}
  </a>
)

const SortMenu = ({ state, fields }: { state: ListState; fields: ListField[] }) => (
  <details class="relative" data-keep-open="sort">
    <summary class="btn btn-quiet btn-small list-none" data-testid="list-sort" aria-label={t('Sort')}>
      <Icon name="arrowUpDown" />
      <span class="max-md:sr-only">{t('Sort') as 'safe'}</span>
    </summary>
    <div class="float absolute end-0 top-full z-10 mt-1 w-56 p-1">
      {fields.map(({ name, label }) => {
        const mark = sortOf(state, name)
        return (
          <ListLink
            class="menu-item"
            href={nextSort(state, name)}
            data-testid={`sort-${name}`}
            aria-sort={mark?.direction ?? 'none'}
          >
            <span class="flex-1">{t(label) as 'safe'}</span>
            {mark ? <span class="num text-muted text-xs">{mark.place + 1}</span> : ''}
            {mark ? <Icon name={mark.direction === 'ascending' ? 'arrowUp' : 'arrowDown'} /> : ''}
          </ListLink>
        )
      })}
    </div>
  </details>
)

const Filters = ({ state, quick }: Pick<ListProps, 'state' | 'quick'>) => {
  const others = readRules(state).filter((rule) => !quick.some((chip) => JSON.stringify(chip.rule) === JSON.stringify(rule)))
  return (
    <>
      {quick.map(({ label, rule }) => (
        <ListLink class="chip" role="button" href={toggleRule(state, rule)} aria-pressed={String(hasRule(state, rule))}>
          {t(label) as 'safe'}
        </ListLink>
      ))}
      {others.map((rule) => (
        <ListLink
          class="chip max-w-80"
          role="button"
          href={toggleRule(state, rule)}
          aria-pressed="true"
          title={t('Remove this filter')}
        >
          <span class="truncate" dir="auto" safe>
            {describeRule(rule)}
          </span>
          <Icon name="close" />
        </ListLink>
      ))}
      {isNarrowed(state) ? (
        <ListLink class="chip border-transparent" href={clearedAddress(state)} data-testid="list-clear">
          <Icon name="close" />
          {t('Clear') as 'safe'}
        </ListLink>
      ) : (
        ''
      )}
    </>
  )
}

const pageSizes = [10, 25, 50, 100]

const Pages = ({ state, noun }: { state: ListState; noun: string }) => {
  const { page, size, count } = state
  const last = Math.max(1, Math.ceil(count / size))
  const from = (page - 1) * size + 1
  const all = count === 1 ? `1 ${t(noun.replace(/s$/, ''))}` : `${count} ${t(noun)}`
  const words = count <= size ? all : `${from}–${Math.min(count, page * size)} ${t('of')} ${all}`
  const sizes = [...new Set([...pageSizes, Math.min(size, 500)])].sort((a, b) => a - b)
  return (
    <nav class="flex flex-wrap items-center gap-2 px-4 py-2 text-muted max-md:px-3" aria-label={t('Pages')}>
      <span class="num me-auto text-[13px]" data-testid="list-count" data-count={String(count)}>
        {words as 'safe'}
      </span>
      <form class="flex items-center gap-2" method="get" action={state.path}>
        <label class="flex items-center gap-2 text-[13px]">
          <span class="max-md:sr-only">{t('Per page') as 'safe'}</span>
          <select
            class="select compact w-[76px]"
            name="page_size"
            data-testid="list-page-size"
            data-address="page_size"
            autocomplete="off"
            {...swapsList}
          >
            {sizes.map((value) => (
              <option value={String(value)} selected={value === size}>
                {value}
              </option>
            ))}
          </select>
        </label>
        <BareApply state={state} without="page_size" testid="bare-page-size" />
      </form>
      <span class="num text-[13px]">{`${page} / ${last}` as 'safe'}</span>
      <PageLink state={state} to={page - 1} last={last} testid="list-page-prev" label={t('Previous page')} icon="chevronLeft" />
      <PageLink state={state} to={page + 1} last={last} testid="list-page-next" label={t('Next page')} icon="chevronRight" />
    </nav>
  )
}

type PageLinkProps = {
  state: ListState
  to: number
  last: number
  testid: string
  label: string
  icon: 'chevronLeft' | 'chevronRight'
}
const PageLink = ({ state, to, last, testid, label, icon }: PageLinkProps) =>
  to < 1 || to > last ? (
    <button type="button" class="btn btn-small btn-icon" disabled data-testid={testid} aria-label={label}>
      <Icon name={icon} />
    </button>
  ) : (
    <ListLink
      class="btn btn-small btn-icon"
      href={addressOf(state, { page: to === 1 ? undefined : String(to) })}
      data-testid={testid}
      aria-label={label}
    >
      <Icon name={icon} />
    </ListLink>
  )

const Search = ({ state, noun }: { state: ListState; noun: string }) => (
  <form class="relative w-72 max-md:w-full" method="get" action={state.path} role="search" data-search>
    <span class="pointer-events-none absolute start-2.5 top-2 text-muted">
      <Icon name="search" />
    </span>
    <input
      id="list-search"
      class="input ps-8 pe-8"
      type="search"
      name="search"
      value={state.query.search ?? ''}
      placeholder={t('Search {noun}', { noun: t(noun) })}
      aria-label={t('Search {noun}', { noun: t(noun) })}
      aria-keyshortcuts="/"
      title={t('Search (/)')}
      autocomplete="off"
      dir="auto"
      data-testid="list-search"
      data-address="search"
      {...swapsList}
    />
    <Bare>
      <Kept state={state} without="search" />
    </Bare>
    <kbd class="key pointer-events-none absolute end-2 top-[7px] max-md:hidden">/</kbd>
  </form>
)

/** Chips, filter builder and sorting. */
const Tools = ({ state, noun, fields, quick }: Pick<ListProps, 'state' | 'noun' | 'fields' | 'quick'>) => (
  <div
    id="list-tools"
    class="flex min-w-0 flex-1 flex-wrap items-center gap-1.5 max-md:basis-full"
    role="group"
    aria-label={t('Narrow and sort {noun}', { noun: t(noun) })}
  >
    <Filters state={state} quick={quick} />
    <span class="flex-1"></span>
    <button
      type="button"
      class="btn btn-quiet btn-small"
      data-testid="list-filter"
      data-filter-fields={JSON.stringify(fields)}
      data-filter-list={state.path}
      aria-haspopup="dialog"
      {...swapsList}
    >
      <Icon name="filter" />
      <span class="max-md:sr-only">{t('Filter') as 'safe'}</span>
    </button>
    <SortMenu state={state} fields={fields} />
  </div>
)

/** Toolbar, table and pages of a list. `children` is the table; it is left out when nothing fits. */
export const List = ({ state, noun, fields, quick, empty, children, hasSearch = true, live }: ListProps): JSX.Element => (
  <section class="card min-w-0" aria-label={t(noun)} data-live={live}>
    <div class="flex flex-wrap items-center gap-2 border-b border-line px-3 py-2">
      {hasSearch ? <Search state={state} noun={noun} /> : ''}
      <Tools state={state} noun={noun} fields={fields} quick={quick} />
      <BareFilter state={state} fields={fields} />
    </div>
    <div id="list" class="list-body">
      {state.count === 0 ? isNarrowed(state) ? <NothingFits state={state} noun={noun} /> : empty : children}
      {state.count > 0 ? (
        <div class="border-t border-line">
          <Pages state={state} noun={noun} />
        </div>
      ) : (
        ''
      )}
    </div>
  </section>
)

const NothingFits = ({ state, noun }: { state: ListState; noun: string }) => (
  <Empty icon="search" title={t('No {noun} match', { noun: t(noun) })} text="Nothing fits the search and filters above.">
    <ListLink class="btn" href={clearedAddress(state)}>
      {t('Show all {noun}', { noun: t(noun) }) as 'safe'}
    </ListLink>
  </Empty>
)

type EmptyProps = {
  icon: Parameters<typeof Icon>[0]['name']
  title: string
  text: string
  children?: Children
}

/** What stands where a list would be: why it is empty and what to do next. */
export const Empty = ({ icon, title, text, children }: EmptyProps): JSX.Element => (
  <div class="grid justify-items-center gap-2 px-6 py-14 text-center" data-testid="list-empty">
    <span class="mb-1 grid size-10 place-items-center rounded-full bg-hover text-muted">
      <Icon name={icon} />
    </span>
    <h2 safe>{t(title)}</h2>
    <p class="max-w-96 text-muted" safe>
      {t(text)}
    </p>
    <div class="mt-2 flex gap-2">{children}</div>
  </div>
)

type HeaderProps = { state: ListState; fields: string[]; label: string; class?: string }

/** A column head that sorts by its field. */
export const SortHead = ({ state, fields: [field], label, class: css }: HeaderProps): JSX.Element => {
  const mark = sortOf(state, field!)
  return (
    <th scope="col" class={css} aria-sort={mark?.direction ?? undefined}>
      <ListLink class="inline-flex items-center gap-1 hover:text-ink" href={nextSort(state, field!)}>
        <span safe>{t(label)}</span>
        {mark ? <Icon name={mark.direction === 'ascending' ? 'arrowUp' : 'arrowDown'} /> : ''}
      </ListLink>
    </th>
  )
}
