// What the list of models and the page of one have in common.
import { t } from '../../web/ui/i18n/message'
import type { loadPeople } from '../users/service'
import type { FunctionInfo } from './contract'
import { findObstacle } from './words'

export type Owners = Awaited<ReturnType<typeof loadPeople>>

export const pathOf = ({ id }: FunctionInfo) => `/models/${encodeURIComponent(id)}`

export const State = ({ info }: { info: FunctionInfo }) => {
  const obstacle = findObstacle(info)
  return (
    <span
      class="badge"
      data-tone={obstacle ? (info.runs === 'browser' ? 'info' : 'warning') : 'success'}
      data-testid="model-state"
      safe
    >
      {t(obstacle ?? 'Ready')}
    </span>
  )
}

export const ownerOf = ({ access }: FunctionInfo, owners: Owners) =>
  access?.ownerId ? (owners.get(access.ownerId)?.username ?? '') : t('Server')
