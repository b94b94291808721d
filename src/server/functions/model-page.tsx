// /models/<id>: one model with its labels and versions, and a try-out on one's own picture.
import { PageHead, Problem, TextField } from '../../web/ui/form'
import { say, t, tn } from '../../web/ui/i18n/message'
import { Icon } from '../../web/ui/icon'
import { Ago } from '../../web/ui/parts'
import { type Fields, FormToken, type Page, receiveForm, showPage, type Visit } from '../auth/service'
import { ApiError, invalid } from '../http/errors'
import { redirectTo } from '../http/html'
import { loadPeople } from '../users/service'
import { getFunction, mayDo } from './access'
import { FunctionError, type FunctionInfo, type FunctionLabel } from './contract'
import { colorOf, FoundPicture } from './draw-found'
import { removeFunction } from './manage'
import { type Owners, ownerOf, pathOf, State } from './model-parts'
import { countCall } from './quotas'
import { canTry, maxTryBytes, type Tried, tryFunction } from './try-function'
import { describeFunction, kindWords, providerWords } from './words'

const Labels = ({ labels }: { labels: readonly FunctionLabel[] }) => (
  <section class="card p-4" aria-labelledby="model-labels">
    <h2 id="model-labels" class="mb-2">
      {say('Labels')}
    </h2>
    {labels.length ? (
      <ul class="grid gap-1.5 text-[13px]" data-testid="model-labels">
        {labels.map(({ name, type, attributes, sublabels = [] }) => (
          <li class="flex flex-wrap items-baseline gap-x-2">
            <span class="font-medium" dir="auto" safe>
              {name}
            </span>
            <span class="text-muted" safe>
              {[type, ...attributes.map((attribute) => attribute.name), ...sublabels.map((sublabel) => sublabel.name)].join(
                ' · ',
              )}
            </span>
          </li>
        ))}
      </ul>
    ) : (
      <p class="text-muted">{say('It has no labels of its own.')}</p>
    )}
  </section>
)

const Versions = ({ info }: { info: FunctionInfo }) =>
  info.versions?.length ? (
    <section class="card p-4" aria-labelledby="model-versions">
      <h2 id="model-versions" class="mb-2">
        {say('Versions')}
      </h2>
      <ul class="grid gap-1.5 text-[13px]">
        {info.versions.map(({ version, created, note }) => (
          <li class="flex gap-2">
            <span class="num font-mono">v{version}</span>
            <Ago iso={created.toISOString()} />
            <span class="min-w-0 truncate text-muted" dir="auto" safe>
              {note}
            </span>
          </li>
        ))}
      </ul>
    </section>
  ) : (
    ''
  )

type Sent = { problem?: string; tried?: Tried; source?: string; threshold: string; x: string; y: string }

const Found = ({ tried, source, labels }: { tried: Tried; source: string; labels: readonly FunctionLabel[] }) => (
  <div class="grid gap-3" data-testid="model-result">
    <FoundPicture {...tried} labels={labels} source={source} alt={t('The picture with what was found')} />
    <p class="text-[13px] text-muted" role="status" safe>
      {tn(tried.found.length, '{count} object in {time}', '{count} objects in {time}', {
        time: `${Math.round(tried.ms)}\u00a0ms`,
      })}
    </p>
    <ul class="flex flex-wrap gap-1.5 text-[13px]">
      {tried.found.slice(0, 100).map((one) => (
        <li class="badge plain">
          <svg width="8" height="8" aria-hidden="true">
            <circle cx="4" cy="4" r="4" fill={colorOf('label' in one ? String(one.label) : '', labels)} />
          </svg>
          <span dir="auto" safe>
            {`${'label' in one ? one.label : one.type}${one.score === undefined ? '' : ` ${Math.round(one.score * 100)} %`}`}
          </span>
        </li>
      ))}
    </ul>
  </div>
)

const Try = ({ visit, info, sent }: { visit: Visit; info: FunctionInfo; sent: Sent }) => (
  <section class="card grid content-start gap-4 p-4" aria-labelledby="model-try">
    <h2 id="model-try">{say('Try it on a picture')}</h2>
    <form class="grid gap-3" method="post" action={`${pathOf(info)}/try`} enctype="multipart/form-data">
      <FormToken request={visit.request} />
      <Problem text={sent.problem} testid="model-problem" />
      <label class="field">
        <span class="label">{say('Picture')}</span>
        <input
          class="area min-h-0"
          type="file"
          name="picture"
          accept="image/jpeg,image/png,image/webp"
          required
          data-testid="model-file"
        />
        <span class="hint">{say('JPEG, PNG or WebP, at most 8 MiB. It is not kept.')}</span>
      </label>
      {info.kind === 'interactor' ? (
        <div class="grid grid-cols-2 gap-3">
          <TextField label="Click at, % from the left" name="x" type="number" value={sent.x} testid="model-x" />
          <TextField label="Click at, % from the top" name="y" type="number" value={sent.y} testid="model-y" />
        </div>
      ) : (
        <TextField
          label="Threshold, %"
          name="threshold"
          type="number"
          value={sent.threshold}
          hint="Empty: as the model wants."
          testid="model-threshold"
        />
      )}
      <div class="flex justify-end">
        <button type="submit" class="btn btn-primary" data-testid="model-run">
          <Icon name="bot" />
          {say('Run')}
        </button>
      </div>
    </form>
    {sent.tried && sent.source ? <Found tried={sent.tried} source={sent.source} labels={info.labels} /> : ''}
  </section>
)

