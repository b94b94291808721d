// /find, /projects/<id>/find, /tasks/<id>/find: the gallery of what a query finds; all of its state stands in the address.

import { Elysia } from 'elysia'
import { PageHead } from '../../web/ui/form'
import { ChangeNews, Steps, swapsOf } from '../../web/ui/gallery'
import { say, sayAround, t } from '../../web/ui/i18n/message'
import { Icon } from '../../web/ui/icon'
import { Empty } from '../../web/ui/list'
import { addressOf } from '../../web/ui/list-address'
import { formatCount, plural } from '../../web/ui/parts'
import { FormToken, type Page, showPage, type Visit } from '../auth/service'
import { ApiError } from '../http/errors'
import { redirectTo } from '../http/html'
import { Card } from './card'
import { findChange, receiveChange, receiveUndo } from './change-page'
import { askOf, type PagePlace, readPagePlace } from './place-page'
import { type FieldInfo, type Page as Found, fields, find, maxLength, sortNames } from './service'

/** What makes a form or link swap the gallery and write the address. */
const swaps = swapsOf('found')

type Problem = { text: string; position: number; length: number }
type Props = { visit: Visit; at: PagePlace; found: Found | null; problem: Problem | null }

const readProblem = (error: unknown): Problem => {
  if (!(error instanceof ApiError) || Array.isArray(error.body) || !('position' in error.body)) throw error
  const { q, position, length } = error.body as { q: string[]; position: number; length: number }
  return { text: q.join(' '), position, length }
}

/** The query with the wrong part marked. */
const Wrong = ({ q, problem: { text, position, length } }: { q: string; problem: Problem }): JSX.Element => (
  <div class="problem" role="alert" data-testid="find-problem">
    <div class="grid gap-1">
      <span dir="auto" safe>
        {text}
      </span>
      {q ? (
        <code class="font-mono text-[13px] whitespace-pre-wrap" dir="ltr">
          <span safe>{q.slice(0, position)}</span>
          <mark class="rounded bg-danger px-0.5 text-surface" safe>
            {q.slice(position, position + length) || '…'}
          </mark>
          <span safe>{q.slice(position + length)}</span>
        </code>
      ) : (
        ''
      )}
    </div>
  </div>
)

const Help = ({ at }: { at: PagePlace }): JSX.Element => (
  <details class="card" data-testid="find-help">
    <summary class="flex list-none items-center gap-2 px-4 py-2.5 font-medium">
      <Icon name="book" />
      {say('How to search')}
    </summary>
    <div class="grid gap-3 border-t border-line p-4 text-[13px]">
      <p class="text-soft">
        {sayAround(
          'Conditions side by side must all hold; {or}, {not} (or a leading {minus}) and parentheses do what they say. {colon} asks for a value, several with commas, {star} for any text, {range} for a range; {compare} compare. Names with spaces stand in quotes. A word alone is part of the name of a label or file. Any other name is an attribute. A track counts once, as it is on its first key frame.',
          {
            or: <code>or</code>,
            not: <code>not</code>,
            minus: <code>-</code>,
            colon: <code>:</code>,
            star: <code>*</code>,
            range: <code>10..20</code>,
            compare: <code>{'< <= > >= !=' as 'safe'}</code>,
          },
        )}
      </p>
      <dl class="grid grid-cols-[max-content_max-content_1fr] gap-x-4 gap-y-1 max-md:grid-cols-[max-content_1fr]">
        {(fields as readonly FieldInfo[]).map(({ name, example, help }) => (
          <>
            <dt class="font-mono">{name as 'safe'}</dt>
            <dd class="max-md:hidden">
              <a class="link" href={addressOf({ path: at.path, query: {} }, { q: example })} data-testid="find-example">
                <code>{example as 'safe'}</code>
              </a>
            </dd>
            <dd>{say(help)}</dd>
          </>
        ))}
        {at.attributes.slice(0, 12).map(({ name, values }) => (
          <>
            <dt class="font-mono" dir="auto" safe>
              {name}
            </dt>
            <dd class="max-md:hidden">
              <code class="text-muted" dir="auto" safe>
                {`${/[\s()":=<>!,]/.test(name) ? JSON.stringify(name) : name}:${values[0] ?? '…'}`}
              </code>
            </dd>
            <dd>{say('Attribute')}</dd>
          </>
        ))}
      </dl>
    </div>
  </details>
)

