// Who may do what: one line per permission. The only place where this is written down.
import type { Role } from '../organizations/schema'

/** How a person is tied to a row; defined in can.ts. */
export type Tie = 'any' | 'owner' | 'assignee' | 'parent-owner' | 'parent-assignee' | 'self' | 'job-assignee'
/** Groups from weak to strong; `none` asks for no group. */
export type Group = 'none' | 'worker' | 'user' | 'admin'
export type Resource =
  | 'project'
  | 'task'
  | 'job'
  | 'user'
  | 'organization'
  | 'membership'
  | 'issue'
  | 'comment'
  | 'guide'
  | 'invitation'
  | 'webhook'
  | 'event'
  | 'cloud-storage'
  | 'share'
  | 'quality-report'
  | 'quality-settings'
  | 'consensus-settings'
  | 'consensus-merge'
  | 'analytics'
  | 'function'
  | 'shared-function'
  /** Files of models: administrators only, so there is no rule. */
  | 'model'

/**
 * `where`: `personal` = the row has no organization; a role = the person has at least that role in the row's organization;
 * `anywhere` = wherever the row is.
 */
export type Rule = { resource: Resource; actions: string[]; where: 'personal' | 'anywhere' | Role; ties: Tie[]; group: Group }

const involved: Tie[] = ['owner', 'assignee', 'parent-owner', 'parent-assignee']
const staff: Tie[] = ['owner', 'parent-owner', 'parent-assignee']
const any: Tie[] = ['any']
const jobStaff: Tie[] = ['parent-owner', 'parent-assignee', 'job-assignee']

const rule = (resource: Resource, actions: string, where: Rule['where'], ties: Tie[], group: Group = 'none'): Rule => ({
  resource,
  actions: actions.split(' '),
  where,
  ties,
  group,
})

