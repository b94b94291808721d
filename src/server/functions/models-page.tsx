// /models: functions that annotate, as cards; the page of one, and of a new one, are beside it.
import { Elysia } from 'elysia'
import { ChoiceField, PageHead, TextField } from '../../web/ui/form'
import { say, t } from '../../web/ui/i18n/message'
import { Icon } from '../../web/ui/icon'
import { Empty } from '../../web/ui/list'
import { showPage } from '../auth/service'
import { loadPeople } from '../users/service'
import { mayDo } from './access'
import { type FunctionInfo, functionKinds } from './contract'
import { receiveRemoval, receiveTry, showOne } from './model-page'
import { type Owners, ownerOf, pathOf, State } from './model-parts'
import { receiveNewModel, showNewModel } from './new-model-page'
import { listAllFunctions } from './providers'
import { describeFunction, kindWords, providerWords } from './words'

const Card = ({ info, owners }: { info: FunctionInfo; owners: Owners }) => (
  <li class="card relative grid content-start gap-2 p-4" data-testid={`model-${info.id}`} data-kind={info.kind}>
    <div class="flex items-start gap-3">
      <span class="grid size-9 flex-none place-items-center rounded-md bg-hover text-muted">
        <Icon name="bot" />
      </span>
      <div class="min-w-0 flex-1">
        <a
          class="block truncate font-medium after:absolute after:inset-0 hover:text-accent"
          href={pathOf(info)}
          dir="auto"
          data-testid="row-open"
          safe
        >
          {info.name}
        </a>
        <div class="truncate text-[12px] text-muted" safe>
          {`${t(kindWords[info.kind])} · ${t(providerWords[info.provider])} · v${info.version}`}
        </div>
      </div>
      <State info={info} />
    </div>
    <p class="line-clamp-2 text-[13px] text-soft" dir="auto" safe>
      {describeFunction(info)}
    </p>
    <div class="flex flex-wrap gap-1">
      {info.labels.slice(0, 6).map(({ name }) => (
        <span class="badge plain max-w-40 truncate" dir="auto" safe>
          {name}
        </span>
      ))}
      {info.labels.length > 6 ? (
        <span class="badge plain" safe>
          {`+${info.labels.length - 6}`}
        </span>
      ) : (
        ''
      )}
    </div>
    <p class="text-[12px] text-muted" safe>
      {ownerOf(info, owners)}
    </p>
  </li>
)

const kindOptions = () => [['', 'All kinds'], ...functionKinds.map((kind) => [kind, kindWords[kind]] as const)] as const

const Narrowing = ({ search, kind }: { search: string; kind: string }) => (
  <form class="mb-3 flex flex-wrap items-end gap-2" method="get" action="/models">
    <TextField label="Search" name="search" value={search} testid="list-search" class="w-64 max-sm:w-full" />
    <ChoiceField label="Kind" name="kind" value={kind} options={kindOptions() as never} testid="model-kind" class="w-48" />
    <button type="submit" class="btn" data-testid="model-narrow">
      {say('Show')}
    </button>
  </form>
)

const agentCommands = [
  'pip install cvat-cli',
  'cvat-cli function create-native "my model" --function-file model.py',
  'cvat-cli function run-agent ID --function-file model.py',
].join('\n')

const AgentHelp = () => (
  <details class="mt-4 text-[13px] text-soft">
    <summary>{say('Run a model of your own on your own machine')}</summary>
    <pre class="mt-2 overflow-x-auto rounded-md bg-hover p-3 font-mono text-[12px]">{agentCommands as 'safe'}</pre>
  </details>
)

const showList = showPage(async ({ who, query }) => {
  const { search = '', kind = '' } = query
  const visible = (await listAllFunctions()).filter((info) => mayDo(who, 'view', info))
  const matches = ({ name, kind: own, labels }: FunctionInfo) =>
    (!kind || own === kind) &&
    [name, ...labels.map((label) => label.name)].some((text) => text.toLowerCase().includes(search.toLowerCase()))
  const shown = visible.filter(matches)
  const owners = await loadPeople(shown.map(({ access }) => access?.ownerId ?? null))
  return {
    title: t('Models'),
    section: 'models',
    body: (
      <>
        <PageHead title={t('Models')}>
          {who.admin ? (
            <a class="btn btn-primary" href="/models/new" data-testid="list-create">
              <Icon name="plus" />
              {say('Add model')}
            </a>
          ) : (
            ''
          )}
        </PageHead>
        {visible.length ? <Narrowing search={search} kind={kind} /> : ''}
        {shown.length ? (
          <ul class="grid grid-cols-3 gap-3 max-lg:grid-cols-2 max-sm:grid-cols-1" data-testid="model-list">
            {shown.map((info) => (
              <Card info={info} owners={owners} />
            ))}
          </ul>
        ) : (
          <section class="card" aria-label={t('Models')}>
            <Empty
              icon="bot"
              title={visible.length ? 'No model fits' : 'No models yet'}
              text={
                visible.length
                  ? 'Search for another name or label, or choose another kind.'
                  : 'Models annotate by themselves: put an ONNX file into the folder “models” of the server, name an HTTP address, or run an agent. Intelligent scissors, cut-outs and tracking by OpenCV are in the editor already.'
              }
            >
              <a class="btn" href={visible.length ? '/models' : '/tasks'}>
                {visible.length ? say('All models') : say('To the tasks')}
              </a>
            </Empty>
          </section>
        )}
        <AgentHelp />
      </>
    ),
  }
})

export const modelPages = new Elysia({ name: 'model-pages', detail: { hide: true } })
  .get('/models', showList)
  .get('/models/new', showNewModel)
  .post('/models/new', receiveNewModel as never)
  .get('/models/:key', showOne)
  .post('/models/:key/try', receiveTry as never)
  .post('/models/:key/delete', receiveRemoval as never)
