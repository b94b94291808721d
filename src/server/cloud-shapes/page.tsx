// /tasks/<id>/points: exports and imports of what is drawn on point clouds, by plain forms.
import { Elysia } from 'elysia'
import { cloudFormats } from '../../formats/cloud-shapes/formats'
import { CheckField, ChoiceField, PageHead, Problem } from '../../web/ui/form'
import { say, t } from '../../web/ui/i18n/message'
import { FormToken, type Page, readId, receiveParcel, showPage, type Visit, wordsOf } from '../auth/service'
import { invalid } from '../http/errors'
import { textOf } from '../http/form-fields'
import { redirectTo } from '../http/html'
import { listUploads, takeUpload } from '../http/uploads'
import { startRequest } from '../requests/service'
import { authorizeExport, authorizeImport, planExport, planImport } from './exchange'

const formats = cloudFormats.map(({ name }): [string, string] => [name, name])

const ImportForm = ({ visit }: { visit: Visit }): JSX.Element => (
  <form
    class="card grid gap-4 p-4"
    method="post"
    action={visit.path}
    enctype="multipart/form-data"
    data-submit-once
    data-testid="points-import"
  >
    <FormToken request={visit.request} />
    <input type="hidden" name="what" value="import" />
    <label class="field">
      <span class="label">{say('File')}</span>
      <input class="area min-h-0" type="file" name="file" accept=".zip" required data-testid="points-import-file" />
    </label>
    <ChoiceField label="Format" name="format" value={formats[0]![0]} options={formats} testid="points-import-format" />
    <ChoiceField
      label="What is there already"
      name="mode"
      value="replace"
      options={[
        ['replace', 'Is replaced on the frames of the file'],
        ['append', 'Stays, the file lies on top'],
      ]}
      testid="points-import-mode"
    />
    <div class="flex justify-end">
      <button type="submit" class="btn" data-testid="points-import-submit">
        {say('Import')}
      </button>
    </div>
  </form>
)

const render = async (visit: Visit, taskId: number, problem?: string): Promise<Page> => {
  await authorizeExport(visit.who, 'task', taskId)
  const mayImport = await authorizeImport(visit.who, 'task', taskId, undefined).then(
    () => true,
    () => false,
  )
  return {
    title: t('Points and lines'),
    section: 'tasks',
    status: problem ? 400 : 200,
    body: (
      <div class="mx-auto grid max-w-[560px] grid-cols-[minmax(0,1fr)] gap-4">
        <PageHead title={t('Points and lines')} crumbs={[{ href: `/tasks/${taskId}`, label: t('Task #{id}', { id: taskId }) }]} />
        <Problem text={problem} testid="bare-error" />
        <form
          class="card grid gap-4 p-4"
          method="post"
          action={visit.path}
          enctype="multipart/form-data"
          data-submit-once
          data-testid="points-export"
        >
          <FormToken request={visit.request} />
          <input type="hidden" name="what" value="export" />
          <ChoiceField label="Format" name="format" value={formats[0]![0]} options={formats} testid="points-export-format" />
          <CheckField label="With the point clouds" name="save_clouds" isOn={false} testid="points-export-clouds" />
          <div class="flex justify-end">
            <button type="submit" class="btn btn-primary" data-testid="points-export-submit">
              {say('Export')}
            </button>
          </div>
        </form>
        {mayImport ? <ImportForm visit={visit} /> : ''}
      </div>
    ),
  }
}

/** Leads to the requests, where the result will be. */
const receive = receiveParcel('file', async (visit, fields, uploads, params) => {
  const { who } = visit
  const taskId = readId(params)
  const format = textOf(fields, 'format')
  try {
    if (textOf(fields, 'what') === 'export') {
      await startRequest(who, await planExport(who, 'task', taskId, { format, saveClouds: fields.save_clouds !== undefined }))
      return redirectTo('/requests')
    }
    const [upload] = await listUploads(who.user.id, uploads)
    if (!upload) throw invalid({ file: 'No file was submitted.' })
    const file = `data/imports/${crypto.randomUUID()}`
    const plan = await planImport(who, 'task', taskId, file, { format, mode: textOf(fields, 'mode') })
    await takeUpload(upload, file)
    await startRequest(who, plan)
    return redirectTo('/requests')
  } catch (error) {
    return render(visit, taskId, wordsOf(error))
  }
})

export const cloudShapePages = new Elysia({ name: 'cloud-shape-pages' })
  .get(
    '/tasks/:id/points',
    showPage((visit, params) => render(visit, readId(params))),
  )
  .post('/tasks/:id/points', receive, { parse: () => null })
