// How far the people who annotated the replicas of a job agree: all together, per label, per attribute, and each pair.
import { t } from '../../web/ui/i18n/message'
import { Empty } from '../../web/ui/list'
import { addressOf } from '../../web/ui/list-address'
import { formatCount } from '../../web/ui/parts'
import type { Visit } from '../auth/service'
import { labelsOf } from '../labels/service'
import { labelParent } from '../tasks/service'
import { loadPeople } from '../users/service'
import type { Agreement } from './agreement/measure'
import { listMergeRows } from './page-data'
import type { ConsensusPlace } from './page-place'
import { readAgreement } from './service'

/** `0.83`; a dash where chance leaves nothing to say. */
const formatKappa = (value: number | null) => (value === null ? '–' : value.toFixed(2))

/** Words for a coefficient: J. R. Landis, G. G. Koch, "The measurement of observer agreement", Biometrics 33 (1977) 159–174. */
const describeKappa = (value: number): string => {
  if (value < 0) return t('less than by chance')
  if (value <= 0.2) return t('slight')
  if (value <= 0.4) return t('fair')
  if (value <= 0.6) return t('moderate')
  return value <= 0.8 ? t('substantial') : t('almost perfect')
}

const toneOf = (value: number | null) =>
  value === null ? undefined : value > 0.8 ? 'success' : value > 0.4 ? 'warning' : 'danger'

const Coefficient = ({ value }: { value: number | null }): JSX.Element =>
  value === null ? (
    <span class="text-muted" title={t('Chance leaves nothing to say')}>
      –
    </span>
  ) : (
    <span class="badge num" data-tone={toneOf(value)} title={describeKappa(value)} data-value={String(value)} safe>
      {formatKappa(value)}
    </span>
  )

const findLowest = ({ cohen }: Agreement): number | null => {
  const values = cohen.flatMap(({ kappa }) => (kappa === null ? [] : [kappa]))
  return values.length ? Math.min(...values) : null
}

type Subject = { key: string; name: string; agreement: Agreement }
type SubjectTableProps = { title: string; head: string; subjects: Subject[]; chosen: Subject; visit: Visit; testid: string }

