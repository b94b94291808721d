// /jobs/<id>/edit: who does a job, its stage and state, as a plain form for browsers without scripts.
import { ChoiceField, PageHead, Problem, TextField } from '../../web/ui/form'
import { say, t } from '../../web/ui/i18n/message'
import { jobActions } from '../../web/ui/rights'
import { FormToken, type Page, problemsOf, readId, receiveForm, showPage, type Visit } from '../auth/service'
import { invalid } from '../http/errors'
import { textOf } from '../http/form-fields'
import { redirectTo } from '../http/html'
import { readRights } from '../http/rights'
import { can } from '../policy/can'
import type { Who } from '../policy/who'
import { taskFacts } from '../tasks/service'
import { loadPeople, readPerson } from '../users/service'
import { getJob, type JobRow, jobFacts, stages, states, updateJob } from './service'

type Values = { assignee: string; stage: string; state: string }

const valuesOf = async ({ job }: JobRow): Promise<Values> => ({
  assignee: (await loadPeople([job.assigneeId])).get(job.assigneeId ?? 0)?.username ?? '',
  stage: job.stage,
  state: job.state,
})

/** Where the job is listed: whoever may not see the task has the list of their jobs. */
const homeOf = (who: Who, { task, project }: JobRow) =>
  can(who, 'task', 'view', taskFacts({ task, project }))
    ? { href: `/tasks/${task.id}`, label: task.name }
    : { href: '/jobs', label: t('Jobs') }

const optionsOf = (words: readonly string[]) => words.map((word) => [word, word] as const)

const render = async (visit: Visit, row: JobRow, sent?: Values, problems: Record<string, string> = {}): Promise<Page> => {
  const { job } = row
  const values = sent ?? (await valuesOf(row))
  const rights = readRights(visit.who, 'job', jobActions, jobFacts(row))
  const title = t('Job #{id}', { id: job.id })
  const other = Object.entries(problems).find(([field]) => !(field in values))?.[1]
  return {
    title,
    section: 'jobs',
    status: sent ? 400 : 200,
    body: (
      <form
        class="mx-auto grid max-w-[560px] grid-cols-[minmax(0,1fr)] gap-4"
        method="post"
        action={`/jobs/${job.id}/edit`}
        data-submit-once
        data-testid="bare-form"
      >
        <PageHead title={title} crumbs={[homeOf(visit.who, row)]} />
        <FormToken request={visit.request} />
        <Problem text={other} testid="bare-error" />
        <div class="card grid gap-4 p-4">
          <TextField
            label="Assignee"
            hint="A user name; empty: nobody"
            name="assignee"
            value={values.assignee}
            disabled={!rights.assign}
            problem={problems.assignee}
            testid="bare-assignee"
          />
          <ChoiceField
            label="Stage"
            name="stage"
            value={values.stage}
            options={optionsOf(stages)}
            disabled={!rights.stage}
            problem={problems.stage}
            testid="bare-stage"
          />
          <ChoiceField
            label="State"
            name="state"
            value={values.state}
            options={optionsOf(states)}
            disabled={!rights.state}
            problem={problems.state}
            testid="bare-state"
          />
        </div>
        <div class="flex flex-wrap justify-end gap-2">
          {rights.remove && job.type === 'ground_truth' ? (
            <a class="btn btn-danger me-auto" href={`/remove/jobs/${job.id}`} data-testid="bare-remove">
              {say('Delete')}
            </a>
          ) : (
            ''
          )}
          <a class="btn" href={homeOf(visit.who, row).href}>
            {say('Cancel')}
          </a>
          <button type="submit" class="btn btn-primary" data-testid="bare-submit">
            {say('Save')}
          </button>
        </div>
      </form>
    ),
  }
}

const readChoice = <T extends string>(name: string, text: string, choices: readonly T[]): T => {
  const found = choices.find((choice) => choice === text)
  if (!found) throw invalid({ [name]: `"${text}" is not a valid choice.` })
  return found
}

export const showJobForm = showPage(async (visit, params) => render(visit, await getJob(visit.who, readId(params))))

export const receiveJobForm = receiveForm(async (visit, fields, params) => {
  const { who } = visit
  const row = await getJob(who, readId(params))
  const before = await valuesOf(row)
  const textIn = (name: keyof Values) => textOf(fields, name)
  const isChanged = (name: keyof Values) => fields[name] !== undefined && textIn(name) !== before[name]
  try {
    await updateJob(who, row.job.id, {
      ...(isChanged('assignee') && { assignee: await readPerson(who, 'assignee', textIn('assignee')) }),
      ...(isChanged('stage') && { stage: readChoice('stage', textIn('stage'), stages) }),
      ...(isChanged('state') && { state: readChoice('state', textIn('state'), states) }),
    })
    return redirectTo(homeOf(who, row).href)
  } catch (error) {
    return render(visit, row, { assignee: textIn('assignee'), stage: textIn('stage'), state: textIn('state') }, problemsOf(error))
  }
})
