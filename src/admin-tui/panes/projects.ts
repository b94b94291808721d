// The pane of projects: whose they are, how large, and the way to their tasks.
import { type Api, listRows } from '../api'
import { readWords } from '../filter-rows'
import { definePane, type Pane } from '../pane'
import { assignAction, removeAction } from '../shared-actions'
import { ageColumn, idColumn, nameOf, type Person, sayTime } from '../show-rows'

type Project = {
  id: number
  name: string
  owner: Person
  assignee: Person
  status: string
  organization?: number | null
  organization_id?: number | null
  tasks: { count: number } | number[]
  labels?: { count: number }
  created_date: string
  updated_date: string
}

const countTasks = ({ tasks }: Project) => (Array.isArray(tasks) ? tasks.length : tasks.count)

export const createProjects = (api: Api): Pane =>
  definePane<Project>({
    name: 'projects',
    title: 'Projects',
    about: 'Projects hold tasks that share the same labels.',
    columns: [
      idColumn<Project>(),
      { title: 'Name', width: 'rest', show: ({ name }) => name },
      { title: 'Owner', width: 12, from: 44, show: ({ owner }) => nameOf(owner) },
      { title: 'Assignee', width: 12, from: 76, show: ({ assignee }) => nameOf(assignee) },
      { title: 'Tasks', width: 6, right: true, show: (row) => String(countTasks(row)), sort: countTasks },
      ageColumn('Changed', ({ updated_date }) => updated_date, 56),
    ],
    fields: { status: ({ status }) => status },
    id: ({ id }) => String(id),
    label: ({ id, name }) => `${id} ${name}`,
    load: (filter) => listRows<Project>(api, '/api/projects', { search: readWords(filter) }),
    details: async (row) => [
      { label: 'ID', value: String(row.id) },
      { label: 'Name', value: row.name },
      { label: 'Owner', value: nameOf(row.owner) || 'nobody' },
      { label: 'Assignee', value: nameOf(row.assignee) || 'nobody' },
      { label: 'Status', value: row.status },
      { label: 'Tasks', value: String(countTasks(row)) },
      { label: 'Labels', value: String(row.labels?.count ?? '') },
      { label: 'Made', value: sayTime(row.created_date) },
      { label: 'Changed', value: sayTime(row.updated_date) },
    ],
    actions: [
      {
        key: 't',
        label: 'tasks',
        needs: 'row',
        goTo: ({ id }) => ({ pane: 'tasks', filter: `project:#${id}` }),
        run: async () => ({ said: '' }),
      },
      assignAction(api, { path: 'projects', field: 'assignee_id', noun: 'project' }),
      removeAction(api, {
        path: 'projects',
        noun: 'project',
        warning: 'Its tasks, their media and all annotations go with it. Only a backup brings them back.',
      }),
    ],
    empty: 'There are no projects yet.',
    refreshSeconds: 5,
  })
