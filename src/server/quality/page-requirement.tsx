// The form of one requirement: which annotations it is about, what is to be reached, and its own thresholds.
import { AreaField, CheckField, ChoiceField, Notice, PageHead, Problem, TextField } from '../../web/ui/form'
import { t } from '../../web/ui/i18n/message'
import { type Read, readPercent, writePercent } from '../../web/ui/percent'
import { type Fields, FormToken, type Page, problemsOf, readId, type Visit } from '../auth/service'
import { notFound } from '../http/errors'
import { redirectTo } from '../http/html'
import { AttributeFields, listAttributeFields, listSpecs, readComparison, type Spec, writeComparison } from './page-attributes'
import { listBases, listMetrics, listSettings, type Setting } from './page-fields'
import { labelOf, type Place } from './page-place'
import { describeKind, markTypes } from './page-words'
import { createRequirement, type RequirementInput, removeRequirement, updateRequirement } from './requirements'
import { ensureSettings, findEffective, listRequirements, type Requirement } from './settings'
import { inheritable, resolveRequirement } from './show-requirements'

type Values = Record<string, string>
type Problems = Record<string, string>
/** Fields that a requirement may leave to its parent. */
const ownFields = (): Setting[] =>
  listSettings()
    .flatMap(({ settings }) => settings)
    .filter(({ ofRequirement }) => ofRequirement)

const columnOf = (field: Setting) => inheritable[field.ofRequirement as keyof typeof inheritable]

const toText = (field: Setting, row: Requirement): string => {
  const value = row[columnOf(field)]
  if (value === null || value === undefined) return ''
  if (field.kind === 'check') return value ? 'yes' : 'no'
  return field.kind === 'percent' ? writePercent(Number(value)) : String(value)
}

const valuesOf = (row: Requirement | null): Values =>
  row
    ? {
        name: row.name,
        enabled: row.enabled ? 'on' : '',
        annotation_type: row.annotationType ?? '',
        filter: row.filter,
        parent_requirement: row.parentId === null ? '' : String(row.parentId),
        sort_order: String(row.sortOrder),
        ...writeComparison(row.attributeComparison),
        ...Object.fromEntries(ownFields().map((field) => [field.ofRequirement!, toText(field, row)])),
      }
    : { enabled: 'on', sort_order: '0' }

/** What the field would be without a value of its own. */
const describeInherited = (field: Setting, row: Requirement | undefined): string => {
  if (!row) return ''
  const text = toText(field, row)
  const words = field.kind === 'metric' ? listMetrics() : field.kind === 'base' ? listBases() : []
  const plain = words.find(([value]) => value === text)?.[1] ?? (text === 'yes' ? t('Yes') : text === 'no' ? t('No') : text)
  return t('as its parent: {value}', { value: plain })
}

type OwnFieldProps = { field: Setting; value: string; problem?: string; inherited: string; isBase: boolean }

const OwnField = ({ field, value, problem, inherited, isBase }: OwnFieldProps): JSX.Element => {
  const name = field.ofRequirement!
  const common = {
    label: field.label,
    hint: field.hint,
    problem,
    name,
    value,
    testid: `requirement-${name.replaceAll('_', '-')}`,
  }
  const open: [string, string][] = isBase ? [] : [['', inherited]]
  if (field.kind === 'metric') return <ChoiceField {...common} options={[...open, ...listMetrics()]} />
  if (field.kind === 'base') return <ChoiceField {...common} options={[...open, ...listBases()]} />
  if (field.kind === 'check') return <ChoiceField {...common} options={[...open, ['yes', t('Yes')], ['no', t('No')]]} />
  return <TextField {...common} placeholder={isBase ? undefined : inherited} />
}

type FormProps = {
  visit: Visit
  place: Place
  row: Requirement | null
  all: Requirement[]
  specs: Spec[]
  values: Values
  problems: Problems
  mayChange: boolean
}