const SubjectTable = ({ title, head, subjects, chosen, visit, testid }: SubjectTableProps) => (
  <section class="card min-w-0" data-testid={testid}>
    <h2 class="border-b border-line px-4 py-3" safe>
      {title}
    </h2>
    <table class="grid-table slim">
      <thead>
        <tr>
          <th scope="col" safe>
            {head}
          </th>
          <th scope="col" class="text-end! max-sm:hidden" safe>
            {t('Objects')}
          </th>
          <th scope="col" safe>
            {t('Krippendorff’s alpha')}
          </th>
          <th scope="col" safe>
            {t('Fleiss’ kappa')}
          </th>
          <th scope="col" class="max-sm:hidden" safe>
            {t('Lowest pair')}
          </th>
        </tr>
      </thead>
      <tbody>
        {subjects.map(({ key, name, agreement }) => (
          <tr data-testid={`agreement-${key}`} aria-current={key === chosen.key ? 'true' : undefined}>
            <td class="max-w-0">
              <a
                class={['block truncate hover:text-accent', key === chosen.key && 'font-semibold']}
                href={`${addressOf({ path: visit.path, query: visit.query }, { subject: key })}#pairs`}
                dir="auto"
                safe
              >
                {name}
              </a>
            </td>
            <td class="num w-24 text-end max-sm:hidden" safe>
              {formatCount(agreement.units)}
            </td>
            <td class="w-36">
              <Coefficient value={agreement.krippendorff} />
            </td>
            <td class="w-32">
              <Coefficient value={agreement.fleiss} />
            </td>
            <td class="w-28 max-sm:hidden">
              <Coefficient value={findLowest(agreement)} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
)

type Person = { id: number; name: string }

/** Cohen's kappa of each pair, as a table with people on both sides. */
const PairTable = ({ people, subject }: { people: Person[]; subject: Subject }) => {
  const find = (a: number, b: number) =>
    subject.agreement.cohen.find(({ first, second }) => (first === a && second === b) || (first === b && second === a))
  return (
    <section class="card min-w-0" id="pairs" data-testid="agreement-pairs">
      <h2 class="border-b border-line px-4 py-3" safe>
        {t('Cohen’s kappa of each pair: {subject}', { subject: subject.name })}
      </h2>
      <div class="overflow-x-auto p-2" tabindex="0" role="region" aria-label={t('Pairs')}>
        <table class="border-collapse text-[13px]">
          <thead>
            <tr>
              <td></td>
              {people.map(({ name }) => (
                <th scope="col" class="px-3 py-1.5 text-start font-medium" dir="auto" safe>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {people.map(({ name }, row) => (
              <tr>
                <th scope="row" class="px-3 py-1.5 text-start font-medium" dir="auto" safe>
                  {name}
                </th>
                {people.map((_, column) => {
                  const pair = row === column ? undefined : find(row, column)
                  return (
                    <td class="border border-line px-3 py-1.5">
                      {pair ? (
                        <span class="flex items-center gap-2">
                          <Coefficient value={pair.kappa} />
                          <span class="num text-muted" safe>
                            {t('of {count}', { count: formatCount(pair.units) })}
                          </span>
                        </span>
                      ) : (
                        <span class="text-muted" aria-hidden="true">
                          ·
                        </span>
                      )}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

export const showAgreement = async (visit: Visit, place: ConsensusPlace): Promise<JSX.Element> => {
  const rows = (await listMergeRows(place.id)).filter(({ started }) => started > 1)
  const chosenRow = rows.find(({ job }) => String(job.id) === visit.query.job) ?? rows[0]
  if (!chosenRow)
    return (
      <section class="card">
        <Empty
          icon="users"
          title={t('Nothing to compare yet')}
          text={t('Agreement is measured between replicas of a job. At least two of them must have been worked on.')}
        />
      </section>
    )
  const report = await readAgreement(visit.who, chosenRow.job.id)
  const labels = new Map((await labelsOf(labelParent(place.row.task))).map(({ id, name }) => [id, name]))
  const names = await loadPeople(report.jobs.map(({ assignee_id }) => assignee_id))
  const people = report.jobs.map(({ id, assignee_id }): Person => {
    const name = names.get(assignee_id ?? -1)?.username
    return { id, name: name ? `${name} (#${id})` : `#${id}` }
  })
  const overall: Subject = { key: 'overall', name: t('Which label objects have'), agreement: report.overall }
  const ofLabels = report.labels.map(
    ({ label_id, agreement }): Subject => ({ key: `label-${label_id}`, name: labels.get(label_id) ?? `#${label_id}`, agreement }),
  )
  const ofAttributes = report.attributes.map(
    ({ label_id, name, agreement }): Subject => ({
      key: `attribute-${label_id}-${name}`,
      name: `${labels.get(label_id) ?? `#${label_id}`} · ${name}`,
      agreement,
    }),
  )
  const all = [overall, ...ofLabels, ...ofAttributes]
  const chosen = all.find(({ key }) => key === visit.query.subject) ?? overall
  const table = { chosen, visit }
  return (
    <div class="grid grid-cols-[minmax(0,1fr)] gap-4">
      <form class="flex flex-wrap items-center gap-2" method="get" action={place.path} data-submit-on-change>
        <input type="hidden" name="tab" value="agreement" />
        <select class="select compact w-auto" name="job" aria-label={t('Job')} data-testid="agreement-job" autocomplete="off">
          {rows.map(({ job, started }) => (
            <option value={String(job.id)} selected={job.id === chosenRow.job.id} safe>
              {t('Job #{id}: {count} replicas', { id: job.id, count: started })}
            </option>
          ))}
        </select>
        <noscript>
          <button type="submit" class="btn btn-small" safe>
            {t('Show')}
          </button>
        </noscript>
        <p class="hint" safe>
          {t(
            '1 means agreement in everything, 0 as much as chance would bring. Objects are matched by their overlap; “nothing” is an answer too.',
          )}
        </p>
      </form>
      <SubjectTable
        {...table}
        title={t('All together')}
        head={t('Question')}
        subjects={[overall]}
        testid="agreement-overall-table"
      />
      <PairTable people={people} subject={chosen} />
      <SubjectTable {...table} title={t('Labels')} head={t('Label')} subjects={ofLabels} testid="agreement-labels" />
      {ofAttributes.length ? (
        <SubjectTable
          {...table}
          title={t('Attributes')}
          head={t('Attribute')}
          subjects={ofAttributes}
          testid="agreement-attributes"
        />
      ) : (
        ''
      )}
    </div>
  )
}
