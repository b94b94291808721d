// /tasks: the list; the pages of one task and of a new one are beside it.
import { Elysia } from 'elysia'
import { t } from '../../web/ui/i18n/message'
import { Icon } from '../../web/ui/icon'
import { Empty, List } from '../../web/ui/list'
import type { ListState } from '../../web/ui/list-address'
import { taskFields, thingFilters } from '../../web/ui/list-fields'
import { CreateMenu } from '../../web/ui/menus'
import { thingActions } from '../../web/ui/rights'
import { TaskTable } from '../../web/ui/task-table'
import { showPage } from '../auth/service'
import { redirectToLastPage } from '../http/html'
import { readConditions, readOrder, readPaging } from '../http/page'
import { readRights } from '../http/rights'
import { can } from '../policy/can'
import { createTaskPage, receiveTask } from './create-page'
import { receiveTaskForm, showTaskForm } from './edit-page'
import { receiveMove, showMove } from './move-page'
import { projectMove, taskMove } from './organization-page'
import { listOptions, listTasks, showTasks, taskFacts } from './service'
import { receiveFiles, showTaskPage } from './task-page'

const CreateLink = () => (
  <span class="flex gap-1">
    <a class="btn btn-primary" href="/tasks/create" data-testid="list-create">
      <Icon name="plus" />
      {t('New task') as 'safe'}
    </a>
    <CreateMenu kind="task" />
  </span>
)

const listPath = '/tasks'

const showList = showPage(async ({ who, origin, query, context }) => {
  const paging = readPaging(query)
  const { rows, count } = await listTasks(
    who,
    context,
    readConditions(query, listOptions),
    readOrder(query, listOptions, []),
    paging,
  )
  const shown = await showTasks(origin, rows)
  const state: ListState = { path: listPath, query, count, page: paging.page, size: paging.size }
  const beyond = redirectToLastPage(state)
  if (beyond) return beyond
  const mayCreate = can(who, 'task', 'create', { organizationId: context.kind === 'organization' ? context.id : null })
  return {
    title: t('Tasks'),
    section: 'tasks',
    body: (
      <>
        <div class="mb-3 flex items-center gap-3">
          <h1 class="flex-1">{t('Tasks') as 'safe'}</h1>
          {mayCreate && (count > 0 || query.search || query.filter) ? <CreateLink /> : ''}
        </div>
        <List
          state={state}
          noun="tasks"
          live="jobs requests"
          fields={taskFields}
          quick={thingFilters(who.user.username)}
          empty={
            <Empty
              icon="tasks"
              title="No tasks yet"
              text="A task is a set of pictures or a video with labels, cut into jobs for annotators."
            >
              {mayCreate ? <CreateLink /> : ''}
            </Empty>
          }
        >
          <TaskTable
            state={state}
            rows={rows.map((row, i) => ({ task: shown[i]!, rights: readRights(who, 'task', thingActions, taskFacts(row)) }))}
            showProject
          />
        </List>
      </>
    ),
  }
})

/** What the bare address shows: the tasks. */
export const startPage = showList

/** Files go to disk as they come. */
const keepStream = { parse: () => null } as const

export const taskPages = new Elysia({ name: 'task-pages', detail: { hide: true } })
  .get('/tasks', showList)
  .get('/tasks/create', createTaskPage)
  .post('/tasks/create', receiveTask, keepStream)
  .post('/tasks/:id/files', receiveFiles, keepStream)
  .get('/tasks/:id', showTaskPage)
  .get('/tasks/:id/edit', showTaskForm)
  .post('/tasks/:id/edit', receiveTaskForm)
  .get('/tasks/:id/move', showMove)
  .post('/tasks/:id/move', receiveMove)
  .get('/tasks/:id/organization', taskMove.show)
  .post('/tasks/:id/organization', taskMove.receive)
  .get('/projects/:id/organization', projectMove.show)
  .post('/projects/:id/organization', projectMove.receive)
