// Functions that are kept in the database (of agents and HTTP addresses), their versions, agents, and what agents are asked to do.
import { bool, id, index, int, json, real, table, text, time, unique } from '../db/dialect'
import { organizations } from '../organizations/schema'
import { tasks } from '../tasks/schema'
import { users } from '../users/schema'
import type { FunctionKind, FunctionLabel } from './contract'

/** What a function says about itself beside its name; fields are those of the API. */
export type FunctionSpec = {
  labels_v2?: FunctionLabel[]
  min_pos_points?: number
  min_neg_points?: number
  startswith_box?: boolean
  startswith_box_optional?: boolean
  supported_shape_types?: string[]
}

export const functions = table(
  'functions',
  {
    id: id(),
    provider: text('provider').$type<'agent' | 'http'>().notNull(),
    name: text('name').notNull(),
    description: text('description').notNull().default(''),
    kind: text('kind').$type<FunctionKind>().notNull(),
    visibility: text('visibility').$type<'public' | 'private'>().notNull().default('private'),
    ownerId: int('owner_id').references(() => users.id, { onDelete: 'cascade' }),
    organizationId: int('organization_id').references(() => organizations.id, { onDelete: 'cascade' }),
    spec: json('spec').$type<FunctionSpec>().notNull(),
    /** Of HTTP functions: where they are called, and what proves that we may (sealed). */
    url: text('url'),
    apiKey: text('api_key'),
    version: int('version').notNull().default(1),
    createdDate: time('created_date').notNull(),
    updatedDate: time('updated_date').notNull(),
  },
  (t) => [index('functions_owner').on(t.ownerId), index('functions_organization').on(t.organizationId)],
)

/** How a function was, version by version. `functionKey` is its id among all providers. */
export const functionVersions = table(
  'function_versions',
  {
    id: id(),
    functionKey: text('function_key').notNull(),
    version: int('version').notNull(),
    note: text('note').notNull().default(''),
    detail: json('detail').$type<Record<string, unknown>>().notNull(),
    userId: int('user_id').references(() => users.id, { onDelete: 'set null' }),
    createdDate: time('created_date').notNull(),
  },
  (t) => [unique('function_versions_version').on(t.functionKey, t.version)],
)

/** Programs on other machines that work for a function, as far as they have been heard of. */
export const functionAgents = table(
  'function_agents',
  {
    id: id(),
    functionId: int('function_id')
      .notNull()
      .references(() => functions.id, { onDelete: 'cascade' }),
    /** Chosen by the agent itself. */
    agentId: text('agent_id').notNull(),
    userId: int('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    seenDate: time('seen_date').notNull(),
  },
  (t) => [unique('function_agents_agent').on(t.functionId, t.agentId)],
)

export type AgentStatus = 'queued' | 'started' | 'failed' | 'finished'

/** What agents are asked to do: one row an annotation request. */
export const functionRequests = table(
  'function_requests',
  {
    /** Random. */
    id: text('id').primaryKey(),
    functionId: int('function_id')
      .notNull()
      .references(() => functions.id, { onDelete: 'cascade' }),
    category: text('category').$type<'batch' | 'interactive'>().notNull(),
    type: text('type').notNull(),
    params: json('params').$type<Record<string, unknown>>().notNull(),
    status: text('status').$type<AgentStatus>().notNull(),
    userId: int('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    taskId: int('task_id')
      .notNull()
      .references(() => tasks.id, { onDelete: 'cascade' }),
    jobId: int('job_id'),
    /** The public request that it is part of. */
    requestId: text('request_id'),
    /** Who asks waits for the answer, so nothing is stored. */
    isAwaited: bool('is_awaited').notNull().default(false),
    agentId: text('agent_id'),
    /** The agent has to be heard of before. */
    leaseDate: time('lease_date'),
    attempts: int('attempts').notNull().default(0),
    /** 0…1. */
    progress: real('progress').notNull().default(0),
    error: text('error').notNull().default(''),
    result: json('result').$type<Record<string, unknown>>(),
    createdDate: time('created_date').notNull(),
    startedDate: time('started_date'),
    finishedDate: time('finished_date'),
  },
  (t) => [
    index('function_requests_function').on(t.functionId, t.category, t.status),
    index('function_requests_user').on(t.userId),
    index('function_requests_task').on(t.taskId),
    index('function_requests_request').on(t.requestId),
  ],
)
