// /tasks/<id>/edit: what scripts change in place on the page of a task, as a plain form.
import { PageHead, TextField } from '../../web/ui/form'
import { t } from '../../web/ui/i18n/message'
import { thingActions } from '../../web/ui/rights'
import { ThingForm, type ThingValues } from '../../web/ui/thing-form'
import { FormToken, type Page, problemsOf, readId, receiveForm, showPage, type Visit } from '../auth/service'
import { readText, textOf } from '../http/form-fields'
import { redirectTo } from '../http/html'
import { readRights } from '../http/rights'
import { labelsOf, readLabelChanges, writeRawLabels } from '../labels/service'
import { loadPeople, readPerson } from '../users/service'
import { getTask, type TaskRow, taskFacts, updateTask } from './service'

type Values = ThingValues & { subset: string }

const valuesOf = async ({ task }: TaskRow): Promise<Values> => ({
  name: task.name,
  bug_tracker: task.bugTracker,
  subset: task.subset,
  assignee: (await loadPeople([task.assigneeId])).get(task.assigneeId ?? 0)?.username ?? '',
  labels: task.projectId === null ? writeRawLabels(await labelsOf({ taskId: task.id })) : '',
})

const render = async (visit: Visit, row: TaskRow, sent?: Values, problems: Record<string, string> = {}): Promise<Page> => {
  const { task, project } = row
  const values = sent ?? (await valuesOf(row))
  const rights = readRights(visit.who, 'task', thingActions, taskFacts(row))
  return {
    title: task.name,
    section: 'tasks',
    status: sent ? 400 : 200,
    body: (
      <>
        <PageHead
          title={t('Edit')}
          crumbs={[
            project ? { href: `/projects/${project.id}`, label: project.name } : { href: '/tasks', label: t('Tasks') },
            { href: `/tasks/${task.id}`, label: task.name },
          ]}
        />
        <ThingForm
          path={`/tasks/${task.id}/edit`}
          back={`/tasks/${task.id}`}
          removePath={`/remove/tasks/${task.id}`}
          values={values}
          rights={rights}
          hasOwnLabels={!project}
          problems={problems}
          token={<FormToken request={visit.request} />}
        >
          {project ? (
            <TextField
              label="Subset"
              name="subset"
              value={values.subset}
              maxlength={64}
              disabled={!rights.update}
              problem={problems.subset}
              testid="bare-subset"
            />
          ) : (
            ''
          )}
        </ThingForm>
      </>
    ),
  }
}

export const showTaskForm = showPage(async (visit, params) => render(visit, await getTask(visit.who, readId(params), 'update')))

/** Only what differs is changed: each field has a permission of its own. */
export const receiveTaskForm = receiveForm(async (visit, fields, params) => {
  const { who } = visit
  const row = await getTask(who, readId(params), 'update')
  const before = await valuesOf(row)
  const isChanged = (name: keyof Values) => fields[name] !== undefined && textOf(fields, name) !== before[name]
  const { id } = row.task
  try {
    await updateTask(who, id, {
      ...(isChanged('name') && { name: readText(fields, 'name', 256, true) }),
      ...(isChanged('subset') && { subset: readText(fields, 'subset', 64) }),
      ...(isChanged('bug_tracker') && { bug_tracker: readText(fields, 'bug_tracker', 2000) }),
      ...(isChanged('assignee') && { assignee_id: await readPerson(who, 'assignee', textOf(fields, 'assignee')) }),
      ...(isChanged('labels') && {
        labels: readLabelChanges(textOf(fields, 'labels'), await labelsOf({ taskId: id }), fields.delete_labels !== undefined),
      }),
    })
    return redirectTo(`/tasks/${id}`)
  } catch (error) {
    const sent = Object.fromEntries(Object.keys(before).map((name) => [name, textOf(fields, name)])) as Values
    return render(visit, row, sent, problemsOf(error))
  }
})
