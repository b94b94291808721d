// The panes in the order of their numbers: one import and one line each.
import type { Api } from './api'
import type { Pane } from './pane'
import { createAccess } from './panes/access'
import { createAudit } from './panes/audit'
import { createBackups } from './panes/backups'
import { createClouds } from './panes/clouds'
import { createConfiguration } from './panes/configuration'
import { createDeliveries } from './panes/deliveries'
import { createHealth } from './panes/health'
import { createInvitations } from './panes/invitations'
import { createJobs } from './panes/jobs'
import { createLog } from './panes/log'
import { createMembers } from './panes/members'
import { createModels } from './panes/models'
import { createOrganizations } from './panes/organizations'
import { createOverview } from './panes/overview'
import { createProjects } from './panes/projects'
import { createQueues } from './panes/queues'
import { createStorage } from './panes/storage'
import { createTasks } from './panes/tasks'
import { createUsers } from './panes/users'
import { createWebhooks } from './panes/webhooks'

const makers = [
  createOverview,
  createUsers,
  createOrganizations,
  createProjects,
  createTasks,
  createJobs,
  createQueues,
  createStorage,
  createHealth,
  createLog,
  createMembers,
  createInvitations,
  createAccess,
  createBackups,
  createAudit,
  createWebhooks,
  createDeliveries,
  createClouds,
  createModels,
  createConfiguration,
]

/** Panes that ask this server. */
export const createPanes = (api: Api): Pane[] => makers.map((create) => create(api))
