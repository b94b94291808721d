// Who may see, call and change which function, by the rules.
import { and, eq, isNull, or, type SQL } from 'drizzle-orm'
import { forbidden, notFound } from '../http/errors'
import { can, scope } from '../policy/can'
import type { OrgContext, Who } from '../policy/who'
import type { FunctionAccess, FunctionInfo } from './contract'
import { findFunction } from './providers'
import { functions } from './schema'

export type FunctionAction = 'view' | 'call' | 'update' | 'delete' | 'serve'

/** Functions of the server, and public ones that belong to no organization. */
const isShared = (access: FunctionAccess | undefined) =>
  !access || (access.visibility === 'public' && access.organizationId === null)

export const mayDo = (who: Who, action: FunctionAction, { access }: Pick<FunctionInfo, 'access'>): boolean =>
  (isShared(access) && can(who, 'shared-function', action, {})) || (!!access && can(who, 'function', action, access))

/** The condition on stored functions that is the same as `view`. */
export const visibleTo = (who: Who, context: OrgContext): SQL => {
  const columns = { organizationId: functions.organizationId as any, ownerId: functions.ownerId as any }
  const isPublic = and(eq(functions.visibility, 'public'), isNull(functions.organizationId))
  return or(
    scope(who, 'function', 'view', columns, context),
    and(isPublic, scope(who, 'shared-function', 'view', columns, context)),
  )!
}

/** A function that the person may see. Throws 404 for one that is not there or that is not for them, 403 for what they may not do. */
export const getFunction = async (who: Who, id: string, action: FunctionAction = 'view'): Promise<FunctionInfo> => {
  const info = await findFunction(id)
  if (!info || !mayDo(who, 'view', info)) throw notFound(`There is no function "${id.slice(0, 100)}".`)
  if (action !== 'view' && !mayDo(who, action, info)) throw forbidden()
  return info
}
