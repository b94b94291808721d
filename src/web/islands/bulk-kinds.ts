// What can be done to several rows of each list at once.
import { callApi, describeProblem } from './api'
import { chooseBackup } from './backup'
import type { Work } from './bulk-run'
import { cancelButton, openDialog } from './dialog'
import { element, field } from './element'
import { t, tn } from './i18n/message'
import { fillTemplate, type NameValues } from './name-template'
import { showError, showInfo } from './toast'
import { chooseExport } from './transfer'
import { download } from './transfer-parts'

export type BulkContext = {
  kind: string
  table: HTMLElement
  /** `3 tasks` */
  nounOf: (count: number) => string
  /** The address of one of them in the API. */
  addressOf: (id: string) => string
  chosen: () => { id: string; row: HTMLElement }[]
  /** Does it to all that are chosen; `what` completes "3 tasks …". */
  run: (what: string, work: Work) => Promise<void>
}
type Tool = (context: BulkContext) => HTMLElement
/** Asked for when it is shown: the words of the language may come after this file. */
type Text = () => string
type Noun = (count: number) => string
type BulkKind = { nounOf: Noun; path: string; tools: (context: BulkContext) => HTMLElement[] }

const button =
  (
    testid: string,
    label: Text,
    act: (context: BulkContext) => unknown,
    { css = '', need }: { css?: string; need?: string } = {},
  ): Tool =>
  (context) =>
    element(
      'button',
      {
        type: 'button',
        class: `btn btn-small ${css}`,
        'data-testid': testid,
        'data-need': need,
        onclick: () => void act(context),
      },
      label(),
    )

const patchAll = ({ run, addressOf }: BulkContext, field: string, value: unknown) =>
  run(t('changed'), (id) => callApi('PATCH', addressOf(id), { [field]: value }))

const choice =
  (testid: string, label: Text, values: (context: BulkContext) => readonly string[], fieldName: string, need?: string): Tool =>
  (context) => {
    const select = element(
      'select',
      { class: 'select compact w-auto', 'aria-label': label(), 'data-testid': testid, 'data-need': need },
      element('option', { value: '' }, `${label()}…`),
    )
    for (const value of values(context)) select.append(element('option', { value }, t(value)))
    select.addEventListener('change', () => select.value && void patchAll(context, fieldName, select.value))
    return select
  }

const assignee =
  (fieldName: string): Tool =>
  (context) => {
    const input = element('input', {
      class: 'input compact w-40',
      role: 'combobox',
      'aria-expanded': 'false',
      'aria-label': t('Assignee'),
      placeholder: t('Assignee…'),
      autocomplete: 'off',
      dir: 'auto',
      'data-people': '',
      'data-testid': 'bulk-assignee',
    })
    input.addEventListener('chosen', (event) => void patchAll(context, fieldName, (event as CustomEvent).detail.id))
    return input
  }

type Asking = { verb: Text; done: Text; text: Text; need?: string }

/** Asks once for all, then deletes each. */
const remove = ({ verb, done, text, need }: Asking): Tool =>
  button(
    'bulk-delete',
    verb,
    ({ chosen, nounOf, run, addressOf }) => {
      const dialog = openDialog({
        title: t('{verb} {things}?', { verb: verb(), things: nounOf(chosen().length) }),
        body: [element('p', { class: 'text-soft' }, text())],
        buttons: [
          cancelButton(),
          element('button', { type: 'submit', class: 'btn btn-delete', 'data-testid': 'dialog-ok' }, verb()),
        ],
      })
      dialog.querySelector('form')!.addEventListener('submit', () => void run(done(), (id) => callApi('DELETE', addressOf(id))))
    },
    { css: 'btn-danger', need },
  )

/** What names of files can be made of, by the kind of thing. */
const nameFields: Record<string, readonly string[]> = {
  projects: ['id', 'name', 'index', 'owner', 'status'],
  tasks: ['id', 'name', 'index', 'project', 'subset', 'owner', 'status'],
  jobs: ['id', 'index', 'task_id', 'task', 'project', 'start_frame', 'stop_frame', 'stage', 'state', 'assignee'],
}

const readValues = (thing: Record<string, any>, index: number): NameValues => ({
  ...Object.fromEntries(Object.entries(thing).filter(([, value]) => typeof value === 'string' || typeof value === 'number')),
  index: index + 1,
  task: thing.task_name,
  project: thing.project_name,
  owner: thing.owner?.username,
  assignee: thing.assignee?.username,
})

/** The query of one export, with the name that the template gives it. */
const nameInQuery = async (query: URLSearchParams, template: string, path: string, index: number) => {
  const own = new URLSearchParams(query)
  if (template) own.set('filename', fillTemplate(template, readValues(await callApi('GET', path), index)))
  return own
}

const exportAll: Tool = button(
  'bulk-export',
  () => t('Export'),
  ({ kind, chosen, nounOf, run, addressOf }) =>
    chooseExport(t('Export {things}', { things: nounOf(chosen().length) }), nameFields[kind]!, (query, template) =>
      run(t('being exported; the results come to the page Requests'), async (id, index) =>
        callApi('POST', `${addressOf(id)}/dataset/export?${await nameInQuery(query, template, addressOf(id), index)}`),
      ),
    ).catch((problem) => showError(describeProblem(problem))),
)

const backUpAll: Tool = button(
  'bulk-backup',
  () => t('Back up'),
  ({ kind, chosen, nounOf, run, addressOf }) =>
    chooseBackup(t('Back up {things}', { things: nounOf(chosen().length) }), nameFields[kind]!, (query, template) =>
      run(t('being backed up; the results come to the page Requests'), async (id, index) =>
        callApi('POST', `${addressOf(id)}/backup/export?${await nameInQuery(query, template, addressOf(id), index)}`),
      ),
    ).catch((problem) => showError(describeProblem(problem))),
)

