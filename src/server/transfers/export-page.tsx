// /projects|tasks|jobs/<id>/export: starts exports and backups by plain forms, for browsers without scripts.
import { listExporters } from '../../formats/registry'
import { CheckField, ChoiceField, PageHead, Problem } from '../../web/ui/form'
import { say, t } from '../../web/ui/i18n/message'
import { FormToken, type Page, readId, receiveForm, showPage, type Visit, wordsOf } from '../auth/service'
import { planBackup } from '../backups/service'
import { planExport } from '../datasets/service'
import { type FormTexts, textOf } from '../http/form-fields'
import { redirectTo } from '../http/html'
import { startRequest } from '../requests/service'
import { findPlace, formatOptions, type Kind, type Place } from './place'

const BackupForm = ({ request, path }: Visit): JSX.Element => (
  <form class="card grid gap-3 p-4" method="post" action={path} data-submit-once data-testid="bare-backup">
    <FormToken request={request} />
    <h2>{say('Back up')}</h2>
    <p class="text-soft">{say('Everything in one file, from which it can be restored on this or another server.')}</p>
    <div class="flex justify-end">
      <button type="submit" class="btn" name="what" value="backup" data-testid="bare-backup-submit">
        {say('Back up')}
      </button>
    </div>
  </form>
)

const render = (visit: Visit, place: Place, sent?: FormTexts, problem?: string): Page => ({
  title: t('Export'),
  section: `${place.kind}s`,
  status: problem ? 400 : 200,
  body: (
    <div class="mx-auto grid max-w-[560px] grid-cols-[minmax(0,1fr)] gap-4">
      <PageHead title={t('Export')} crumbs={[{ href: place.back, label: place.name }]} />
      <Problem text={problem} testid="bare-error" />
      <form class="card grid gap-4 p-4" method="post" action={visit.path} data-submit-once data-testid="bare-form">
        <FormToken request={visit.request} />
        <h2>{place.kind === 'project' ? say('Export dataset') : say('Export annotations')}</h2>
        <ChoiceField
          label="Format"
          name="format"
          value={textOf(sent ?? {}, 'format') || 'CVAT for images 1.1'}
          options={formatOptions(listExporters({ withOwn: true }), place)}
          testid="bare-format"
        />
        <CheckField label="With the pictures" name="save_images" isOn={sent?.save_images !== undefined} testid="bare-pictures" />
        <div class="flex flex-wrap justify-end gap-2">
          <a class="btn" href={place.back}>
            {say('Cancel')}
          </a>
          <button type="submit" class="btn btn-primary" data-testid="bare-submit">
            {say('Export')}
          </button>
        </div>
      </form>
      {place.kind === 'job' ? '' : <BackupForm {...visit} />}
    </div>
  ),
})

export const showExport = (kind: Kind) =>
  showPage(async (visit, params) => render(visit, await findPlace(visit.who, kind, readId(params), 'export')))

/** Leads to the requests, where the result will be. */
export const receiveExport = (kind: Kind) =>
  receiveForm(async (visit, fields, params) => {
    const { who, origin } = visit
    const place = await findPlace(who, kind, readId(params), 'export')
    const format = textOf(fields, 'format')
    try {
      const plan =
        kind !== 'job' && textOf(fields, 'what') === 'backup'
          ? await planBackup(who, kind, place.id, {}, true)
          : await planExport(who, kind, place.id, { format, saveImages: fields.save_images !== undefined, origin })
      await startRequest(who, plan)
      return redirectTo('/requests')
    } catch (error) {
      return render(visit, place, fields, wordsOf(error))
    }
  })
