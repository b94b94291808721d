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

export const webhookFields = [
  number('id', 'ID'),
  text('target_url', 'Address'),
  text('description', 'Description'),
  text('owner', 'Owner'),
  updated,
]
export const storageFields = [
  number('id', 'ID'),
  text('name', 'Name'),
  text('resource', 'Bucket'),
  choice('provider_type', 'Provider', 'AWS_S3_BUCKET', 'AZURE_CONTAINER', 'GOOGLE_CLOUD_STORAGE'),
  choice(
    'credentials_type',
    'Credentials',
    'KEY_SECRET_KEY_PAIR',
    'ACCOUNT_NAME_TOKEN_PAIR',
    'CONNECTION_STRING',
    'KEY_FILE_PATH',
    'ANONYMOUS_ACCESS',
  ),
  text('owner', 'Owner'),
  text('description', 'Description'),
  updated,
]
export const userFields = [
  number('id', 'ID'),
  text('username', 'User name'),
  text('first_name', 'First name'),
  text('last_name', 'Last name'),
  choice('is_active', 'Active', 'true', 'false'),
]
export const eventFields = [
  time('timestamp', 'When'),
  text('scope', 'Event'),
  text('user_name', 'Who'),
  text('obj_name', 'Name'),
  number('project_id', 'Project ID'),
  number('task_id', 'Task ID'),
  number('job_id', 'Job ID'),
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
const isProvider = (label: string, value: string): QuickFilter => ({ label, rule: { '==': [{ var: 'provider_type' }, value] } })
export const storageFilters = (username: string) => [
  isMine('owner', 'Owned by me', username),
  isProvider('S3', 'AWS_S3_BUCKET'),
  isProvider('Azure', 'AZURE_CONTAINER'),
  isProvider('Google', 'GOOGLE_CLOUD_STORAGE'),
]
export const requestFilters: QuickFilter[] = [
  { label: 'Exports', rule: { '==': [{ var: 'action' }, 'export'] } },
  { label: 'Failed', rule: { '==': [{ var: 'status' }, 'failed'] } },
]
