// /projects/<id>/organization and /tasks/<id>/organization: moves them to an organization or out of it, after saying what that takes along.
import { ChoiceField, PageHead, Problem } from '../../web/ui/form'
import { t } from '../../web/ui/i18n/message'
import { plural } from '../../web/ui/parts'
import { FormToken, type Page, problemsOf, readId, receiveForm, showPage, type Visit } from '../auth/service'
import { ApiError, invalid } from '../http/errors'
import { redirectTo } from '../http/html'
import { listOrganizations } from '../organizations/service'
import { authorize, can } from '../policy/can'
import type { Who } from '../policy/who'
import { getProject, type MoveEffects, previewMove, updateProject } from '../projects/service'
import { getTask, taskFacts, updateTask } from './service'

type Thing = {
  kind: 'project' | 'task'
  id: number
  name: string
  organizationId: number | null
  preview: (organizationId: number | null) => Promise<MoveEffects>
  move: (organizationId: number | null) => Promise<unknown>
}

const maxOrganizations = 500

const findProject = async (who: Who, id: number): Promise<Thing> => {
  const project = await getProject(who, id)
  authorize(who, 'project', 'update:organization', project)
  const { name, organizationId } = project
  return {
    kind: 'project',
    id,
    name,
    organizationId,
    preview: (to) => previewMove({ projectId: id }, to),
    move: (to) => updateProject(who, id, { organization_id: to }),
  }
}

const findTask = async (who: Who, id: number): Promise<Thing> => {
  const row = await getTask(who, id)
  authorize(who, 'task', 'update:organization', taskFacts(row))
  if (row.task.projectId !== null) throw invalid({ organization_id: t('A task in a project moves together with its project.') })
  const { name, organizationId } = row.task
  return {
    kind: 'task',
    id,
    name,
    organizationId,
    preview: (to) => previewMove({ taskId: id }, to),
    move: (to) => updateTask(who, id, { organization_id: to }),
  }
}

/** In the address and the form; the personal workspace has no number. */
const personal = 'personal'
type Place = { value: string; label: string; id: number | null }

/** Where this person may take a thing of this kind; not where it is. */
const listPlaces = async (who: Who, { kind, organizationId }: Thing): Promise<Place[]> => {
  const { rows } = await listOrganizations(who, [], [], { page: 1, size: maxOrganizations, offset: 0 })
  const places = [
    { value: personal, label: t('Personal workspace'), id: null },
    ...rows.map(({ organization: { id, name, slug } }) => ({ value: String(id), label: name || slug, id })),
  ]
  return places.filter(({ id }) => id !== organizationId && can(who, kind, 'create', { organizationId: id }))
}

const describeEffects = (kind: Thing['kind'], effects: MoveEffects, place: Place): string[] => {
  const along = [
    ...(kind === 'project' ? [plural(effects.tasks, 'task')] : []),
    plural(effects.jobs, 'job'),
    ...(effects.webhooks ? [plural(effects.webhooks, 'webhook')] : []),
  ].join(', ')
  return [
    t('Goes along: {things}, all frames, labels, annotations, issues and the guide.', { things: along }),
    effects.storages
      ? t('Source and target storages stay behind: imports and exports use this server until others are chosen.')
      : '',
    effects.people.length
      ? t('No members there, so they lose their assignments: {people}.', { people: effects.people.join(', ') })
      : '',
    place.id === null
      ? t('Members of the organization lose access; owner and assignees keep theirs.')
      : t('Members of the organization get access by their roles.'),
  ].filter(Boolean)
}

const renderMove = async ({ who, request }: Visit, thing: Thing, chosen?: string, problem?: string): Promise<Page> => {
  const places = await listPlaces(who, thing)
  const place = places.find(({ value }) => value === chosen)
  const home = `/${thing.kind}s/${thing.id}`
  const effects = place ? describeEffects(thing.kind, await thing.preview(place.id), place) : []
  const title = t('Move to an organization')
  return {
    title,
    section: `${thing.kind}s`,
    status: problem ? 400 : 200,
    body: (
      <div class="mx-auto max-w-[640px]">
        <PageHead title={title} crumbs={[{ href: home, label: thing.name }]} />
        <div class="card grid gap-4 p-4">
          <form class="flex items-end gap-2" action={`${home}/organization`} data-submit-on-change>
            <ChoiceField
              class="min-w-0 flex-1"
              label="To"
              name="to"
              value={place?.value ?? ''}
              options={[['', t('Choose…')], ...places.map(({ value, label }) => [value, label] as const)]}
              testid="organization-choice"
              required
            />
            <button type="submit" class="btn">
              {t('Choose') as 'safe'}
            </button>
          </form>
          {place ? (
            <form class="grid gap-4" method="post" action={`${home}/organization`} data-submit-once>
              <FormToken request={request} />
              <input type="hidden" name="to" value={place.value} />
              <Problem text={problem} testid="organization-error" />
              <ul class="grid list-disc gap-1.5 ps-5 text-soft" data-testid="organization-effects">
                {effects.map((text) => (
                  <li class="break-words" dir="auto" safe>
                    {text}
                  </li>
                ))}
              </ul>
              <div class="flex justify-end gap-2">
                <a class="btn" href={home}>
                  {t('Cancel') as 'safe'}
                </a>
                <button type="submit" class="btn btn-primary" data-testid="organization-submit">
                  {t('Move') as 'safe'}
                </button>
              </div>
            </form>
          ) : (
            <p class="hint">
              {
                (places.length
                  ? t('Choose where it goes; what goes along is said before anything happens.')
                  : t('There is no organization where you may put it.')) as 'safe'
              }
            </p>
          )}
        </div>
      </div>
    ),
  }
}

const createPages = (find: (who: Who, id: number) => Promise<Thing>) => ({
  show: showPage(async (visit, params) => renderMove(visit, await find(visit.who, readId(params)), visit.query.to)),
  receive: receiveForm(async (visit, fields, params) => {
    const thing = await find(visit.who, readId(params))
    const place = (await listPlaces(visit.who, thing)).find(({ value }) => value === fields.to?.[0])
    if (!place) throw invalid({ organization_id: t('Choose where it goes.') })
    try {
      await thing.move(place.id)
      return redirectTo(`/${thing.kind}s/${thing.id}`)
    } catch (error) {
      if (error instanceof ApiError && error.status >= 403) throw error
      return renderMove(visit, thing, place.value, Object.values(problemsOf(error)).join(' '))
    }
  }),
})

export const projectMove = createPages(findProject)
export const taskMove = createPages(findTask)
