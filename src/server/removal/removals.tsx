// What can be removed by a page that asks first, for browsers without scripts: what it is called, what goes with it, how it goes.

import { t } from '../../web/ui/i18n/message'
import { plural } from '../../web/ui/parts'
import { describeTask } from '../../web/ui/task-table'
import type { Visit } from '../auth/service'
import { getAccessToken, removeAccessToken } from '../auth/service'
import { getCloudStorage, removeCloudStorage } from '../cloud-storages/service'
import { removeTaskFiles } from '../data/service'
import { notFound } from '../http/errors'
import { getInvitation, removeInvitation } from '../invitations/service'
import { getJob, removeJob } from '../jobs/service'
import { getMembership, getOrganization, listMembers, removeMembership, removeOrganization } from '../organizations/service'
import { getProject, removeProject, showProjects } from '../projects/service'
import { cancelRequest, getRequest } from '../requests/service'
import { getTask, removeTask, showTasks } from '../tasks/service'
import { getUser, removeUser } from '../users/service'
import { getWebhook, removeWebhook } from '../webhooks/service'

export type Removal = {
  title: string
  text: string
  /** Of the button. */
  label: string
  /** Where to go afterwards. */
  next: string
  run: () => Promise<unknown>
  /** What must be typed in, where much is lost. */
  typed?: string
}
/** `key` is what the address names; throws 404 or 403 as the service does. */
type Prepare = (visit: Visit, key: string) => Promise<Removal>

const numberOf = (key: string): number => {
  if (!/^[1-9]\d{0,14}$/.test(key)) throw notFound()
  return Number(key)
}
const called = (kind: string, name: string) => t('Delete {kind} “{name}”?', { kind: t(kind), name })

const project: Prepare = async ({ who, origin }, key) => {
  const row = await getProject(who, numberOf(key), 'delete')
  const [shown] = await showProjects(origin, [row])
  const run = async () => {
    for (const task of await removeProject(who, row.id)) await removeTaskFiles(task)
  }
  return {
    title: called('project', row.name),
    text: t('Its {tasks} with all images, jobs and annotations are removed for good.', {
      tasks: plural(shown!.tasks.count, 'task'),
    }),
    label: t('Delete'),
    next: '/projects',
    run,
  }
}

const task: Prepare = async ({ who, origin }, key) => {
  const row = await getTask(who, numberOf(key), 'delete')
  const [shown] = await showTasks(origin, [row])
  const { id, name, projectId } = row.task
  const run = async () => {
    await removeTask(who, id)
    await removeTaskFiles(id)
  }
  const next = projectId === null ? '/tasks' : `/projects/${projectId}`
  return { title: called('task', name), text: describeTask(shown!), label: t('Delete'), next, run }
}

const job: Prepare = async ({ who }, key) => {
  const { job: row } = await getJob(who, numberOf(key), 'delete')
  return {
    title: called('job', `#${row.id}`),
    text: t('Its annotations and issues are removed for good. The other jobs stay as they are.'),
    label: t('Delete'),
    next: `/tasks/${row.taskId}`,
    run: () => removeJob(who, row.id),
  }
}

const webhook: Prepare = async ({ who }, key) => {
  const { id, targetUrl, type, projectId } = await getWebhook(who, numberOf(key), 'delete')
  const places = { project: `/projects/${projectId}/webhooks`, organization: '/organization/webhooks', server: '/admin/webhooks' }
  return {
    title: t('Delete this webhook?'),
    text: t('Nothing is sent to {targetUrl} any more.', { targetUrl }),
    label: t('Delete'),
    next: places[type],
    run: () => removeWebhook(who, id),
  }
}

const cloudStorage: Prepare = async ({ who, origin }, key) => {
  const { id, displayName } = await getCloudStorage(who, numberOf(key), 'delete')
  return {
    title: t('Disconnect “{displayName}”?', { displayName }),
    text: t('Its files stay where they are; tasks that read them from there lose access.'),
    label: t('Disconnect'),
    next: '/cloudstorages',
    run: () => removeCloudStorage(who, origin, id),
  }
}

const membership: Prepare = async ({ who }, key) => {
  const { membership: row, user } = await getMembership(who, numberOf(key))
  const isMe = row.userId === who.user.id
  return {
    title: isMe ? t('Leave the organization?') : t('Remove “{username}”?', { username: user.username }),
    text: t('Access to its projects and tasks ends. Only an invitation brings it back.'),
    label: isMe ? t('Leave') : t('Remove'),
    next: isMe ? '/projects' : '/organization',
    run: () => removeMembership(who, row.id),
  }
}

const organization: Prepare = async ({ who }, key) => {
  const { organization: row } = await getOrganization(who, numberOf(key))
  const members = (await listMembers(row.id)).filter(({ membership: { isActive } }) => isActive).length
  return {
    title: t('Delete organization “{slug}”?', { slug: row.slug }),
    text: t('{members} lose access, and its projects and tasks are removed for good.', { members: plural(members, 'member') }),
    label: t('Delete organization'),
    next: '/projects',
    typed: row.slug,
    run: () => removeOrganization(who, row.id),
  }
}

const invitation: Prepare = async ({ who }, key) => {
  const { user } = await getInvitation(who, key)
  return {
    title: t('Remove the invitation of “{person}”?', { person: user.email || user.username }),
    text: t('The link in the mail stops working.'),
    label: t('Remove'),
    next: '/organization',
    run: () => removeInvitation(who, key),
  }
}

const accessToken: Prepare = async ({ who }, key) => {
  const { id, name } = await getAccessToken(who, numberOf(key))
  return {
    title: t('Revoke “{name}”?', { name }),
    text: t('Programs that use this token lose access at once.'),
    label: t('Revoke'),
    next: '/profile#tokens',
    run: () => removeAccessToken(who, id),
  }
}

const user: Prepare = async ({ who }, key) => {
  if (!who.admin) throw notFound()
  const { id, username } = await getUser(numberOf(key))
  return {
    title: t('Delete the account “{username}”?', { username }),
    text: t('What it owns stays, without an owner. To keep the name in lists, shut it out instead.'),
    label: t('Delete'),
    next: '/admin/users',
    run: () => removeUser(who, id),
  }
}

const request: Prepare = async ({ who }, key) => {
  const { id } = await getRequest(who, key)
  return {
    title: t('Cancel this request?'),
    text: t('It is taken back while it waits for its turn.'),
    label: t('Cancel the request'),
    next: '/requests',
    run: () => cancelRequest(who, id),
  }
}

/** By the name that things have in addresses of the API. */
export const removals: Readonly<Record<string, Prepare>> = {
  projects: project,
  tasks: task,
  jobs: job,
  webhooks: webhook,
  cloudstorages: cloudStorage,
  memberships: membership,
  organizations: organization,
  invitations: invitation,
  access_tokens: accessToken,
  users: user,
  requests: request,
}
