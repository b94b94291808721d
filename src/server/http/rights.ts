// Which actions on a thing a person may do, so that pages offer nothing that would be refused.
import { can, type Facts } from '../policy/can'
import type { Resource } from '../policy/rules'
import type { Who } from '../policy/who'

/** Asks for each named action: `{ remove: 'delete' }` → `{ remove: true }`. */
export const readRights = <K extends string>(who: Who, resource: Resource, actions: Record<K, string>, facts: Facts) =>
  Object.fromEntries(
    Object.entries<string>(actions).map(([name, action]) => [name, can(who, resource, action, facts)]),
  ) as Record<K, boolean>
