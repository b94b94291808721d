// /tasks/<id>/suspects, /projects/<id>/suspects: labels that look wrong, the worst first, and what to do about many at once.
import { Elysia } from 'elysia'
import { PageHead } from '../../web/ui/form'
import { ChangeNews, Steps, swapsOf } from '../../web/ui/gallery'
import { t } from '../../web/ui/i18n/message'
import { Icon } from '../../web/ui/icon'
import { Empty } from '../../web/ui/list'
import { addressOf } from '../../web/ui/list-address'
import { Ago, formatCount } from '../../web/ui/parts'
import { FormToken, type Page, showPage, type Visit } from '../auth/service'
import { redirectTo } from '../http/html'
import { isoTime } from '../http/json'
import type { RequestRow } from '../requests/service'
import { type Entry, SuspectCard } from './card'
import { findChange, receiveDecision, receiveRun, receiveUndo } from './decide-page'
import { type PagePlace, readPagePlace } from './place-page'
import {
  countReasons,
  countSuspects,
  findRunning,
  findSuspects,
  readLastRun,
  readNarrowing,
  showSuspects,
  whereVisible,
} from './service'
import type { Reason } from './thing'
import { titleOf } from './words'

const pageSize = 48

/** What makes a form or link swap the gallery and write the address. */
const swaps = swapsOf('suspects')

type Found = {
  count: number
  page: number
  entries: Entry[]
  reasons: { reason: Reason; count: number }[]
  last: { date: Date; objects: number } | null
  running: RequestRow | null
}
type Props = { visit: Visit; at: PagePlace; found: Found }

const Look = ({ visit, at }: Omit<Props, 'found'>) =>
  at.mayLook ? (
    <form method="post" action={`${at.path}/run`} data-submit-once>
      <FormToken request={visit.request} />
      <button type="submit" class="btn btn-primary" data-testid="suspects-run">
        <Icon name="refresh" />
        <span safe>{t('Look through')}</span>
      </button>
    </form>
  ) : (
    ''
  )

const Running = ({ request }: { request: RequestRow }) =>
  request.status === 'failed' ? (
    <div class="problem" role="alert" data-testid="suspects-problem">
      <span dir="auto" safe>
        {request.message}
      </span>
    </div>
  ) : (
    <div
      class="card grid gap-2 p-4"
      role="status"
      data-follow={request.id}
      data-follow-words={t('Looking through the annotations…')}
      data-testid="suspects-progress"
    >
      <span data-follow-text safe>
        {t('Looking through the annotations…')}
      </span>
      <progress data-follow-bar max="1" aria-label={t('Progress')}></progress>
    </div>
  )

const News = ({ visit, at }: Omit<Props, 'found'>): JSX.Element => {
  const news = findChange(visit)
  if (!news) return '' as JSX.Element
  const { text, problems, steps } = news.change
  return (
    <ChangeNews text={text} problems={problems} undo={steps.length ? `${at.path}/undo` : null} name="suspects">
      <FormToken request={visit.request} />
      <input type="hidden" name="change" value={news.key} autocomplete="off" />
    </ChangeNews>
  )
}

const Narrow = ({ visit: { query }, at, found: { reasons, last } }: Props): JSX.Element => {
  const total = reasons.reduce((sum, { count }) => sum + count, 0)
  return (
    <form
      class="flex flex-wrap items-center gap-2"
      method="get"
      action={at.path}
      hx-get={at.path}
      {...swaps}
      data-submit-on-change
    >
      <select
        class="select w-auto max-w-full"
        name="reason"
        aria-label={t('Reason')}
        autocomplete="off"
        data-testid="suspects-reason"
      >
        <option value="" safe>
          {t('All reasons ({count})', { count: formatCount(total) })}
        </option>
        {reasons.map(({ reason, count }) => (
          <option value={reason} selected={query.reason === reason} safe>
            {`${titleOf(reason)} (${formatCount(count)})`}
          </option>
        ))}
      </select>
      <select class="select w-auto" name="status" aria-label={t('Status')} autocomplete="off" data-testid="suspects-status">
        <option value="" safe>
          {t('Open')}
        </option>
        <option value="confirmed" selected={query.status === 'confirmed'} safe>
          {t('Confirmed as right')}
        </option>
        <option value="fixed" selected={query.status === 'fixed'} safe>
          {t('Mended')}
        </option>
        <option value="all" selected={query.status === 'all'} safe>
          {t('Everything')}
        </option>
      </select>
      <noscript>
        <button type="submit" class="btn" safe>
          {t('Show')}
        </button>
      </noscript>
      {last ? (
        <span class="num ms-auto text-[13px] text-muted" data-testid="suspects-last">
          <span safe>{t('{count} objects looked through', { count: formatCount(last.objects) })}</span>{' '}
          <Ago iso={isoTime(last.date)} />
        </span>
      ) : (
        ''
      )}
    </form>
  )
}

