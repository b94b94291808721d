// The pane of jobs: who works on which slice of a task, how far it is, and what stage comes next.
import { type Api, listRows } from '../api'
import { readWords } from '../filter-rows'
import { type Action, definePane, type Pane, type Tone } from '../pane'
import { assignAction, removeAction } from '../shared-actions'
import { ageColumn, idColumn, nameOf, type Person, sayTime } from '../show-rows'
import { showCount } from '../show-values'

type Job = {
  id: number
  task_id: number
  project_id: number | null
  assignee: Person
  stage: string
  state: string
  type: string
  start_frame: number
  stop_frame: number
  frame_count?: number
  created_date?: string
  updated_date: string
}

const states = ['new', 'in progress', 'rejected', 'completed']
const stages = ['annotation', 'validation', 'acceptance']
const tones: Record<string, Tone> = { completed: 'good', rejected: 'bad', 'in progress': 'accent' }
const countFrames = ({ frame_count, start_frame, stop_frame }: Job) => frame_count ?? stop_frame - start_frame + 1

/** Chooses one of some words for a field of the jobs. */
const chooseAction = (api: Api, key: string, field: 'state' | 'stage', options: string[]): Action<Job> => {
  const set = (id: number, value: string) => api.send('PATCH', `/api/jobs/${id}`, { [field]: value })
  /** A new stage begins with a new state, so both are put back. */
  const putBack = ({ id, stage, state }: Job) =>
    api.send('PATCH', `/api/jobs/${id}`, field === 'stage' ? { stage, state } : { state })
  return {
    key,
    label: field,
    needs: 'rows',
    prepare: (job, jobs) => ({
      kind: 'form',
      title: `${field === 'state' ? 'State' : 'Stage'} of ${jobs.length === 1 ? `job ${job.id}` : showCount(jobs.length, 'job')}`,
      fields: [{ name: field, label: field, kind: 'pick', options, value: job[field] }],
    }),
    run: async (job, values) => {
      await set(job.id, values[field]!)
      return {
        said: `Job ${job.id}: ${field} ${values[field]}.`,
        undo: { said: `Undone: job ${job.id} has ${field} ${job[field]} again.`, run: () => putBack(job) },
      }
    },
  }
}

export const createJobs = (api: Api): Pane =>
  definePane<Job>({
    name: 'jobs',
    title: 'Jobs',
    about: 'Slices of tasks for annotators, with stage and state.',
    columns: [
      idColumn<Job>(),
      { title: 'Task', width: 5, right: true, show: ({ task_id }) => `#${task_id}`, sort: ({ task_id }) => task_id },
      { title: 'Assignee', width: 'rest', show: ({ assignee }) => nameOf(assignee) || '–' },
      { title: 'Stage', width: 10, from: 40, show: ({ stage }) => stage },
      { title: 'State', width: 11, show: ({ state }) => state, tone: ({ state }) => tones[state] ?? 'plain' },
      { title: 'Type', width: 12, from: 88, show: ({ type }) => type },
      { title: 'Frames', width: 7, right: true, from: 64, show: (job) => String(countFrames(job)), sort: countFrames },
      ageColumn('Changed', ({ updated_date }) => updated_date, 64),
    ],
    fields: {
      project: ({ project_id }) => (project_id ? `#${project_id}` : ''),
      stage: ({ stage }) => stage,
      type: ({ type }) => type,
    },
    id: ({ id }) => String(id),
    label: ({ id, task_id }) => `Job ${id} of task ${task_id}`,
    load: (filter) => {
      const [, task] = /(?:^|\s)task:#?(\d+)/.exec(filter) ?? []
      return listRows<Job>(api, '/api/jobs', { search: readWords(filter), task_id: task })
    },
    details: async (job) => [
      { label: 'ID', value: String(job.id) },
      { label: 'Task', value: `#${job.task_id}` },
      { label: 'Project', value: job.project_id ? `#${job.project_id}` : 'none' },
      { label: 'Assignee', value: nameOf(job.assignee) || 'nobody' },
      { label: 'Stage', value: job.stage },
      { label: 'State', value: job.state, tone: tones[job.state] },
      { label: 'Type', value: job.type },
      { label: 'Frames', value: `${job.start_frame} to ${job.stop_frame} (${countFrames(job)})` },
      { label: 'Made', value: sayTime(job.created_date, '') },
      { label: 'Changed', value: sayTime(job.updated_date) },
    ],
    actions: [
      assignAction(api, { path: 'jobs', field: 'assignee', noun: 'job' }),
      chooseAction(api, 's', 'state', states),
      chooseAction(api, 'e', 'stage', stages),
      removeAction(api, {
        path: 'jobs',
        noun: 'job',
        warning: 'Its annotations go with it. Only jobs with ground truth and replicas can be removed.',
        isOffered: ({ type }: Job) => type !== 'annotation',
      }),
    ],
    empty: 'There are no jobs yet: they are cut from a task as soon as it has media.',
    refreshSeconds: 5,
  })