const idOfStored = ({ id, provider }: FunctionInfo) =>
  provider === 'agent' || provider === 'http' ? Number(id.split('-').at(-1)) : Number.NaN

const Details = ({ visit, info, owners }: { visit: Visit; info: FunctionInfo; owners: Owners }) => (
  <section class="card grid content-start gap-3 p-4" aria-label={t('Details')}>
    <div class="flex flex-wrap items-center gap-2">
      <span class="badge plain" safe>
        {t(kindWords[info.kind])}
      </span>
      <span class="badge plain" safe>
        {t(providerWords[info.provider])}
      </span>
      <State info={info} />
    </div>
    <p dir="auto" safe>
      {describeFunction(info)}
    </p>
    <dl class="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-[13px]">
      <dt class="text-muted">{say('Name for the API')}</dt>
      <dd class="min-w-0 truncate font-mono" data-testid="model-id" safe>
        {info.id}
      </dd>
      <dt class="text-muted">{say('Version')}</dt>
      <dd class="num">{info.version}</dd>
      <dt class="text-muted">{say('Owner')}</dt>
      <dd safe>{ownerOf(info, owners)}</dd>
    </dl>
    {Number.isInteger(idOfStored(info)) && mayDo(visit.who, 'delete', info) ? (
      <form method="post" action={`${pathOf(info)}/delete`} data-submit-once>
        <FormToken request={visit.request} />
        <button type="submit" class="btn btn-danger" data-testid="model-delete">
          <Icon name="trash" />
          {say('Remove this model')}
        </button>
      </form>
    ) : (
      ''
    )}
  </section>
)

const fresh: Sent = { threshold: '', x: '50', y: '50' }

const showModel = async (visit: Visit, info: FunctionInfo, sent = fresh, status = 200): Promise<Page> => {
  const owners = await loadPeople([info.access?.ownerId ?? null])
  return {
    title: info.name,
    section: 'models',
    status,
    body: (
      <>
        <PageHead title={info.name} crumbs={[{ href: '/models', label: t('Models') }]} />
        <div class="grid grid-cols-2 items-start gap-4 max-lg:grid-cols-1">
          <div class="grid gap-4">
            <Details visit={visit} info={info} owners={owners} />
            <Labels labels={info.labels} />
            <Versions info={info} />
          </div>
          {canTry(info) && mayDo(visit.who, 'call', info) ? (
            <Try visit={visit} info={info} sent={sent} />
          ) : (
            <section class="card p-4 text-muted" aria-label={t('Try it on a picture')}>
              {say('This model is used in the editor or over whole tasks.')}
            </section>
          )}
        </div>
      </>
    ),
  }
}

const readShare = (text: string | undefined, name: string): number | null => {
  if (!text?.trim()) return null
  const number = Number(text.replace(',', '.'))
  if (!(number >= 0 && number <= 100)) throw invalid({ [name]: t('A number from 0 to 100 is required.') })
  return number / 100
}

const wordsOfFailure = (error: unknown): string => {
  if (error instanceof FunctionError) return error.message
  if (error instanceof ApiError) return Object.values(error.body).flat().map(String).join(' ')
  throw error
}

const tryOut = async (visit: Visit, fields: Fields, key: string, picture: unknown): Promise<Page> => {
  const info = await getFunction(visit.who, key, 'call')
  const text = (name: string) => fields[name]?.[0] ?? ''
  const sent: Sent = { threshold: text('threshold'), x: text('x') || '50', y: text('y') || '50' }
  try {
    if (!(picture instanceof Blob) || !picture.size) throw invalid({ picture: t('Choose a picture.') })
    if (picture.size > maxTryBytes) throw invalid({ picture: t('The picture has more than 8 MiB.') })
    countCall(visit.who.user.id)
    const bytes = await picture.bytes()
    const at = { x: readShare(sent.x, 'x') ?? 0.5, y: readShare(sent.y, 'y') ?? 0.5 }
    const name = picture instanceof File ? picture.name : 'picture'
    const options = { threshold: readShare(sent.threshold, 'threshold'), at, signal: visit.request.signal }
    const tried = await tryFunction(info, { bytes, name }, options)
    const source = `data:${picture.type};base64,${Buffer.from(bytes).toString('base64')}`
    return await showModel(visit, info, { ...sent, tried, source })
  } catch (error) {
    return showModel(visit, info, { ...sent, problem: wordsOfFailure(error) }, 400)
  }
}

type Context = { request: Request; body: unknown; params: Record<string, string> }

const find = (visit: Visit, { key }: Record<string, string>, action?: 'delete') =>
  getFunction(visit.who, decodeURIComponent(key!), action)

export const showOne = showPage(async (visit, params) => showModel(visit, await find(visit, params)))

/** The picture is a file, which plain forms do not carry. */
export const receiveTry = (context: Context) => {
  const { picture } = (context.body ?? {}) as { picture?: unknown }
  return receiveForm((visit, fields, { key }) => tryOut(visit, fields, decodeURIComponent(key!), picture))(context)
}

export const receiveRemoval = receiveForm(async (visit, _fields, params) => {
  await removeFunction(visit.who, idOfStored(await find(visit, params, 'delete')))
  return redirectTo('/models')
})
