// Settings of quality control: every threshold with its explanation, those of the project or one's own, and the requirements.

import { and, asc, eq } from 'drizzle-orm'
import { AreaField, ChoiceField, Field, Notice, Problem, TextField } from '../../web/ui/form'
import { t } from '../../web/ui/i18n/message'
import { type Read, readPercent, writePercent } from '../../web/ui/percent'
import { type Fields, FormToken, type Page, problemsOf, type Visit } from '../auth/service'
import { db } from '../db/open'
import { redirectTo } from '../http/html'
import { tasks } from '../tasks/schema'
import { listBases, listSettings as listFields, listMetrics, readCount, type Setting } from './page-fields'
import { type Place, QualityFrame } from './page-place'
import { Requirements } from './page-requirements'
import { qualitySettings } from './schema'
import { ensureSettings, type FlatSettings, listRequirements, showSettings, updateSettings } from './settings'

type Values = Record<string, string>
type Problems = Record<string, string>

const toText = ({ kind, name }: Setting, shown: Record<string, unknown>): string => {
  const value = shown[name]
  if (kind === 'check') return value ? 'on' : ''
  return kind === 'percent' ? writePercent(Number(value)) : String(value ?? '')
}

const allFields = () => listFields().flatMap(({ settings }) => settings)

/** Each setting as its field shows it. */
const readShown = async (
  place: { taskId: number } | { projectId: number },
): Promise<{ values: Values; inherit: boolean; id: number; updated: string }> => {
  const settings = await ensureSettings(place)
  const [shown] = await showSettings([settings])
  const values = Object.fromEntries(allFields().map((field) => [field.name, toText(field, shown as Record<string, unknown>)]))
  return { values, inherit: settings.inherit, id: settings.id, updated: shown!.updated_date }
}

type FieldProps = { field: Setting; value: string; problem?: string; disabled: boolean }

const SettingField = ({ field, value, problem, disabled }: FieldProps): JSX.Element => {
  const { name, kind, label, hint } = field
  const testid = `quality-${name.replaceAll('_', '-')}`
  const common = { label, hint, problem, name, value, testid, disabled }
  if (kind === 'metric') return <ChoiceField {...common} options={listMetrics()} />
  if (kind === 'base') return <ChoiceField {...common} options={listBases()} />
  if (kind === 'filter') return <AreaField {...common} rows={2} class="col-span-full" />
  if (kind === 'check')
    return (
      <Field label={label} hint={hint} problem={problem}>
        <select class="select" name={name} disabled={disabled} data-testid={testid} autocomplete="off">
          <option value="on" selected={value === 'on'} safe>
            {t('Yes')}
          </option>
          <option value="" selected={value !== 'on'} safe>
            {t('No')}
          </option>
        </select>
      </Field>
    )
  return <TextField {...common} type="text" />
}

type FormProps = { place: Place; request: Request; values: Values; problems: Problems; inherit: boolean }

const Form = ({ place, request, values, problems, inherit }: FormProps) => {
  const isTaken = place.task !== null && place.projectId !== null && inherit
  const disabled = !place.mayUpdate || isTaken
  const known = new Set(allFields().map(({ name }) => name))
  const others = Object.entries(problems).flatMap(([name, text]) => (known.has(name) ? [] : [text]))
  return (
    <form class="card grid gap-5 p-4" method="post" action={`${place.path}/settings`} data-submit-once novalidate>
      <FormToken request={request} />
      <Problem text={others.join('\n')} testid="quality-error" />
      {listFields().map(({ title, settings }) => (
        <fieldset class="grid gap-3">
          <legend class="mb-2 text-[15px] font-semibold" safe>
            {title}
          </legend>
          <div class="grid grid-cols-2 gap-x-6 gap-y-3 max-md:grid-cols-1">
            {settings.map((field) => (
              <SettingField field={field} value={values[field.name] ?? ''} problem={problems[field.name]} disabled={disabled} />
            ))}
          </div>
        </fieldset>
      ))}
      {disabled ? (
        ''
      ) : (
        <div class="flex justify-end">
          <button type="submit" class="btn btn-primary" data-testid="quality-submit" safe>
            {t('Save')}
          </button>
        </div>
      )}
    </form>
  )
}

/** A task of a project takes the settings of the project, or has its own. */
const Inherit = ({ place, request, inherit }: { place: Place; request: Request; inherit: boolean }) =>
  place.task && place.projectId !== null ? (
    <form class="card flex flex-wrap items-center gap-3 p-4" method="post" action={`${place.path}/settings`} data-submit-once>
      <FormToken request={request} />
      <p class="min-w-0 flex-1" data-testid="quality-inherit" data-value={String(inherit)}>
        <span safe>
          {inherit
            ? t('The settings of the project count for this task.')
            : t('This task has settings of its own; reports of the project leave it out.')}
        </span>{' '}
        <a class="link" href={`/projects/${place.projectId}/quality?tab=settings`} safe>
          {t('Settings of the project')}
        </a>
      </p>
      {place.mayUpdate ? (
        <button
          type="submit"
          class="btn"
          name="inherit"
          value={inherit ? 'false' : 'true'}
          data-testid="quality-inherit-flip"
          safe
        >
          {inherit ? t('Use own settings') : t('Use those of the project')}
        </button>
      ) : (
        ''
      )}
    </form>
  ) : (
    ''
  )

