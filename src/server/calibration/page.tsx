// /tasks/<id>/calibration: takes the files of a plain form, and shows the form again when something is wrong with them.
import { Elysia } from 'elysia'
import { CalibrationForm, CalibrationSummary } from '../../web/ui/calibration-form'
import { PageHead, Problem } from '../../web/ui/form'
import { t } from '../../web/ui/i18n/message'
import { FormToken, type Page, readId, receiveParcel, showPage, type Visit, wordsOf } from '../auth/service'
import { textOf } from '../http/form-fields'
import { redirectTo } from '../http/html'
import { readUploadedFiles } from './read-body'
import { describeCalibration, removeCalibration, replaceCalibration, requireChangeable } from './service'

const render = async (visit: Visit, taskId: number, problem?: string): Promise<Page> => {
  const data = await requireChangeable(visit.who, taskId)
  const summary = await describeCalibration(data)
  return {
    title: t('Calibration'),
    section: 'tasks',
    status: problem ? 400 : 200,
    body: (
      <div class="mx-auto grid max-w-[560px] grid-cols-[minmax(0,1fr)] gap-4">
        <PageHead title={t('Calibration')} crumbs={[{ href: `/tasks/${taskId}`, label: t('Task #{id}', { id: taskId }) }]} />
        <Problem text={problem} testid="bare-error" />
        <section class="card grid gap-3 p-4">
          <CalibrationSummary {...summary} />
          <CalibrationForm taskId={taskId} token={<FormToken request={visit.request} />} hasFiles={summary.files.length > 0} />
        </section>
      </div>
    ),
  }
}

const showCalibration = showPage((visit, params) => render(visit, readId(params)))

const receiveCalibration = receiveParcel('calibration', async (visit, fields, uploads, params) => {
  const taskId = readId(params)
  const { who } = visit
  if (textOf(fields, 'what') === 'remove') {
    await removeCalibration(who, taskId)
    return redirectTo(`/tasks/${taskId}`)
  }
  const data = await requireChangeable(who, taskId)
  try {
    await replaceCalibration(data, await readUploadedFiles(who.user.id, uploads))
    return redirectTo(`/tasks/${taskId}`)
  } catch (error) {
    return render(visit, taskId, wordsOf(error))
  }
})

export const calibrationPages = new Elysia({ name: 'calibration-pages' })
  .get('/tasks/:id/calibration', showCalibration)
  .post('/tasks/:id/calibration', receiveCalibration, { parse: () => null })
