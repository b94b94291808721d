// By what each list can be sorted and filtered; the names are the API's.
import type { Rule } from './list-address'

export type ListField = { name: string; label: string; kind?: 'text' | 'number' | 'time' | 'choice'; choices?: readonly string[] }

const text = (name: string, label: string): ListField => ({ name, label })
const number = (name: string, label: string): ListField => ({ name, label, kind: 'number' })
const time = (name: string, label: string): ListField => ({ name, label, kind: 'time' })
const choice = (name: string, label: string, ...choices: string[]): ListField => ({ name, label, kind: 'choice', choices })

const people = [text('owner', 'Owner'), text('assignee', 'Assignee')]
const status = choice('status', 'Status', 'annotation', 'validation', 'completed')
const updated = time('updated_date', 'Updated')
const dimension = choice('dimension', 'Dimension', '2d', '3d')
const project = [number('project_id', 'Project ID'), text('project_name', 'Project name')]
const stage = choice('stage', 'Stage', 'annotation', 'validation', 'acceptance')
const state = choice('state', 'State', 'new', 'in progress', 'completed', 'rejected')
const mode = choice('mode', 'Mode', 'annotation', 'interpolation')

export const projectFields = [number('id', 'ID'), text('name', 'Name'), ...people, status, updated]
/** Tasks inside a project. */
export const innerTaskFields = [...projectFields, text('subset', 'Subset'), mode, dimension]
export const taskFields = [...innerTaskFields, ...project]
/** Jobs inside a task. */
export const innerJobFields = [number('id', 'ID'), stage, state, text('assignee', 'Assignee'), updated]
export const jobFields = [
  ...innerJobFields,
  choice('type', 'Type', 'annotation', 'ground_truth'),
  dimension,
  number('task_id', 'Task ID'),
  text('task_name', 'Task name'),
  ...project,
]
export const requestFields = [
  time('created_date', 'Created'),
  choice('status', 'Status', 'queued', 'started', 'finished', 'failed'),
  choice('action', 'Action', 'create', 'export', 'import'),
  choice('target', 'Target', 'project', 'task', 'job'),
  text('format', 'Format'),
  number('task_id', 'Task ID'),
  number('project_id', 'Project ID'),
]

export type QuickFilter = { label: string; rule: Rule }
const isMine = (field: string, label: string, username: string): QuickFilter => ({
  label,
  rule: { '==': [{ var: field }, username] },
})
const isOpen = (field: string): QuickFilter => ({
  label: 'Not completed',
  rule: { '!': [{ '==': [{ var: field }, 'completed'] }] },
})

export const thingFilters = (username: string) => [
  isMine('assignee', 'Assigned to me', username),
  isMine('owner', 'Owned by me', username),
  isOpen('status'),
]
export const jobFilters = (username: string) => [isMine('assignee', 'Assigned to me', username), isOpen('state')]
export const requestFilters: QuickFilter[] = [
  { label: 'Exports', rule: { '==': [{ var: 'action' }, 'export'] } },
  { label: 'Failed', rule: { '==': [{ var: 'status' }, 'failed'] } },
]
