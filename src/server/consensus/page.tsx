// /tasks/<id>/consensus: merging of replicas, agreement between people, settings.
import { Elysia } from 'elysia'
import { Notice, Problem, TextField } from '../../web/ui/form'
import { t } from '../../web/ui/i18n/message'
import { Empty } from '../../web/ui/list'
import { readPercent, writePercent } from '../../web/ui/percent'
import { FormToken, type Page, receiveForm, showPage, type Visit, wordsOf } from '../auth/service'
import { redirectTo } from '../http/html'
import { startRequest } from '../requests/service'
import { showAgreement } from './page-agreement'
import { showMerging } from './page-merge'
import { ConsensusFrame, type ConsensusPlace, loadPlace, readTab, type Tab } from './page-place'
import { planMerge } from './service'
import { ensureSettings, updateSettings } from './settings'

type Values = Record<'quorum' | 'iou_threshold', string>
type Sent = { values: Values; problems: Partial<Record<string, string>> }

const showSettings = async (visit: Visit, place: ConsensusPlace, sent?: Sent): Promise<JSX.Element> => {
  const settings = await ensureSettings(place.id)
  const values = sent?.values ?? { quorum: writePercent(settings.quorum), iou_threshold: writePercent(settings.iouThreshold) }
  return (
    <div class="mx-auto grid max-w-[640px] gap-4">
      <Notice
        text={visit.query.saved ? t('The settings are saved. The next merge is made with them.') : undefined}
        testid="consensus-saved"
      />
      <form class="card grid gap-4 p-4" method="post" action={`${place.path}/settings`} data-submit-once novalidate>
        <FormToken request={visit.request} />
        <Problem text={sent?.problems.other} testid="consensus-error" />
        <TextField
          label={t('Quorum, %')}
          name="quorum"
          value={values.quorum}
          disabled={!place.mayUpdate}
          problem={sent?.problems.quorum}
          hint={t('The share of replicas that must have an object for it to count.')}
          testid="consensus-quorum"
        />
        <TextField
          label={t('Least overlap, %')}
          name="iou_threshold"
          value={values.iou_threshold}
          disabled={!place.mayUpdate}
          problem={sent?.problems.iou_threshold}
          hint={t('Shapes that overlap less are not the same object.')}
          testid="consensus-iou-threshold"
        />
        {place.mayUpdate ? (
          <div class="flex justify-end">
            <button type="submit" class="btn btn-primary" data-testid="consensus-submit" safe>
              {t('Save')}
            </button>
          </div>
        ) : (
          ''
        )}
      </form>
    </div>
  )
}

const Disabled = (): JSX.Element => (
  <section class="card" data-testid="consensus-disabled">
    <Empty
      icon="users"
      title={t('This task has no replicas')}
      text={t('Consensus needs jobs that several people annotate. The number of replicas is chosen when a task is made.')}
    />
  </section>
)

const bodies: Record<Tab, (visit: Visit, place: ConsensusPlace) => Promise<JSX.Element>> = {
  merging: (visit, place) => showMerging(visit, place),
  agreement: showAgreement,
  settings: (visit, place) => showSettings(visit, place),
}

const frame = (place: ConsensusPlace, tab: Tab, body: JSX.Element, status = 200): Page => ({
  title: `${t('Consensus')} · ${place.name}`,
  section: 'tasks',
  status,
  body: (
    <ConsensusFrame place={place} tab={tab}>
      {body as 'safe'}
    </ConsensusFrame>
  ),
})

const show = showPage(async (visit, params) => {
  const place = await loadPlace(visit, params)
  const tab = readTab(place, visit.query.tab)
  return frame(place, tab, place.isEnabled ? await bodies[tab](visit, place) : <Disabled />)
})

const merge = receiveForm(async (visit, fields, params) => {
  const place = await loadPlace(visit, params)
  const fail = async (problem: string) => frame(place, 'merging', await showMerging(visit, place, problem), 400)
  if (fields.overwrite?.[0] !== 'yes') return fail(t('Nothing was merged: say that the annotations may be replaced.'))
  const job = fields.job?.[0]
  try {
    await startRequest(visit.who, await planMerge(visit.who, job ? { job_id: Number(job) } : { task_id: place.id }))
  } catch (error) {
    return fail(wordsOf(error))
  }
  return redirectTo(place.path)
})

const saveSettings = receiveForm(async (visit, fields, params) => {
  const place = await loadPlace(visit, params)
  const values: Values = { quorum: fields.quorum?.[0] ?? '', iou_threshold: fields.iou_threshold?.[0] ?? '' }
  const [quorum, overlap] = [readPercent(values.quorum), readPercent(values.iou_threshold)]
  const problems = { quorum: quorum.problem, iou_threshold: overlap.problem }
  if (quorum.value === undefined || overlap.value === undefined)
    return frame(place, 'settings', await showSettings(visit, place, { values, problems }), 400)
  const { id } = await ensureSettings(place.id)
  await updateSettings(visit.who, id, { quorum: quorum.value, iou_threshold: overlap.value })
  return redirectTo(`${place.path}?tab=settings&saved=1`)
})

export const consensusPages = new Elysia({ name: 'consensus-pages', detail: { hide: true } })
  .get('/tasks/:id/consensus', show)
  .post('/tasks/:id/consensus/merge', merge)
  .post('/tasks/:id/consensus/settings', saveSettings)
