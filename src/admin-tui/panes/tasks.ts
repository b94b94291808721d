// The pane of tasks: whose they are, how far, and the way to their jobs.
import { type Api, listRows } from '../api'
import { readWords } from '../filter-rows'
import { definePane, type Pane } from '../pane'
import { assignAction, removeAction } from '../shared-actions'
import { ageColumn, idColumn, nameOf, type Person, sayTime } from '../show-rows'

type Task = {
  id: number
  name: string
  project_id: number | null
  owner: Person
  assignee: Person
  status: string
  mode: string
  dimension: string
  size: number
  subset: string
  jobs?: { count: number; completed: number; validation: number }
  created_date: string
  updated_date: string
}

const sayJobs = ({ jobs }: Task) => (jobs ? `${jobs.completed}/${jobs.count}` : '')

export const createTasks = (api: Api): Pane =>
  definePane<Task>({
    name: 'tasks',
    title: 'Tasks',
    about: 'Tasks hold the media; jobs are their slices for annotators.',
    columns: [
      idColumn<Task>(),
      { title: 'Name', width: 'rest', show: ({ name }) => name },
      {
        title: 'Project',
        width: 7,
        right: true,
        from: 70,
        show: ({ project_id }) => (project_id ? `#${project_id}` : ''),
        sort: ({ project_id }) => project_id ?? 0,
      },
      { title: 'Owner', width: 12, from: 60, show: ({ owner }) => nameOf(owner) },
      { title: 'Assignee', width: 12, from: 88, show: ({ assignee }) => nameOf(assignee) },
      { title: 'Frames', width: 7, right: true, from: 44, show: ({ size }) => String(size ?? 0), sort: ({ size }) => size ?? 0 },
      { title: 'Jobs', width: 7, right: true, show: sayJobs, sort: ({ jobs }) => jobs?.count ?? 0 },
      ageColumn('Changed', ({ updated_date }) => updated_date, 76),
    ],
    fields: {
      status: ({ status }) => status,
      project: ({ project_id }) => (project_id ? `#${project_id}` : ''),
      owner: ({ owner }) => nameOf(owner),
      assignee: ({ assignee }) => nameOf(assignee),
      mode: ({ mode }) => mode,
      dimension: ({ dimension }) => dimension,
    },
    id: ({ id }) => String(id),
    label: ({ id, name }) => `${id} ${name}`,
    load: (filter) => {
      const [, project] = /(?:^|\s)project:#?(\d+)/.exec(filter) ?? []
      return listRows<Task>(api, '/api/tasks', { search: readWords(filter), project_id: project })
    },
    details: async (row) => [
      { label: 'ID', value: String(row.id) },
      { label: 'Name', value: row.name },
      { label: 'Project', value: row.project_id ? `#${row.project_id}` : 'none' },
      { label: 'Owner', value: nameOf(row.owner) || 'nobody' },
      { label: 'Assignee', value: nameOf(row.assignee) || 'nobody' },
      { label: 'Status', value: row.status },
      { label: 'Media', value: `${row.size ?? 0} frames, ${row.mode || 'no media yet'}, ${row.dimension}` },
      { label: 'Subset', value: row.subset },
      { label: 'Jobs', value: row.jobs ? `${row.jobs.count}, of which ${row.jobs.completed} completed` : '' },
      { label: 'Made', value: sayTime(row.created_date) },
      { label: 'Changed', value: sayTime(row.updated_date) },
    ],
    actions: [
      {
        key: 't',
        label: 'jobs',
        needs: 'row',
        goTo: ({ id }) => ({ pane: 'jobs', filter: `task:#${id}` }),
        run: async () => ({ said: '' }),
      },
      assignAction(api, { path: 'tasks', field: 'assignee_id', noun: 'task' }),
      removeAction(api, {
        path: 'tasks',
        noun: 'task',
        warning: 'Its media, jobs and all annotations go with it. Only a backup brings them back.',
      }),
    ],
    empty: 'There are no tasks yet.',
    refreshSeconds: 5,
  })
