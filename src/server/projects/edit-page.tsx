// /projects/<id>/edit: what scripts change in place on the page of a project, as a plain form.
import { PageHead } from '../../web/ui/form'
import { t } from '../../web/ui/i18n/message'
import { thingActions } from '../../web/ui/rights'
import { ThingForm, type ThingValues } from '../../web/ui/thing-form'
import { FormToken, type Page, problemsOf, readId, receiveForm, showPage, type Visit } from '../auth/service'
import { readText, textOf } from '../http/form-fields'
import { redirectTo } from '../http/html'
import { readRights } from '../http/rights'
import { labelsOf, readLabelChanges, writeRawLabels } from '../labels/service'
import { loadPeople, readPerson } from '../users/service'
import { getProject, type Project, updateProject } from './service'

const valuesOf = async (project: Project): Promise<ThingValues> => ({
  name: project.name,
  bug_tracker: project.bugTracker,
  assignee: (await loadPeople([project.assigneeId])).get(project.assigneeId ?? 0)?.username ?? '',
  labels: writeRawLabels(await labelsOf({ projectId: project.id })),
})

const render = async (
  visit: Visit,
  project: Project,
  sent?: ThingValues,
  problems: Record<string, string> = {},
): Promise<Page> => ({
  title: project.name,
  section: 'projects',
  status: sent ? 400 : 200,
  body: (
    <>
      <PageHead
        title={t('Edit')}
        crumbs={[
          { href: '/projects', label: t('Projects') },
          { href: `/projects/${project.id}`, label: project.name },
        ]}
      />
      <ThingForm
        path={`/projects/${project.id}/edit`}
        back={`/projects/${project.id}`}
        removePath={`/remove/projects/${project.id}`}
        values={sent ?? (await valuesOf(project))}
        rights={readRights(visit.who, 'project', thingActions, project)}
        problems={problems}
        token={<FormToken request={visit.request} />}
      />
    </>
  ),
})

export const showProjectForm = showPage(async (visit, params) =>
  render(visit, await getProject(visit.who, readId(params), 'update')),
)

/** Only what differs is changed: each field has a permission of its own, and people are not asked for what they did not touch. */
export const receiveProjectForm = receiveForm(async (visit, fields, params) => {
  const { who } = visit
  const project = await getProject(who, readId(params), 'update')
  const before = await valuesOf(project)
  const isChanged = (name: keyof ThingValues) => fields[name] !== undefined && textOf(fields, name) !== before[name]
  try {
    await updateProject(who, project.id, {
      ...(isChanged('name') && { name: readText(fields, 'name', 256, true) }),
      ...(isChanged('bug_tracker') && { bug_tracker: readText(fields, 'bug_tracker', 2000) }),
      ...(isChanged('assignee') && { assignee_id: await readPerson(who, 'assignee', textOf(fields, 'assignee')) }),
      ...(isChanged('labels') && {
        labels: readLabelChanges(
          textOf(fields, 'labels'),
          await labelsOf({ projectId: project.id }),
          fields.delete_labels !== undefined,
        ),
      }),
    })
    return redirectTo(`/projects/${project.id}`)
  } catch (error) {
    const sent = Object.fromEntries(Object.keys(before).map((name) => [name, textOf(fields, name)])) as ThingValues
    return render(visit, project, sent, problemsOf(error))
  }
})
