// /tasks/<id>/annotate: a model annotates the task, or one of its jobs: which model, which label becomes which, how sure it must be.
import { Elysia } from 'elysia'
import { CheckField, ChoiceField, PageHead, Problem, TextField } from '../../web/ui/form'
import { say, t } from '../../web/ui/i18n/message'
import { Icon } from '../../web/ui/icon'
import { Empty } from '../../web/ui/list'
import { type Fields, FormToken, type Page, receiveForm, showPage, type Visit, wordsOf } from '../auth/service'
import { notFound } from '../http/errors'
import { redirectTo } from '../http/html'
import { mayDo } from './access'
import { startAnnotation } from './annotate/requests'
import { runners } from './annotate/run'
import type { FunctionInfo } from './contract'
import { MappingTable, readMapping } from './mapping-table'
import { type Mapping, proposeMapping } from './match-labels'
import { openPlace, type Place } from './place'
import { listAllFunctions } from './providers'
import type { Input } from './read-input'
import { describeFunction, findObstacle, kindWords } from './words'

const readId = (text: string | undefined) => {
  if (!/^[1-9]\d{0,9}$/.test(text ?? '')) throw notFound()
  return Number(text)
}

/** Who works on a job sees that only; its task is named in the address anyway. */
const findPlace = async ({ who, query }: Visit, { id }: Record<string, string>): Promise<Place> => {
  const place = await openPlace(who, query.job ? { job: readId(query.job) } : { task: readId(id) }, 'annotate')
  if (place.task.id !== readId(id)) throw notFound()
  return place
}

const addressOf = ({ task, job }: Place) => `/tasks/${task.id}/annotate${job ? `?job=${job.id}` : ''}`
const homeOf = ({ task, job }: Place) => (job ? `/tasks/${task.id}/jobs/${job.id}` : `/tasks/${task.id}`)

const listUsable = async ({ who }: Visit): Promise<FunctionInfo[]> =>
  (await listAllFunctions()).filter((info) => runners[info.kind] && info.runs !== 'browser' && mayDo(who, 'call', info))

const sayModel = (info: FunctionInfo) => {
  const obstacle = findObstacle(info)
  return `${info.name} · ${t(kindWords[info.kind])}${obstacle ? ` · ${t(obstacle)}` : ''}`
}

const Chooser = ({ place, models, chosen }: { place: Place; models: FunctionInfo[]; chosen: FunctionInfo }) => (
  <form class="card flex flex-wrap items-end gap-2 p-4" method="get" action={`/tasks/${place.task.id}/annotate`}>
    {place.job ? <input type="hidden" name="job" value={String(place.job.id)} /> : ''}
    <ChoiceField
      label="Model"
      name="model"
      value={chosen.id}
      options={models.map((info) => [info.id, sayModel(info)])}
      testid="model-select"
      class="min-w-0 flex-1"
    />
    <button type="submit" class="btn" data-testid="model-choose">
      {say('Choose')}
    </button>
  </form>
)

type Values = {
  threshold: string
  distance: string
  cleanup: boolean
  polygons: boolean
  mapping: Mapping
  filter: string
  unannotated: boolean
}

/** Labels of big models that nobody has: shown on demand, so that those that fit are seen. */
const hasMasks = ({ labels }: FunctionInfo) => labels.some(({ type }) => type === 'mask' || type === 'any')

const RunForm = ({
  visit,
  place,
  info,
  values,
  problem,
}: {
  visit: Visit
  place: Place
  info: FunctionInfo
  values: Values
  problem?: string
}) => {
  const finds = info.kind === 'detector' || info.kind === 'classifier'
  return (
    <form class="card grid gap-4 p-4" method="post" action={addressOf(place)} data-submit-once>
      <FormToken request={visit.request} />
      <input type="hidden" name="model" value={info.id} />
      <p class="text-soft" dir="auto" safe>
        {describeFunction(info)}
      </p>
      <Problem text={problem} testid="model-problem" />
      {finds && info.labels.length ? <MappingTable info={info} place={place} mapping={values.mapping} /> : ''}
      {finds && info.labels.length && !Object.keys(values.mapping).length ? (
        <p class="text-[13px] text-muted" role="status">
          {say('No label of the model is called like one of the task: choose which is which.')}
        </p>
      ) : (
        ''
      )}
      {info.kind === 'attributes' ? (
        ''
      ) : (
        <div class="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
          <TextField
            label="Threshold, %"
            name="threshold"
            type="number"
            value={values.threshold}
            hint="Objects that the model is less sure of are left out. Empty: as the model wants."
            testid="model-threshold"
          />
          {info.kind === 'reid' ? (
            <TextField
              label="Greatest distance, pixels"
              name="distance"
              type="number"
              value={values.distance}
              hint="How far an object may move from one frame to the next."
              testid="model-distance"
            />
          ) : (
            ''
          )}
        </div>
      )}
      {finds ? (
        <div class="grid gap-1">
          {hasMasks(info) ? (
            <CheckField label="Convert masks to polygons" name="polygons" isOn={values.polygons} testid="model-polygons" />
          ) : (
            ''
          )}
          <CheckField label="Remove what is annotated already" name="cleanup" isOn={values.cleanup} testid="model-clean" />
        </div>
      ) : (
        ''
      )}
      <TextField
        label="Only frames that fit"
        name="filter"
        value={values.filter}
        hint="A search as on the page Find, such as name:*night* or label:car. Empty: all frames."
        testid="model-filter"
      />
      {info.kind === 'detector' || info.kind === 'classifier' ? (
        <CheckField
          label="Only frames on which nothing is annotated"
          name="unannotated"
          isOn={values.unannotated}
          testid="model-unannotated"
        />
      ) : (
        ''
      )}
      <div class="flex justify-end gap-2">
        <a class="btn" href={homeOf(place)}>
          {say('Cancel')}
        </a>
        <button type="submit" class="btn btn-primary" data-testid="model-run">
          <Icon name="bot" />
          {say('Annotate')}
        </button>
      </div>
    </form>
  )
}

