// /tasks/<id>/move: takes a task into a project; says for each label which one of the project it becomes.

import { CheckField, ChoiceField, PageHead, Problem } from '../../web/ui/form'
import { say, t } from '../../web/ui/i18n/message'
import { Empty } from '../../web/ui/list'
import { type Fields, FormToken, type Page, problemsOf, readId, receiveForm, showPage, type Visit } from '../auth/service'
import { ApiError, forbidden, invalid } from '../http/errors'
import { redirectTo } from '../http/html'
import { type LabelTree, labelsOf } from '../labels/service'
import { can } from '../policy/can'
import { getProject, listProjects } from '../projects/service'
import { getTask, labelParent, type TaskRow, taskFacts, updateTask } from './service'

const maxProjects = 500

type Told = { projectId?: number; chosen?: Record<string, number>; problem?: string }

const readProjectId = (text: string | undefined) => (text && /^\d{1,9}$/.test(text) ? Number(text) : undefined)

/** The labels of the project that this one may become: skeletons stay skeletons. */
const choicesFor = (label: LabelTree, others: LabelTree[]) =>
  others.filter((other) => (other.type === 'skeleton') === (label.type === 'skeleton'))

const Mapping = ({ labels, others, chosen }: { labels: LabelTree[]; others: LabelTree[]; chosen: Record<string, number> }) => (
  <fieldset class="grid gap-2">
    <legend class="label mb-2">{say('Labels')}</legend>
    {labels.map((label) => {
      const choices = choicesFor(label, others)
      const twin = chosen[label.id] ?? choices.find(({ name }) => name === label.name)?.id
      return (
        <div class="grid grid-cols-[minmax(0,1fr)_24px_minmax(0,1fr)] items-center gap-2">
          <span class="truncate" dir="auto" safe>
            {label.name}
          </span>
          <span class="text-center text-muted" aria-hidden="true">
            →
          </span>
          <select
            class="select compact"
            name={`map-${label.id}`}
            required
            autocomplete="off"
            aria-label={t('Label of the project for {name}', { name: label.name })}
            data-testid={`map-${label.id}`}
          >
            <option value="">{say('Choose…')}</option>
            {choices.map((other) => (
              <option value={String(other.id)} selected={other.id === twin} safe>
                {other.name}
              </option>
            ))}
          </select>
        </div>
      )
    })}
  </fieldset>
)

const movePage = async ({ who, request }: Visit, row: TaskRow, { projectId, chosen = {}, problem }: Told): Promise<Page> => {
  const { task } = row
  const { rows } = await listProjects(who, { kind: 'any' }, [], [], { page: 1, size: maxProjects, offset: 0 })
  const open = rows.filter((project) =>
    can(who, 'task', 'create', { organizationId: project.organizationId, parents: [project] }),
  )
  const project = projectId ? await getProject(who, projectId) : undefined
  const labels = await labelsOf(labelParent(task))
  const others = project ? await labelsOf({ projectId: project.id }) : []
  return {
    title: t('Move to a project'),
    section: 'tasks',
    status: problem ? 400 : 200,
    body: (
      <div class="mx-auto max-w-[640px]">
        <PageHead title={t('Move to a project')} crumbs={[{ href: `/tasks/${task.id}`, label: task.name }]} />
        {open.length ? (
          <div class="card grid gap-4 p-4">
            <form class="flex items-end gap-2" action={`/tasks/${task.id}/move`} data-submit-on-change>
              <ChoiceField
                class="flex-1"
                label="Project"
                name="project_id"
                value={project ? String(project.id) : ''}
                options={[['', t('Choose…')], ...open.map(({ id, name }) => [String(id), name] as const)]}
                testid="move-project"
                required
              />
              <button type="submit" class="btn">
                {say('Choose')}
              </button>
            </form>
            {project ? (
              <form class="grid gap-4" method="post" action={`/tasks/${task.id}/move`} data-submit-once>
                <FormToken request={request} />
                <input type="hidden" name="project_id" value={String(project.id)} />
                <Problem text={problem} testid="move-error" />
                {labels.length ? <Mapping labels={labels} others={others} chosen={chosen} /> : ''}
                <CheckField label="Clear attributes of annotations" name="clear" isOn={false} testid="move-clear" />
                <p class="hint">
                  {say(
                    'The task takes the labels of the project and cannot be taken out again. Attributes are kept where the labels have one of the same name.',
                  )}
                </p>
                <div class="flex justify-end gap-2">
                  <a class="btn" href={`/tasks/${task.id}`}>
                    {say('Cancel')}
                  </a>
                  <button type="submit" class="btn btn-primary" data-testid="move-submit">
                    {say('Move')}
                  </button>
                </div>
              </form>
            ) : (
              <p class="hint">{say('Choose where the task goes; its labels come next.')}</p>
            )}
          </div>
        ) : (
          <div class="card">
            <Empty icon="folder" title="No project to move to" text="Make a project with labels first.">
              <a class="btn btn-primary" href="/projects/create">
                {say('New project')}
              </a>
            </Empty>
          </div>
        )}
      </div>
    ),
  }
}

/** The task, while it is in no project and the person may move it. */
const findMovable = async ({ who }: Visit, params: Record<string, string>) => {
  const row = await getTask(who, readId(params))
  if (!can(who, 'task', 'update:project', taskFacts(row))) throw forbidden()
  if (row.task.projectId !== null) throw invalid({ project_id: t('This task is in a project already.') })
  return row
}

export const showMove = showPage(async (visit, params) =>
  movePage(visit, await findMovable(visit, params), { projectId: readProjectId(visit.query.project_id) }),
)

const readChosen = (fields: Fields): Record<string, number> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, [value]]) =>
      /^map-\d+$/.test(name) && /^\d+$/.test(value ?? '') ? [[name.slice(4), Number(value)]] : [],
    ),
  )

export const receiveMove = receiveForm(async (visit, fields, params) => {
  const row = await findMovable(visit, params)
  const projectId = readProjectId(fields.project_id?.[0])
  if (!projectId) throw invalid({ project_id: t('Choose a project.') })
  const chosen = readChosen(fields)
  try {
    const choice = { labels: chosen, clearsAttributes: fields.clear !== undefined }
    await updateTask(visit.who, row.task.id, { project_id: projectId }, choice)
    return redirectTo(`/tasks/${row.task.id}`)
  } catch (error) {
    if (error instanceof ApiError && error.status >= 403) throw error
    return movePage(visit, row, { projectId, chosen, problem: Object.values(problemsOf(error)).join(' ') })
  }
})