const sortWords: Record<string, string> = {
  frame: 'frame',
  area: 'area',
  width: 'width',
  height: 'height',
  score: 'score',
  id: 'number',
}

const Search = ({ visit: { query }, at }: Pick<Props, 'visit' | 'at'>): JSX.Element => {
  const words = JSON.stringify({
    labels: at.labels,
    attributes: at.attributes,
    fields: (fields as readonly FieldInfo[]).map(({ name, values, help }) => ({ name, values, help: t(help) })),
  })
  return (
    <form
      class="flex flex-wrap items-center gap-2"
      method="get"
      action={at.path}
      role="search"
      hx-get={at.path}
      {...swaps}
      data-find
    >
      <div class="relative min-w-72 flex-1 max-sm:basis-full">
        <span class="pointer-events-none absolute start-2.5 top-2 text-muted">
          <Icon name="search" />
        </span>
        <input
          id="find-q"
          class="input ps-8 font-mono text-[13px]"
          type="search"
          name="q"
          value={query.q ?? ''}
          maxlength={String(maxLength)}
          placeholder="label:car width>100 -occluded"
          aria-label={t('Query')}
          autocomplete="off"
          autocapitalize="off"
          spellcheck="false"
          dir="auto"
          data-find-words={words}
          data-testid="find-q"
        />
      </div>
      <select class="select w-auto" name="results" aria-label={t('Show')} autocomplete="off" data-testid="find-results">
        <option value="">{say('Objects')}</option>
        <option value="frames" selected={query.results === 'frames'}>
          {say('Frames')}
        </option>
      </select>
      <select class="select w-auto" name="sort" aria-label={t('Sort by')} autocomplete="off" data-testid="find-sort">
        {sortNames.flatMap((name) =>
          [name, `-${name}`].map((value) => (
            <option value={value === 'frame' ? '' : value} selected={(query.sort || 'frame') === value}>
              {t('By {field} {arrow}', { field: t(sortWords[name]!), arrow: value.startsWith('-') ? '↓' : '↑' }) as 'safe'}
            </option>
          )),
        )}
      </select>
      <button type="submit" class="btn btn-primary" data-testid="find-submit">
        {say('Find')}
      </button>
    </form>
  )
}

const News = ({ visit, at }: Pick<Props, 'visit' | 'at'>): JSX.Element => {
  const news = findChange(visit)
  if (!news) return '' as JSX.Element
  const { text, problems, steps } = news.change
  return (
    <ChangeNews text={text} problems={problems} undo={steps.length ? `${at.path}/undo` : null} name="find">
      <FormToken request={visit.request} />
      <input type="hidden" name="change" value={news.key} autocomplete="off" />
      <input type="hidden" name="q" value={visit.query.q ?? ''} autocomplete="off" />
    </ChangeNews>
  )
}

const Bulk = ({ at, count }: { at: PagePlace; count: number }): JSX.Element => (
  <div class="flex flex-wrap items-center gap-2" role="group" aria-label={t('Change what is found')}>
    <span
      class="text-[13px] text-muted"
      data-find-chosen
      data-all={t('All {count}, or those that are ticked:', { count: formatCount(count) })}
    >
      {t('All {count}, or those that are ticked:', { count: formatCount(count) }) as 'safe'}
    </span>
    {at.labels.length ? (
      <select class="select compact w-40" name="label" aria-label={t('New label')} autocomplete="off" data-testid="find-label">
        <option value="">{say('New label…')}</option>
        {at.labels.map((name) => (
          <option value={name} safe>
            {name}
          </option>
        ))}
      </select>
    ) : (
      <input
        class="input compact w-40"
        name="label"
        placeholder={t('New label')}
        aria-label={t('New label')}
        autocomplete="off"
        dir="auto"
        data-testid="find-label"
      />
    )}
    <button type="submit" class="btn btn-small" name="action" value="relabel" data-testid="find-relabel">
      <Icon name="tag" />
      {say('Relabel…')}
    </button>
    <button type="submit" class="btn btn-small btn-danger" name="action" value="delete" data-testid="find-delete">
      <Icon name="trash" />
      {say('Delete…')}
    </button>
  </div>
)