const Form = ({ visit, place, row, all, specs, values, problems, mayChange }: FormProps) => {
  const isBase = row?.isBase ?? false
  const base = all.find((one) => one.isBase)
  const parent = all.find(({ id }) => String(id) === values.parent_requirement) ?? base
  const from = parent && resolveRequirement(parent, all)
  const known = new Set([
    'name',
    'filter',
    'parent_requirement',
    ...ownFields().map(({ ofRequirement }) => ofRequirement!),
    ...listAttributeFields(specs),
  ])
  const others = Object.entries(problems).flatMap(([name, text]) => (known.has(name) ? [] : [text]))
  return (
    <form
      class="card grid gap-5 p-4"
      method="post"
      action={`${place.path}/requirements/${row?.id ?? 'new'}`}
      data-submit-once
      novalidate
    >
      <FormToken request={visit.request} />
      <Problem text={others.join('\n')} testid="requirement-error" />
      <fieldset class="grid gap-5" disabled={!mayChange}>
        <div class="grid grid-cols-2 gap-x-6 gap-y-3 max-md:grid-cols-1">
          <TextField
            label="Name"
            name="name"
            value={values.name ?? ''}
            problem={problems.name}
            testid="requirement-name"
            maxlength={250}
            required
            autofocus={!row}
          />
          <div class="self-end pb-1">
            <CheckField label={t('Counts')} name="enabled" isOn={values.enabled === 'on'} testid="requirement-enabled" />
          </div>
          {isBase ? (
            ''
          ) : (
            <>
              <ChoiceField
                label={t('Kind of annotations')}
                name="annotation_type"
                value={values.annotation_type}
                options={[['', t('All kinds')], ...markTypes.map((kind): [string, string] => [kind, describeKind(kind)])]}
                testid="requirement-type"
              />
              <ChoiceField
                label={t('Parent')}
                name="parent_requirement"
                value={values.parent_requirement}
                options={[
                  ['', base?.name ?? t('Base')],
                  ...all
                    .filter((one) => !one.isBase && one.id !== row?.id)
                    .map((one): [string, string] => [String(one.id), one.name]),
                ]}
                hint={t('Its values count for what is left open here.')}
                problem={problems.parent_requirement}
                testid="requirement-parent"
              />
              <AreaField
                class="col-span-full"
                label={t('Filter')}
                name="filter"
                value={values.filter}
                rows={2}
                placeholder={'{"==": [{"var": "label"}, "person"]}'}
                hint={t(
                  'A rule in JSON Logic over label, type, shape_type, occluded, group and attributes such as attr.colour; empty takes all.',
                )}
                problem={problems.filter}
                testid="requirement-filter"
              />
            </>
          )}
        </div>
        <div class="grid grid-cols-2 gap-x-6 gap-y-3 max-md:grid-cols-1">
          {ownFields().map((field) => (
            <OwnField
              field={field}
              value={values[field.ofRequirement!] ?? ''}
              problem={problems[field.ofRequirement!]}
              inherited={describeInherited(field, from)}
              isBase={isBase}
            />
          ))}
        </div>
        <AttributeFields specs={specs} values={values} problems={problems} isBase={isBase} />
      </fieldset>
      {mayChange ? (
        <div class="flex justify-end gap-2">
          <a class="btn" href={`${place.path}?tab=settings`} safe>
            {t('Cancel')}
          </a>
          <button type="submit" class="btn btn-primary" data-testid="requirement-submit" safe>
            {row ? t('Save') : t('Create')}
          </button>
        </div>
      ) : (
        ''
      )}
    </form>
  )
}

/** Whose requirements count here: one's own, or those of the project, which are not changed from a task. */
const loadRows = async (place: Place) => {
  if (!place.task) {
    const settings = await ensureSettings(place.parent)
    return { settings, all: await listRequirements([settings.id]), isTaken: false }
  }
  const { settings, requirements, inherited } = await findEffective(place.task.task)
  return { settings, all: requirements, isTaken: inherited }
}

