// The form that changes a project or task on a page of its own, for browsers without scripts.
import type { Children } from '@kitajs/html'
import { BareLabels } from './bare'
import { CheckField, Problem, TextField } from './form'
import { say } from './i18n/message'
import type { ThingRights } from './rights'

export type ThingValues = { name: string; bug_tracker: string; assignee: string; labels: string }
type Props = {
  path: string
  /** Where it leads back to. */
  back: string
  values: ThingValues
  rights: ThingRights
  /** The labels are those of the project of a task. */
  hasOwnLabels?: boolean
  problems: Readonly<Record<string, string>>
  /** The token against forgery. */
  token: JSX.Element
  removePath: string
  children?: Children
}

const ownFields = ['name', 'bug_tracker', 'assignee', 'labels']

export const ThingForm = ({
  path,
  back,
  values,
  rights,
  hasOwnLabels = true,
  problems,
  token,
  removePath,
  children,
}: Props): JSX.Element => {
  const other = Object.entries(problems).find(([field]) => !ownFields.includes(field))?.[1]
  return (
    <form
      class="mx-auto grid max-w-[720px] grid-cols-[minmax(0,1fr)] gap-4"
      method="post"
      action={path}
      data-submit-once
      data-testid="bare-form"
    >
      {token}
      <Problem text={other} testid="bare-error" />
      <div class="card grid gap-4 p-4">
        <TextField
          label="Name"
          name="name"
          value={values.name}
          maxlength={256}
          required
          disabled={!rights.update}
          problem={problems.name}
          testid="bare-name"
        />
        <TextField
          label="Assignee"
          hint="A user name; empty: nobody"
          name="assignee"
          value={values.assignee}
          disabled={!rights.assign}
          problem={problems.assignee}
          testid="bare-assignee"
        />
        <TextField
          label="Issue tracker"
          name="bug_tracker"
          type="url"
          value={values.bug_tracker}
          maxlength={2000}
          disabled={!rights.update}
          problem={problems.bug_tracker}
          testid="bare-tracker"
        />
        {children}
      </div>
      {hasOwnLabels && rights.update ? (
        <div class="card grid gap-3 p-4">
          <BareLabels text={values.labels} problem={problems.labels} />
          <CheckField
            label="Delete labels that are missing here, with all their annotations"
            name="delete_labels"
            isOn={false}
            testid="bare-delete-labels"
          />
        </div>
      ) : (
        ''
      )}
      <div class="flex flex-wrap justify-end gap-2">
        {rights.remove ? (
          <a class="btn btn-danger me-auto" href={removePath} data-testid="bare-remove">
            {say('Delete')}
          </a>
        ) : (
          ''
        )}
        <a class="btn" href={back}>
          {say('Cancel')}
        </a>
        <button type="submit" class="btn btn-primary" data-testid="bare-submit">
          {say('Save')}
        </button>
      </div>
    </form>
  )
}