export const rules: Rule[] = [
  rule('project', 'create', 'personal', any, 'user'),
  rule('project', 'create', 'supervisor', any, 'user'),
  rule('project', 'view export', 'personal', ['owner', 'assignee']),
  rule('project', 'view export', 'worker', ['owner', 'assignee']),
  rule('project', 'view export', 'maintainer', any, 'user'),
  rule('project', 'update import', 'personal', ['owner', 'assignee'], 'worker'),
  rule('project', 'update import', 'worker', ['owner', 'assignee'], 'worker'),
  rule('project', 'update:assignee update:owner update:organization update:storage delete', 'personal', ['owner'], 'worker'),
  rule('project', 'update:assignee update:organization update:storage delete', 'worker', ['owner'], 'worker'),
  rule(
    'project',
    'update import update:assignee update:owner update:organization update:storage delete',
    'maintainer',
    any,
    'user',
  ),

  rule('task', 'create', 'personal', any, 'user'),
  rule('task', 'create', 'supervisor', any, 'user'),
  rule('task', 'create', 'worker', ['parent-owner', 'parent-assignee'], 'user'),
  rule('task', 'view export', 'personal', involved),
  rule('task', 'view export', 'worker', involved),
  rule('task', 'view export', 'maintainer', any, 'user'),
  rule('task', 'update annotate upload import', 'personal', involved, 'worker'),
  rule('task', 'update annotate upload import', 'worker', involved, 'worker'),
  rule('task', 'update:assignee update:owner update:project update:organization delete', 'personal', staff, 'worker'),
  rule('task', 'update:assignee update:owner update:project update:organization delete', 'worker', staff, 'worker'),
  rule('task', 'update:storage', 'personal', ['owner', 'parent-owner'], 'worker'),
  rule('task', 'update:storage', 'worker', ['owner', 'parent-owner'], 'worker'),
  rule('task', 'update annotate upload import', 'maintainer', any, 'user'),
  rule(
    'task',
    'update:assignee update:owner update:project update:organization update:storage delete',
    'maintainer',
    any,
    'user',
  ),

  // Of a job, the owners and assignees of its task and project count as parents.
  rule('job', 'view export', 'personal', ['assignee', 'parent-owner', 'parent-assignee']),
  rule('job', 'view export', 'worker', ['assignee', 'parent-owner', 'parent-assignee']),
  rule('job', 'view export', 'maintainer', any, 'user'),
  rule('job', 'update:state annotate import', 'personal', ['assignee', 'parent-owner', 'parent-assignee'], 'worker'),
  rule('job', 'update:state annotate import', 'worker', ['assignee', 'parent-owner', 'parent-assignee'], 'worker'),
  rule('job', 'update:stage update:assignee', 'personal', ['parent-owner', 'parent-assignee'], 'worker'),
  rule('job', 'update:stage update:assignee', 'worker', ['parent-owner', 'parent-assignee'], 'worker'),
  rule('job', 'create delete', 'personal', ['parent-owner', 'parent-assignee'], 'user'),
  rule('job', 'create delete', 'supervisor', ['parent-owner', 'parent-assignee'], 'user'),
  rule('job', 'create update:state annotate import update:stage update:assignee delete', 'maintainer', any, 'user'),

  // Of an issue, task and project count as parents; of a comment its issue too.
  rule('issue', 'create', 'personal', jobStaff, 'worker'),
  rule('issue', 'create', 'worker', jobStaff, 'worker'),
  rule('issue', 'view', 'personal', [...jobStaff, 'owner', 'assignee']),
  rule('issue', 'view', 'worker', [...jobStaff, 'owner', 'assignee']),
  rule('issue', 'update', 'personal', [...jobStaff, 'owner', 'assignee'], 'worker'),
  rule('issue', 'update', 'worker', [...jobStaff, 'owner', 'assignee'], 'worker'),
  rule('issue', 'delete', 'personal', staff, 'worker'),
  rule('issue', 'delete', 'worker', staff, 'worker'),
  rule('issue', 'create view update delete', 'maintainer', any, 'user'),
  rule('comment', 'create', 'personal', jobStaff, 'worker'),
  rule('comment', 'create', 'worker', jobStaff, 'worker'),
  rule('comment', 'view', 'personal', [...jobStaff, 'owner']),
  rule('comment', 'view', 'worker', [...jobStaff, 'owner']),
  rule('comment', 'update delete', 'personal', [...jobStaff, 'owner'], 'worker'),
  rule('comment', 'update delete', 'worker', [...jobStaff, 'owner'], 'worker'),
  rule('comment', 'create view update delete', 'maintainer', any, 'user'),

  // Owner and assignee of a guide are those of its task or project.
  rule('guide', 'view', 'personal', ['owner', 'assignee', 'job-assignee'], 'worker'),
  rule('guide', 'view', 'worker', ['owner', 'assignee', 'job-assignee'], 'worker'),
  rule('guide', 'create update delete', 'personal', ['owner', 'assignee'], 'user'),
  rule('guide', 'create update delete', 'worker', ['owner', 'assignee'], 'user'),
  rule('guide', 'create view update delete', 'maintainer', any, 'user'),

  rule('user', 'view update delete', 'personal', ['self']),

  rule('organization', 'create', 'personal', any, 'user'),
  rule('organization', 'view', 'worker', any),
  rule('organization', 'update', 'maintainer', any, 'worker'),
  rule('organization', 'delete', 'owner', any, 'worker'),
  rule('membership', 'view', 'worker', any),
  rule('membership', 'view', 'anywhere', ['self']),
  // The role after the colon is the one that the membership has or gets; nobody gives or takes the role of owner.
  rule('membership', 'change:worker change:supervisor delete:worker delete:supervisor', 'maintainer', any, 'user'),
  rule('membership', 'change:maintainer delete:maintainer transfer', 'owner', any, 'user'),
  rule('membership', 'leave:worker leave:supervisor leave:maintainer', 'worker', ['self'], 'worker'),

  // The owner of an invitation is who sent it, self is who was invited.
  rule('invitation', 'create:worker create:supervisor', 'maintainer', any, 'user'),
  rule('invitation', 'create:maintainer', 'owner', any, 'user'),
  rule('invitation', 'view', 'anywhere', ['owner', 'self']),
  rule('invitation', 'view resend delete', 'maintainer', any, 'user'),
  rule('invitation', 'resend delete', 'anywhere', ['owner'], 'worker'),
  rule('invitation', 'accept', 'anywhere', ['self']),

  // Parents of a webhook: its project. Webhooks of the server are for administrators, who need no rule.
  rule('webhook', 'create:project update delete', 'personal', ['owner', 'parent-owner'], 'worker'),
  rule('webhook', 'create:project update delete', 'worker', ['owner', 'parent-owner'], 'worker'),
  rule('webhook', 'view', 'personal', ['owner', 'parent-owner']),
  rule('webhook', 'view', 'worker', ['owner', 'parent-owner']),
  rule('webhook', 'create:project create:organization view update delete', 'maintainer', any, 'worker'),

  // The owner of an event is the person who caused it.
  rule('event', 'export', 'personal', ['owner'], 'worker'),
  rule('event', 'export', 'worker', ['owner'], 'worker'),
  rule('event', 'export', 'maintainer', any, 'worker'),

  rule('cloud-storage', 'create', 'personal', any, 'user'),
  rule('cloud-storage', 'create', 'maintainer', any, 'user'),
  rule('cloud-storage', 'view', 'personal', ['owner']),
  rule('cloud-storage', 'view', 'worker', ['owner']),
  rule('cloud-storage', 'view', 'supervisor', any, 'user'),
  rule('cloud-storage', 'update delete', 'personal', ['owner'], 'worker'),
  rule('cloud-storage', 'update delete', 'worker', ['owner'], 'worker'),
  rule('cloud-storage', 'update delete', 'maintainer', any, 'user'),
  rule('share', 'view', 'personal', any, 'user'),

  // Of reports and settings, owner and assignee are those of the task (or project), parents those of its project.
  rule('quality-report', 'create view', 'personal', involved, 'worker'),
  rule('quality-report', 'create view', 'worker', involved, 'worker'),
  rule('quality-report', 'create view', 'maintainer', any, 'user'),
  rule('quality-settings', 'view', 'personal', involved),
  rule('quality-settings', 'view', 'worker', involved),
  rule('quality-settings', 'view', 'maintainer', any, 'user'),
  rule('consensus-settings', 'view', 'personal', involved),
  rule('consensus-settings', 'view', 'worker', involved),
  rule('consensus-settings', 'view', 'maintainer', any, 'user'),
  rule('consensus-merge', 'create', 'personal', involved, 'worker'),
  rule('consensus-merge', 'create', 'worker', involved, 'worker'),
  rule('consensus-merge', 'create', 'maintainer', any, 'user'),

  // Functions that belong to somebody, and those that are for everybody: of the server, or public outside of organizations.
  rule('function', 'create', 'personal', any, 'user'),
  rule('function', 'create', 'supervisor', any, 'user'),
  rule('function', 'view', 'personal', ['owner']),
  rule('function', 'view', 'worker', any),
  rule('function', 'call', 'personal', ['owner'], 'worker'),
  rule('function', 'call', 'worker', any, 'worker'),
  rule('function', 'update delete serve', 'anywhere', ['owner'], 'worker'),
  rule('function', 'update delete', 'maintainer', any, 'user'),
  rule('shared-function', 'view', 'anywhere', any),
  rule('shared-function', 'call', 'anywhere', any, 'worker'),

  // The owner of figures is whose work they tell about; parents are the project and task that was worked on. `view:all` is about
  // everybody's work there.
  rule('analytics', 'view', 'personal', ['owner']),
  rule('analytics', 'view', 'worker', ['owner']),
  rule('analytics', 'view:all', 'personal', ['parent-owner', 'parent-assignee'], 'worker'),
  rule('analytics', 'view:all', 'worker', ['parent-owner', 'parent-assignee'], 'worker'),
  rule('analytics', 'view view:all', 'maintainer', any, 'user'),
]
