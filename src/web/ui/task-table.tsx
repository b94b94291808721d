// The table of tasks, on their own page and inside a project.

import type { ShownTask } from '../../server/tasks/service'
import { say, t } from './i18n/message'
import { Icon } from './icon'
import { SortHead } from './list'
import type { ListState } from './list-address'
import {
  AnalyticsEntry,
  AnnotateEntry,
  BareTransfer,
  CopyJobsEntry,
  DeleteEntry,
  MenuEntry,
  MenuLine,
  OrganizationEntry,
  ProjectEntry,
  QualityEntries,
  TrackerEntry,
  TransferEntries,
} from './menus'
import { Ago, Assignee, Done, Preview, plural, RowMenu, SelectCell, SelectHead, Status } from './parts'
import type { ThingRights } from './rights'

type RowProps = { task: ShownTask; rights: ThingRights; showProject: boolean; showSubset: boolean }

export const describeTask = (task: ShownTask) =>
  t('Its {jobs} with {frames} and all their annotations are removed for good.', {
    jobs: plural(task.jobs.count, 'job'),
    frames: plural(task.size, 'frame'),
  })

const TaskRow = ({ task, rights, showProject, showSubset }: RowProps) => {
  const subject = { kind: 'task' as const, id: task.id, name: task.name, dimension: task.dimension }
  return (
    <tr data-testid={`task-${task.id}`}>
      <SelectCell id={task.id} name={task.name} />
      <td class="w-18 max-sm:hidden">
        <Preview src={task.size ? `/api/tasks/${task.id}/preview` : null} href={`/tasks/${task.id}`} name={task.name} />
      </td>
      <td class="max-w-0">
        <a
          class="block truncate font-medium hover:text-accent"
          href={`/tasks/${task.id}`}
          dir="auto"
          data-testid="row-open"
          title={task.name}
          safe
        >
          {task.name}
        </a>
        <div class="flex gap-2 truncate text-[12px] text-muted">
          <span class="num font-mono">#{task.id}</span>
          {showProject && task.project_id ? (
            <a class="truncate hover:text-accent" href={`/projects/${task.project_id}`} dir="auto" safe>
              {task.project_name}
            </a>
          ) : (
            ''
          )}
          {showSubset && task.subset ? (
            <span class="truncate" dir="auto" safe>
              {task.subset}
            </span>
          ) : (
            ''
          )}
          <span class="num max-sm:hidden">
            {plural(task.size, task.mode === 'interpolation' ? t('video frame') : 'frame') as 'safe'}
          </span>
        </div>
      </td>
      <td class="w-28">
        <Status value={task.status} />
      </td>
      <td class="w-28 max-md:hidden">
        <Done done={task.jobs.completed} total={task.jobs.count} />
      </td>
      <td class="w-32 truncate text-soft max-lg:hidden" dir="auto" safe>
        {task.owner?.username ?? ''}
      </td>
      <td class="w-44 max-md:hidden">
        <Assignee person={task.assignee} path={`/api/tasks/${task.id}`} field="assignee_id" canEdit={rights.assign} />
      </td>
      <td class="w-32 text-muted max-sm:hidden">
        <Ago iso={task.updated_date} />
      </td>
      <td class="w-11">
        <RowMenu id={`task-menu-${task.id}`} name={task.name} bare={rights.update ? `/tasks/${task.id}/edit` : undefined}>
          <MenuEntry testid="menu-open" icon="external" label="Open" href={`/tasks/${task.id}`} />
          <MenuLine />
          <TransferEntries subject={subject} canExport={rights.export} canImport={rights.import} />
          <AnnotateEntry taskId={task.id} canAnnotate={rights.import && task.dimension === '2d'} />
          <QualityEntries subject={subject} canSee={rights.update} hasReplicas={task.consensus_enabled} />
          <AnalyticsEntry subject={subject} />
          <CopyJobsEntry task={task} />
          <ProjectEntry task={task} canMove={rights.regroup} />
          <OrganizationEntry subject={subject} canMove={rights.move && !task.project_id} />
          <TrackerEntry address={task.bug_tracker} />
          {rights.remove && (
            <>
              <MenuLine />
              <DeleteEntry subject={subject} touches={describeTask(task)} />
            </>
          )}
        </RowMenu>
        <BareTransfer subject={subject} canExport={rights.export} canImport={rights.import} />
      </td>
    </tr>
  )
}

type TableProps = {
  rows: { task: ShownTask; rights: ThingRights }[]
  state: ListState
  showProject: boolean
  /** Tasks of each subset, when the rows are ordered by subset and are to stand under its name. */
  subsets?: Map<string, number>
}

const columnCount = 9

/** Stands above the first of the rows of a subset. */
const SubsetHead = ({ name, count }: { name: string; count: number }) => (
  <tr data-testid={`subset-${name}`} data-count={String(count)}>
    <th scope="rowgroup" colspan={columnCount} class="bg-sunken">
      <span class="flex items-center gap-2">
        <Icon name="folder" />
        <span class={['min-w-0 truncate', !name && 'text-muted']} dir="auto" safe>
          {name || t('No subset')}
        </span>
        <span class="num font-normal text-muted">{count}</span>
      </span>
    </th>
  </tr>
)

export const TaskTable = ({ rows, state, showProject, subsets }: TableProps): JSX.Element => (
  <table class="grid-table" data-bulk="tasks">
    <thead>
      <tr>
        <SelectHead />
        <th scope="col" class="max-sm:hidden">
          <span class="sr-only">{say('Preview')}</span>
        </th>
        <SortHead state={state} fields={['name']} label="Name" />
        <SortHead state={state} fields={['status']} label="Status" />
        <th scope="col" class="max-md:hidden">
          {say('Jobs done')}
        </th>
        <SortHead state={state} fields={['owner']} label="Owner" class="max-lg:hidden" />
        <SortHead state={state} fields={['assignee']} label="Assignee" class="ps-4! max-md:hidden" />
        <SortHead state={state} fields={['updated_date']} label="Updated" class="max-sm:hidden" />
        <th scope="col">
          <span class="sr-only">{say('Actions')}</span>
        </th>
      </tr>
    </thead>
    <tbody>
      {rows.map(({ task, rights }, i) => (
        <>
          {subsets && task.subset !== rows[i - 1]?.task.subset ? (
            <SubsetHead name={task.subset} count={subsets.get(task.subset) ?? 0} />
          ) : (
            ''
          )}
          <TaskRow task={task} rights={rights} showProject={showProject} showSubset={!subsets} />
        </>
      ))}
    </tbody>
  </table>
)
