// What tables and pages offer, and the permission that each needs.

export const thingActions = {
  update: 'update',
  assign: 'update:assignee',
  export: 'export',
  import: 'import',
  move: 'update:organization',
  storage: 'update:storage',
  regroup: 'update:project',
  remove: 'delete',
} as const
export const jobActions = {
  assign: 'update:assignee',
  stage: 'update:stage',
  state: 'update:state',
  export: 'export',
  import: 'import',
  remove: 'delete',
} as const

/** Of a project or task. */
export type ThingRights = Record<keyof typeof thingActions, boolean>
export type JobRights = Record<keyof typeof jobActions, boolean>
