// /jobs: the list of jobs; /tasks/<id>/jobs/<id>: the editor's bare page.
import { Elysia } from 'elysia'
import { say, t } from '../../web/ui/i18n/message'
import { JobTable } from '../../web/ui/job-table'
import { Document } from '../../web/ui/layout'
import { Empty, List } from '../../web/ui/list'
import type { ListState } from '../../web/ui/list-address'
import { jobFields, jobFilters } from '../../web/ui/list-fields'
import { readId, showPage } from '../auth/service'
import { asset } from '../http/assets'
import { notFound } from '../http/errors'
import { redirectToLastPage, renderPage } from '../http/html'
import { readConditions, readOrder, readPaging } from '../http/page'
import { can } from '../policy/can'
import { receiveJobForm, showJobForm } from './edit-page'
import { describeJobs } from './entries'
import { getJob, listJobs, listOptions } from './service'

const showList = showPage(async ({ who, origin, path, query, context, frame }) => {
  const paging = readPaging(query)
  const { rows, count } = await listJobs(
    who,
    context,
    readConditions(query, listOptions),
    readOrder(query, listOptions, []),
    paging,
  )
  const entries = await describeJobs(who, origin, rows)
  const state: ListState = { path, query, count, page: paging.page, size: paging.size }
  const beyond = redirectToLastPage(state)
  if (beyond) return beyond
  return {
    title: t('Jobs'),
    section: 'jobs',
    body: (
      <>
        <h1 class="mb-3 leading-8">{t('Jobs') as 'safe'}</h1>
        <List
          state={state}
          noun="jobs"
          live="jobs"
          fields={jobFields}
          quick={jobFilters(who.user.username)}
          empty={
            <Empty
              icon="briefcase"
              title="No jobs yet"
              text="Jobs are the parts of a task that one annotator works on. They come with every task."
            >
              {frame.viewer?.mayCreate ? (
                <a class="btn btn-primary" href="/tasks/create">
                  {say('New task')}
                </a>
              ) : (
                ''
              )}
            </Empty>
          }
        >
          <JobTable
            state={state}
            rows={rows.map((row, i) => ({
              ...entries[i]!,
              opens: {
                task: can(who, 'task', 'view', { ...row.task, parents: row.project ? [row.project] : [] }),
                project: row.project !== null && can(who, 'project', 'view', row.project),
              },
            }))}
            showTask
          />
        </List>
      </>
    ),
  }
})

const showEditor = showPage(async ({ who, query, frame }, params) => {
  const { job, task } = await getJob(who, readId(params, 'job'))
  if (job.taskId !== readId(params)) throw notFound()
  const isCloud = task.dimension === '3d'
  return renderPage(
    <Document
      title={t('{name} · job {id}', { name: task.name, id: job.id })}
      frame={frame}
      styles={isCloud ? [asset('editor.css'), asset('scene.css')] : [asset('editor.css')]}
      scripts={[asset(isCloud ? 'scene.js' : 'editor.js')]}
    >
      <body>
        <div
          id="annolith-editor"
          data-job-id={String(job.id)}
          data-task-id={String(job.taskId)}
          data-frame={query.frame ?? ''}
          data-workspace={query.defaultWorkspace ?? ''}
          data-video={asset('video.js')}
          data-vision={asset('vision.worker.js')}
          data-points={isCloud ? asset('points.worker.js') : undefined}
          data-user={who.user.username}
          data-user-id={String(who.user.id)}
        ></div>
      </body>
    </Document>,
  )
})

export const jobPages = new Elysia({ name: 'job-pages', detail: { hide: true } })
  .get('/jobs', showList)
  .get('/jobs/:id/edit', showJobForm)
  .post('/jobs/:id/edit', receiveJobForm)
  .get('/tasks/:id/jobs/:job', showEditor)