const showForm = async (
  visit: Visit,
  place: Place,
  chosenId: string | undefined,
  sent?: { values: Values; problem: string },
): Promise<Page> => {
  const models = await listUsable(visit)
  const info = models.find(({ id }) => id === chosenId) ?? models[0]
  const title = place.job ? t('Annotate job #{id}', { id: place.job.id }) : t('Annotate “{name}”', { name: place.task.name })
  return {
    title: t('Automatic annotation'),
    section: 'tasks',
    status: sent ? 400 : 200,
    body: (
      <div class="mx-auto grid max-w-[720px] gap-4">
        <PageHead
          title={title}
          crumbs={[{ href: homeOf(place), label: place.job ? t('Job #{jobId}', { jobId: place.job.id }) : place.task.name }]}
        />
        {info ? (
          <>
            <Chooser place={place} models={models} chosen={info} />
            <RunForm
              visit={visit}
              place={place}
              info={info}
              values={
                sent?.values ?? {
                  threshold: '',
                  distance: '50',
                  cleanup: false,
                  polygons: false,
                  filter: '',
                  unannotated: false,
                  mapping: proposeMapping(info.labels, place.labels),
                }
              }
              problem={sent?.problem}
            />
          </>
        ) : (
          <section class="card" aria-label={t('Models')}>
            <Empty
              icon="bot"
              title="No model can annotate by itself"
              text="Detectors, classifiers, re-identification and attribute fillers are offered here when the server has some."
            >
              <a class="btn" href="/models">
                {say('To the models')}
              </a>
            </Empty>
          </section>
        )}
      </div>
    ),
  }
}

const toNumber = (text: string): unknown => (text.trim() === '' ? null : Number(text.replace(',', '.')))
const toShare = (text: string): unknown => {
  const number = toNumber(text)
  return typeof number === 'number' ? number / 100 : number
}

const run = async (visit: Visit, fields: Fields, params: Record<string, string>): Promise<Page | Response> => {
  const place = await findPlace(visit, params)
  const text = (name: string) => fields[name]?.[0] ?? ''
  const info = (await listUsable(visit)).find(({ id }) => id === text('model'))
  if (!info) throw notFound()
  const finds = info.kind === 'detector' || info.kind === 'classifier'
  const values: Values = {
    threshold: text('threshold'),
    distance: text('distance'),
    cleanup: text('cleanup') === 'on',
    polygons: text('polygons') === 'on',
    filter: text('filter'),
    unannotated: text('unannotated') === 'on',
    mapping: finds ? readMapping(fields, info.labels, place.labels) : {},
  }
  if (finds && info.labels.length && !Object.keys(values.mapping).length)
    return showForm(visit, place, info.id, { values, problem: t('Choose a label of the task for at least one of the model.') })
  const input: Input = {
    function: info.id,
    task: place.task.id,
    ...(place.job && { job: place.job.id }),
    threshold: toShare(values.threshold),
    filter: values.filter,
    unannotated: values.unannotated,
    ...(info.kind === 'reid' && { max_distance: toNumber(values.distance) }),
    ...(finds && { mapping: values.mapping, cleanup: values.cleanup, conv_mask_to_poly: values.polygons }),
  }
  try {
    await startAnnotation(visit.who, input)
  } catch (error) {
    return showForm(visit, place, info.id, { values, problem: wordsOf(error) })
  }
  return redirectTo('/requests')
}

export const annotatePages = new Elysia({ name: 'annotate-pages', detail: { hide: true } })
  .get(
    '/tasks/:id/annotate',
    showPage(async (visit, params) => showForm(visit, await findPlace(visit, params), visit.query.model)),
  )
  .post('/tasks/:id/annotate', receiveForm(run) as never)
