// /projects|tasks|jobs/<id>/import and /projects|tasks/restore: start imports of a chosen file by plain forms, for browsers without scripts.
import type { Children } from '@kitajs/html'
import { listImporters } from '../../formats/registry'
import { CheckField, ChoiceField, PageHead, Problem } from '../../web/ui/form'
import { say, t } from '../../web/ui/i18n/message'
import { FormToken, type Page, readId, receiveParcel, showPage, type Visit, wordsOf } from '../auth/service'
import { planRestore } from '../backups/service'
import { planImport, planProjectImport, requireArchiveName } from '../datasets/service'
import { invalid } from '../http/errors'
import { type FormTexts, textOf } from '../http/form-fields'
import { redirectTo } from '../http/html'
import { listUploads, takeUpload } from '../http/uploads'
import type { Who } from '../policy/who'
import { type NewRequest, startRequest } from '../requests/service'
import { findPlace, formatOptions, type Kind, type Place } from './place'

type FormProps = { visit: Visit; back: string; button: string; children?: Children }

const FileForm = ({ visit, back, button, children }: FormProps): JSX.Element => (
  <form
    class="card grid gap-4 p-4"
    method="post"
    action={visit.path}
    enctype="multipart/form-data"
    data-submit-once
    data-testid="bare-form"
  >
    <FormToken request={visit.request} />
    <label class="field">
      <span class="label">{say('File')}</span>
      <input class="area min-h-0" type="file" name="file" required data-testid="bare-file" />
    </label>
    {children}
    <div class="flex flex-wrap justify-end gap-2">
      <a class="btn" href={back}>
        {say('Cancel')}
      </a>
      <button type="submit" class="btn btn-primary" data-testid="bare-submit" safe>
        {button}
      </button>
    </div>
  </form>
)

/** Starts the request that `plan` makes for the file once it lies in storage under the given name. */
const start = async (who: Who, uploads: string, plan: (file: string, name: string) => Promise<NewRequest> | NewRequest) => {
  const [upload] = await listUploads(who.user.id, uploads)
  if (!upload) throw invalid({ file: 'No file was submitted.' })
  const file = `data/imports/${crypto.randomUUID()}`
  const planned = await plan(file, upload.name)
  await takeUpload(upload, file)
  await startRequest(who, planned)
  return redirectTo('/requests')
}

const render = (visit: Visit, place: Place, sent?: FormTexts, problem?: string): Page => ({
  title: t('Import'),
  section: `${place.kind}s`,
  status: problem ? 400 : 200,
  body: (
    <div class="mx-auto grid max-w-[560px] grid-cols-[minmax(0,1fr)] gap-4">
      <PageHead title={t('Import')} crumbs={[{ href: place.back, label: place.name }]} />
      <Problem text={problem} testid="bare-error" />
      <FileForm visit={visit} back={place.back} button={t('Import')}>
        <ChoiceField
          label="Format"
          name="format"
          value={textOf(sent ?? {}, 'format') || 'CVAT 1.1'}
          options={formatOptions(listImporters({ withOwn: true }), place)}
          testid="bare-format"
        />
        {place.kind === 'project' ? (
          ''
        ) : (
          <ChoiceField
            label="Annotations"
            name="mode"
            value={textOf(sent ?? {}, 'mode')}
            options={[
              ['replace', 'Replace what is there'],
              ['append', 'Add to what is there'],
            ]}
            testid="bare-mode"
          />
        )}
        <CheckField
          label="Convert masks to polygons"
          name="conv_mask_to_poly"
          isOn={sent?.conv_mask_to_poly !== undefined}
          testid="bare-polygons"
        />
      </FileForm>
    </div>
  ),
})

export const showImport = (kind: Kind) =>
  showPage(async (visit, params) => render(visit, await findPlace(visit.who, kind, readId(params), 'import')))

/** Leads to the requests, where it is told how it went. */
export const receiveImport = (kind: Kind) =>
  receiveParcel('file', async (visit, fields, uploads, params) => {
    const { who } = visit
    const place = await findPlace(who, kind, readId(params), 'import')
    const format = textOf(fields, 'format')
    const masksToPolygons = fields.conv_mask_to_poly !== undefined
    const mode = textOf(fields, 'mode') === 'append' ? 'append' : 'replace'
    try {
      return await start(who, uploads, (file, name) => {
        if (kind !== 'project') return planImport(who, kind, place.id, file, { format, mode, masksToPolygons })
        requireArchiveName(name)
        return planProjectImport(who, place.id, file, { format, masksToPolygons })
      })
    } catch (error) {
      return render(visit, place, fields, wordsOf(error))
    }
  })

const renderRestore = (visit: Visit, kind: 'project' | 'task', problem?: string): Page => ({
  title: t('Restore from backup'),
  section: `${kind}s`,
  status: problem ? 400 : 200,
  body: (
    <div class="mx-auto grid max-w-[560px] grid-cols-[minmax(0,1fr)] gap-4">
      <PageHead
        title={t('Restore from backup')}
        crumbs={[{ href: `/${kind}s`, label: kind === 'project' ? t('Projects') : t('Tasks') }]}
      />
      <Problem text={problem} testid="bare-error" />
      <FileForm visit={visit} back={`/${kind}s`} button={t('Restore')} />
    </div>
  ),
})

export const showRestore = (kind: 'project' | 'task') => showPage(async (visit) => renderRestore(visit, kind))

export const receiveRestore = (kind: 'project' | 'task') =>
  receiveParcel('file', async (visit, _fields, uploads) => {
    const { who, context } = visit
    try {
      return await start(who, uploads, (file) => planRestore(who, kind, context, file))
    } catch (error) {
      return renderRestore(visit, kind, wordsOf(error))
    }
  })