const grid = 'grid grid-cols-[repeat(auto-fill,minmax(168px,1fr))] gap-3'

const Gallery = ({ visit, at, found }: { visit: Visit; at: PagePlace; found: Found }): JSX.Element => {
  const { query } = visit
  const { count, page, size, hits, results } = found
  const noun = results === 'frames' ? 'frame' : 'object'
  const isChangeable = results === 'objects' && count > 0
  return (
    <>
      <div class="flex flex-wrap items-center gap-2">
        <span class="num font-medium" data-testid="find-count" data-count={String(count)} aria-live="polite">
          {plural(count, noun) as 'safe'}
        </span>
        <span class="num me-auto text-[13px] text-muted">{`${found.milliseconds} ms` as 'safe'}</span>
        <Steps at={{ path: at.path, query }} page={page} count={count} pageSize={size} name="find" swaps={swaps} />
      </div>
      {count === 0 ? (
        <section class="card">
          <Empty
            icon="search"
            title={query.q ? 'Nothing fits' : t('There are no {things} yet', { things: t(`${noun}s`) })}
            text={
              query.q
                ? 'Take a condition away, or look at how to search below.'
                : 'What is annotated here shows up in this gallery.'
            }
          />
        </section>
      ) : (
        <form class="grid gap-3" method="post" action={`${at.path}/change`}>
          <FormToken request={visit.request} />
          <input type="hidden" name="q" value={query.q ?? ''} autocomplete="off" />
          {isChangeable ? <Bulk at={at} count={count} /> : ''}
          <ul class={grid} data-testid="find-gallery">
            {hits.map((hit) => (
              <Card hit={hit} canChoose={isChangeable} />
            ))}
          </ul>
        </form>
      )}
    </>
  )
}

const FindPage = ({ visit, at, found, problem }: Props): JSX.Element => (
  <div class="grid grid-cols-1 gap-4">
    <PageHead title={t('Find')} crumbs={at.crumbs.map(({ name, href }) => ({ label: name, href }))} />
    <Search visit={visit} at={at} />
    <div id="found" class="list-body grid grid-cols-1 gap-3">
      <News visit={visit} at={at} />
      {problem ? <Wrong q={visit.query.q ?? ''} problem={problem} /> : ''}
      {found ? <Gallery visit={visit} at={at} found={found} /> : ''}
    </div>
    <Help at={at} />
  </div>
)

const show = (kind: 'everything' | 'project' | 'task') =>
  showPage(async (visit, params): Promise<Page | Response> => {
    const at = await readPagePlace(kind, params)
    const section = kind === 'project' ? 'projects' : kind === 'task' ? 'tasks' : 'find'
    const make = (found: Found | null, problem: Problem | null): Page => ({
      title: at.name,
      section,
      body: <FindPage visit={visit} at={at} found={found} problem={problem} />,
    })
    try {
      const found = await find(askOf(visit, at, visit.query.q ?? ''), visit.query)
      const last = Math.max(1, Math.ceil(found.count / found.size))
      if (found.page > last)
        return redirectTo(addressOf({ path: at.path, query: visit.query }, { page: last > 1 ? String(last) : undefined }))
      return make(found, null)
    } catch (error) {
      return make(null, readProblem(error))
    }
  })

export const findPages: Elysia = new Elysia({ name: 'find-pages', detail: { hide: true } })
  .get('/find', show('everything'))
  .post('/find/change', receiveChange('everything'))
  .post('/find/undo', receiveUndo('everything'))
  .get('/projects/:id/find', show('project'))
  .post('/projects/:id/find/change', receiveChange('project'))
  .post('/projects/:id/find/undo', receiveUndo('project'))
  .get('/tasks/:id/find', show('task'))
  .post('/tasks/:id/find/change', receiveChange('task'))
  .post('/tasks/:id/find/undo', receiveUndo('task')) as any