/** Tasks of a project that do not follow it, with the way to make them. */
const OwnSettings = ({ own, place, request }: { own: { id: number; name: string }[]; place: Place; request: Request }) =>
  own.length ? (
    <section class="card" data-testid="quality-own">
      <h2 class="border-b border-line px-4 py-3" safe>
        {t('Tasks with settings of their own')}
      </h2>
      <form method="post" action={`${place.path}/inherit`} data-submit-once>
        <FormToken request={request} />
        <ul>
          {own.map(({ id, name }) => (
            <li class="flex items-center gap-2 border-b border-line px-4 py-2 last:border-0">
              <a
                class="min-w-0 flex-1 truncate hover:text-accent"
                href={`/tasks/${id}/quality?tab=settings`}
                dir="auto"
                safe
              >{`#${id} ${name}`}</a>
              {place.mayUpdate ? (
                <button
                  type="submit"
                  class="btn btn-small"
                  name="task"
                  value={String(id)}
                  data-testid={`quality-force-${id}`}
                  safe
                >
                  {t('Use those of the project')}
                </button>
              ) : (
                ''
              )}
            </li>
          ))}
        </ul>
        {place.mayUpdate && own.length > 1 ? (
          <div class="border-t border-line px-4 py-2">
            <button type="submit" class="btn btn-small" name="task" value="all" data-testid="quality-force-all" safe>
              {t('All tasks use those of the project')}
            </button>
          </div>
        ) : (
          ''
        )}
      </form>
    </section>
  ) : (
    ''
  )

/** Tasks of a project with settings of their own. */
const listOwn = (projectId: number) =>
  db
    .select({ id: tasks.id, name: tasks.name, settingsId: qualitySettings.id })
    .from(qualitySettings)
    .innerJoin(tasks, eq(tasks.id, qualitySettings.taskId as any))
    .where(and(eq(tasks.projectId, projectId), eq(qualitySettings.inherit, false)))
    .orderBy(asc(tasks.id))

const renderSettings = async (
  visit: Visit,
  place: Place,
  sent?: { values: Values; problems: Problems },
): Promise<JSX.Element> => {
  const own = await readShown(place.parent)
  const isTaken = place.task !== null && place.projectId !== null && own.inherit
  const source = isTaken ? await readShown({ projectId: place.projectId! }) : own
  const rows = await listRequirements([source.id])
  const others = place.kind === 'project' ? await listOwn(place.id) : []
  return (
    <QualityFrame place={place} tab="settings">
      <div class="mx-auto grid max-w-[900px] grid-cols-[minmax(0,1fr)] gap-4">
        <Notice
          text={visit.query.saved ? t('The settings are saved. The next report is made with them.') : undefined}
          testid="quality-saved"
        />
        <Inherit place={place} request={visit.request} inherit={own.inherit} />
        <OwnSettings own={others} place={place} request={visit.request} />
        <Form
          place={place}
          request={visit.request}
          values={sent?.values ?? source.values}
          problems={sent?.problems ?? {}}
          inherit={own.inherit}
        />
        <Requirements rows={rows} place={place} mayChange={place.mayUpdate && !isTaken} />
      </div>
    </QualityFrame>
  )
}

export const showSettingsTab = (visit: Visit, place: Place): Promise<JSX.Element> => renderSettings(visit, place)

/** Reads every field that was sent; what is wrong is named by its field. */
const readForm = (fields: Fields): { input: FlatSettings; values: Values; problems: Problems } => {
  const [input, values, problems]: [Record<string, unknown>, Values, Problems] = [{}, {}, {}]
  for (const { name, kind } of allFields()) {
    const text = fields[name]?.[0]
    if (text === undefined) continue
    values[name] = text
    const read: Read<unknown> =
      kind === 'percent'
        ? readPercent(text)
        : kind === 'count'
          ? readCount(text)
          : { value: kind === 'check' ? text === 'on' : text }
    if (read.problem !== undefined) problems[name] = read.problem
    else input[name] = read.value
  }
  return { input: input as FlatSettings, values, problems }
}

export const receiveSettings = async (visit: Visit, place: Place, fields: Fields): Promise<Page | Response> => {
  const settings = await ensureSettings(place.parent)
  if (fields.inherit) {
    await updateSettings(visit.who, settings.id, { inherit: fields.inherit[0] === 'true' })
    return redirectTo(`${place.path}?tab=settings&saved=1`)
  }
  const { input, values, problems } = readForm(fields)
  try {
    if (!Object.keys(problems).length) {
      await updateSettings(visit.who, settings.id, input)
      return redirectTo(`${place.path}?tab=settings&saved=1`)
    }
  } catch (error) {
    Object.assign(problems, problemsOf(error))
  }
  return {
    title: `${t('Quality control')} · ${place.name}`,
    section: place.kind === 'task' ? 'tasks' : 'projects',
    status: 400,
    body: await renderSettings(visit, place, { values, problems }),
  }
}

/** Makes one task of a project, or all, follow the settings of the project. */
export const takeInherited = async (visit: Visit, place: Place, fields: Fields): Promise<Response> => {
  const wanted = fields.task?.[0]
  for (const { id, settingsId } of await listOwn(place.id))
    if (wanted === 'all' || wanted === String(id)) await updateSettings(visit.who, settingsId, { inherit: true })
  return redirectTo(`${place.path}?tab=settings&saved=1`)
}