const Bulk = ({ visit: { query }, at, found: { count, entries } }: Props): JSX.Element => (
  <div class="flex flex-wrap items-center gap-2" role="group" aria-label={t('Decide about these')}>
    <span class="text-[13px] text-muted" safe>
      {t('All {count}, or those that are ticked:', { count: formatCount(count) })}
    </span>
    {query.status === 'confirmed' || query.status === 'fixed' ? (
      <button type="submit" class="btn btn-small" name="action" value="reopen" data-testid="suspects-reopen">
        <Icon name="history" />
        <span safe>{t('Suspect again')}</span>
      </button>
    ) : (
      <button type="submit" class="btn btn-small" name="action" value="confirm" data-testid="suspects-right">
        <Icon name="check" />
        <span safe>{t('They are right')}</span>
      </button>
    )}
    {query.status === 'fixed' ? (
      ''
    ) : (
      <>
        <select
          class="select compact w-44"
          name="label"
          aria-label={t('New label')}
          autocomplete="off"
          data-testid="suspects-label"
        >
          <option value="" safe>
            {t('New label…')}
          </option>
          {entries.some(({ shown }) => shown.suggested_label) ? (
            <option value="*" safe>
              {t('The suggested one')}
            </option>
          ) : (
            ''
          )}
          {at.labels.map((name) => (
            <option value={name} safe>
              {name}
            </option>
          ))}
        </select>
        <button type="submit" class="btn btn-small" name="action" value="relabel" data-testid="suspects-relabel">
          <Icon name="tag" />
          <span safe>{t('Relabel…')}</span>
        </button>
        <button type="submit" class="btn btn-small btn-danger" name="action" value="delete" data-testid="suspects-delete">
          <Icon name="trash" />
          <span safe>{t('Delete…')}</span>
        </button>
      </>
    )}
  </div>
)

const Nothing = ({ found: { last }, visit: { query } }: Props): JSX.Element => (
  <section class="card" data-testid="suspects-empty">
    {query.reason || query.status ? (
      <Empty icon="search" title="Nothing fits" text="Choose another reason or status." />
    ) : last ? (
      <Empty
        icon="check"
        title="Nothing looks wrong"
        text="Sizes, shapes, doubles, tracks, labels and values are as usual here."
      />
    ) : (
      <Empty
        icon="search"
        title="Not looked through yet"
        text="Looking through compares the objects with each other and lists those that look wrong. It needs no ground truth."
      />
    )}
  </section>
)

const Gallery = (props: Props): JSX.Element => {
  const { visit, at, found } = props
  const { query } = visit
  const { count, page, entries } = found
  return (
    <>
      <div class="flex flex-wrap items-center gap-2">
        <span class="num me-auto font-medium" data-testid="suspects-count" data-count={String(count)} aria-live="polite" safe>
          {count === 1 ? t('One suspicious label') : t('{count} suspicious labels', { count: formatCount(count) })}
        </span>
        <Steps at={{ path: at.path, query }} page={page} count={count} pageSize={pageSize} name="suspects" swaps={swaps} />
      </div>
      {count === 0 ? (
        <Nothing {...props} />
      ) : (
        <form class="grid gap-3" method="post" action={`${at.path}/decide`}>
          <FormToken request={visit.request} />
          <input type="hidden" name="reason" value={query.reason ?? ''} autocomplete="off" />
          <input type="hidden" name="status" value={query.status ?? ''} autocomplete="off" />
          <Bulk {...props} />
          <ul class="grid grid-cols-[repeat(auto-fill,minmax(208px,1fr))] gap-3" data-testid="suspects-gallery">
            {entries.map((entry) => (
              <SuspectCard entry={entry} canChoose />
            ))}
          </ul>
        </form>
      )}
    </>
  )
}

const SuspectsPage = (props: Props): JSX.Element => {
  const { visit, at, found } = props
  return (
    <>
      <PageHead title={t('Suspicious labels')} crumbs={at.crumbs}>
        <Look visit={visit} at={at} />
      </PageHead>
      <div id="suspects" class="list-body grid gap-3">
        {found.running ? <Running request={found.running} /> : ''}
        <News visit={visit} at={at} />
        <Narrow {...props} />
        <Gallery {...props} />
      </div>
    </>
  )
}

const readPageNumber = (text: string | undefined) => (/^[1-9]\d{0,5}$/.test(text ?? '') ? Number(text) : 1)

const show = (kind: 'task' | 'project') =>
  showPage(async (visit, params): Promise<Page | Response> => {
    const at = await readPagePlace(visit, kind, params)
    const narrowing = readNarrowing(visit.query)
    const where = whereVisible(visit.who, at.place, narrowing)
    const count = await countSuspects(where)
    const page = readPageNumber(visit.query.page)
    const last = Math.max(1, Math.ceil(count / pageSize))
    if (page > last)
      return redirectTo(addressOf({ path: at.path, query: visit.query }, { page: last > 1 ? String(last) : undefined }))
    const rows = await findSuspects(where, { size: pageSize, offset: (page - 1) * pageSize })
    const shown = await showSuspects(visit.origin, rows)
    const found: Found = {
      count,
      page,
      entries: rows.map((row, i) => ({ row, shown: shown[i]! })),
      reasons: await countReasons(whereVisible(visit.who, at.place, { ...narrowing, reason: undefined })),
      last: await readLastRun(at.place),
      running: await findRunning(at.place),
    }
    return { title: t('Suspicious labels'), section: at.section, body: <SuspectsPage visit={visit} at={at} found={found} /> }
  })

export const suspectPages: Elysia = new Elysia({ name: 'suspect-pages', detail: { hide: true } })
  .get('/tasks/:id/suspects', show('task'))
  .post('/tasks/:id/suspects/run', receiveRun('task'))
  .post('/tasks/:id/suspects/decide', receiveDecision('task'))
  .post('/tasks/:id/suspects/undo', receiveUndo('task'))
  .get('/projects/:id/suspects', show('project'))
  .post('/projects/:id/suspects/run', receiveRun('project'))
  .post('/projects/:id/suspects/decide', receiveDecision('project'))
  .post('/projects/:id/suspects/undo', receiveUndo('project')) as any