const render = async (
  visit: Visit,
  place: Place,
  row: Requirement | null,
  sent?: { values: Values; problems: Problems },
): Promise<Page> => {
  const { all, isTaken } = await loadRows(place)
  const title = row ? row.name : t('New requirement')
  const mayChange = place.mayUpdate && !isTaken
  return {
    title,
    section: place.kind === 'task' ? 'tasks' : 'projects',
    status: sent ? 400 : 200,
    body: (
      <div class="mx-auto grid max-w-[900px] grid-cols-[minmax(0,1fr)] gap-4" data-testid="requirement">
        <PageHead
          title={title}
          crumbs={[
            ...place.crumbs,
            { href: place.path, label: t('Quality control') },
            { href: `${place.path}?tab=settings`, label: labelOf('settings') },
          ]}
        >
          {row && !row.isBase && mayChange ? (
            <form method="post" action={`${place.path}/requirements/${row.id}/remove`} data-submit-once>
              <FormToken request={visit.request} />
              <button type="submit" class="btn btn-danger" data-testid="requirement-remove" safe>
                {t('Delete')}
              </button>
            </form>
          ) : (
            ''
          )}
        </PageHead>
        <Notice text={visit.query.saved ? t('The requirement is saved.') : undefined} testid="requirement-saved" />
        <Form
          visit={visit}
          place={place}
          row={row}
          all={all}
          specs={await listSpecs(place)}
          values={sent?.values ?? valuesOf(row)}
          problems={sent?.problems ?? {}}
          mayChange={mayChange}
        />
      </div>
    ),
  }
}

/** `new` is none yet. Throws 404 for a requirement of other settings. */
const findRow = async (place: Place, params: Record<string, string>): Promise<Requirement | null> => {
  if (params.requirement === 'new') return null
  const id = readId(params, 'requirement')
  const row = (await loadRows(place)).all.find((one) => one.id === id)
  if (!row) throw notFound()
  return row
}

export const showRequirementPage = async (visit: Visit, place: Place, params: Record<string, string>): Promise<Page> =>
  render(visit, place, await findRow(place, params))

const readForm = (fields: Fields, row: Requirement | null, specs: readonly Spec[]) => {
  const problems: Problems = {}
  const values: Values = Object.fromEntries(Object.entries(fields).map(([name, [text]]) => [name, text ?? '']))
  values.enabled = fields.enabled ? 'on' : ''
  const name = values.name?.trim() ?? ''
  if (!name) problems.name = t('A name is needed.')
  const input: Record<string, unknown> = {
    name,
    enabled: fields.enabled !== undefined,
    attribute_comparison:
      readComparison(fields, specs, problems) ?? (row?.isBase ? { default: { enabled: true }, rules: [] } : null),
  }
  if (!row?.isBase) {
    input.annotation_type = values.annotation_type ?? ''
    input.filter = values.filter ?? ''
    input.parent_requirement = values.parent_requirement ? Number(values.parent_requirement) : null
  }
  for (const field of ownFields()) {
    const key = field.ofRequirement!
    const text = values[key] ?? ''
    if (!text.trim() && !row?.isBase) {
      input[key] = null
      continue
    }
    const read: Read<unknown> =
      field.kind === 'percent' ? readPercent(text) : { value: field.kind === 'check' ? text === 'yes' : text }
    if (read.problem !== undefined) problems[key] = read.problem
    else input[key] = read.value
  }
  return { input: input as RequirementInput, values, problems }
}

export const receiveRequirement = async (
  visit: Visit,
  place: Place,
  fields: Fields,
  params: Record<string, string>,
): Promise<Page | Response> => {
  const row = await findRow(place, params)
  const specs = await listSpecs(place)
  const { input, values, problems } = readForm(fields, row, specs)
  try {
    if (!Object.keys(problems).length) {
      const { settings } = await loadRows(place)
      if (row) await updateRequirement(visit.who, row.id, input)
      else await createRequirement(visit.who, { ...input, settings_id: settings.id })
      return redirectTo(`${place.path}?tab=settings&saved=1`)
    }
  } catch (error) {
    Object.assign(problems, problemsOf(error))
  }
  return render(visit, place, row, { values, problems })
}

export const removeOne = async (
  visit: Visit,
  place: Place,
  _fields: Fields,
  params: Record<string, string>,
): Promise<Response> => {
  const row = await findRow(place, params)
  if (!row) throw notFound()
  await removeRequirement(visit.who, row.id)
  return redirectTo(`${place.path}?tab=settings&saved=1`)
}
