// The pane of the audit log: who changed what, newest first.
import type { ShownEvent } from '../../server/admin/read-events'
import { type Api, listRows } from '../api'
import { readWords } from '../filter-rows'
import { definePane, type Pane } from '../pane'
import { ageColumn, sayTime } from '../show-rows'

const placeOf = ({ job_id, task_id, project_id, obj_id }: ShownEvent) =>
  job_id ? `job ${job_id}` : task_id ? `task ${task_id}` : project_id ? `project ${project_id}` : obj_id ? `#${obj_id}` : ''
const whatOf = ({ obj_name, obj_val }: ShownEvent) => [obj_name, obj_val].filter(Boolean).join(' → ')

export const createAudit = (api: Api): Pane =>
  definePane<ShownEvent>({
    name: 'audit',
    aliases: ['events'],
    title: 'Audit',
    about: 'Every change that people made, newest first. It is kept for events_lifetime days.',
    columns: [
      ageColumn('When', ({ timestamp }) => timestamp),
      { title: 'Event', width: 'rest', show: ({ scope }) => scope },
      { title: 'Who', width: 12, show: ({ user_name }) => user_name ?? '' },
      { title: 'What', width: 'rest', from: 56, show: whatOf },
      { title: 'Where', width: 12, from: 72, show: placeOf },
    ],
    fields: { organization: ({ org_slug }) => org_slug ?? '', where: placeOf, source: ({ source }) => source },
    id: ({ id }) => String(id),
    label: ({ scope }) => scope,
    load: (filter) => listRows<ShownEvent>(api, '/api/admin/events', { search: readWords(filter).split(' ')[0] }, 500),
    details: async (event) => [
      { label: 'When', value: sayTime(event.timestamp) },
      { label: 'Event', value: event.scope },
      { label: 'Who', value: event.user_name ?? 'nobody known' },
      { label: 'What', value: whatOf(event) },
      { label: 'Where', value: placeOf(event) },
      { label: 'Of', value: event.org_slug ?? 'no organization' },
      { label: 'Source', value: event.source },
      ...(event.payload ? [{ heading: 'Details' }, { text: JSON.stringify(event.payload, null, 1) }] : []),
    ],
    actions: [],
    empty: 'Nothing happened yet: every change that people make is written down here.',
    refreshSeconds: 4,
  })