type Organization = { id: number; name: string; slug: string }

const askPlace = async ({ chosen, nounOf, run, addressOf }: BulkContext) => {
  const { results } = await callApi<{ results: Organization[] }>('GET', '/api/organizations?page_size=all')
  const select = element(
    'select',
    { class: 'select', required: true, 'data-testid': 'organization-choice' },
    element('option', { value: '' }, t('Choose…')),
    element('option', { value: 'personal' }, t('Personal workspace')),
    ...results.map(({ id, name, slug }) => element('option', { value: id }, name || slug)),
  )
  const dialog = openDialog({
    title: t('Move {things}', { things: nounOf(chosen().length) }),
    body: [
      field(t('To'), select),
      element(
        'p',
        { class: 'hint' },
        t(
          'Jobs, frames, labels, annotations, issues, guides and the webhooks of projects go along. Source and target storages stay behind, and assignees who are no members there lose their assignments.',
        ),
      ),
    ],
    buttons: [
      cancelButton(),
      element('button', { type: 'submit', class: 'btn btn-primary', 'data-testid': 'dialog-ok' }, t('Move')),
    ],
  })
  dialog.querySelector('form')!.addEventListener('submit', () => {
    const organization_id = select.value === 'personal' ? null : Number(select.value)
    void run(t('moved'), (id) => callApi('PATCH', addressOf(id), { organization_id }))
  })
}
const moveAll: Tool = button(
  'bulk-organization',
  () => t('Move'),
  (context) => askPlace(context).catch((problem) => showError(describeProblem(problem))),
)

const pauseMs = 400
/** One after the other: browsers drop downloads that begin at the same time. */
const downloadAll: Tool = button(
  'bulk-download',
  () => t('Download'),
  async ({ chosen, nounOf }) => {
    const links = chosen().map(({ row }) => row.querySelector<HTMLAnchorElement>('[data-testid="row-download"]')!.href)
    for (const [i, link] of links.entries()) {
      if (i) await new Promise((resolve) => setTimeout(resolve, pauseMs))
      download(link)
    }
    showInfo(t('Results being downloaded: {things}.', { things: nounOf(links.length) }))
  },
  { need: 'download' },
)
const cancelAll: Tool = button(
  'bulk-cancel',
  () => t('Cancel'),
  ({ run, addressOf }) => run(t('cancelled'), (id) => callApi('POST', `${addressOf(id)}/cancel`)),
  { need: 'cancel' },
)
const resendAll: Tool = button(
  'bulk-resend',
  () => t('Resend'),
  ({ run, addressOf }) => run(t('sent again'), (id) => callApi('POST', `${addressOf(id)}/resend`)),
  { need: 'resend' },
)

const everything = () => t('Their images, jobs and annotations are removed for good.')
const deletion = { verb: () => t('Delete'), done: () => t('deleted') }
const removal = { verb: () => t('Remove'), done: () => t('removed'), need: 'remove' }
const stages = ['annotation', 'validation', 'acceptance']
const states = ['new', 'in progress', 'completed', 'rejected']
const readRoles = ({ table }: BulkContext) => table.dataset.roles?.split(' ').filter(Boolean) ?? []

const makeKind = (nounOf: Noun, path: string, ...tools: Tool[]): BulkKind => ({
  nounOf,
  path,
  tools: (context) => tools.map((tool) => tool(context)),
})

/** By the word in `data-bulk` of a table. */
export const bulkKinds: Record<string, BulkKind> = {
  projects: makeKind(
    (count) => tn(count, '{count} project', '{count} projects'),
    '/api/projects',
    assignee('assignee_id'),
    exportAll,
    backUpAll,
    moveAll,
    remove({ ...deletion, text: everything }),
  ),
  tasks: makeKind(
    (count) => tn(count, '{count} task', '{count} tasks'),
    '/api/tasks',
    assignee('assignee_id'),
    exportAll,
    backUpAll,
    moveAll,
    remove({ ...deletion, text: everything }),
  ),
  jobs: makeKind(
    (count) => tn(count, '{count} job', '{count} jobs'),
    '/api/jobs',
    assignee('assignee'),
    choice(
      'bulk-stage',
      () => t('Stage'),
      () => stages,
      'stage',
    ),
    choice(
      'bulk-state',
      () => t('State'),
      () => states,
      'state',
    ),
    exportAll,
    remove({ ...deletion, text: () => t('Their annotations and issues are removed for good.'), need: 'remove' }),
  ),
  cloudstorages: makeKind(
    (count) => tn(count, '{count} storage', '{count} storages'),
    '/api/cloudstorages',
    remove({ ...deletion, text: () => t('Their files stay where they are; tasks that read them from there lose access.') }),
  ),
  requests: makeKind((count) => tn(count, '{count} request', '{count} requests'), '/api/requests', downloadAll, cancelAll),
  members: makeKind(
    (count) => tn(count, '{count} member', '{count} members'),
    '/api/memberships',
    choice('bulk-role', () => t('Role'), readRoles, 'role', 'role'),
    remove({ ...removal, text: () => t('They lose access to the projects and tasks of the organization.') }),
  ),
  invitations: makeKind(
    (count) => tn(count, '{count} invitation', '{count} invitations'),
    '/api/invitations',
    resendAll,
    remove({ ...removal, text: () => t('The links in the mails stop working.') }),
  ),
}
