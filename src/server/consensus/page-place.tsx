// The task that the pages of consensus are about, with what the person may do there; heading and tabs.
import type { Children } from '@kitajs/html'
import { PageHead } from '../../web/ui/form'
import { t } from '../../web/ui/i18n/message'
import { readId, type Visit } from '../auth/service'
import { authorize, can } from '../policy/can'
import { getTask, type TaskRow, taskFacts } from '../tasks/service'

export type ConsensusPlace = {
  id: number
  name: string
  path: string
  crumbs: { href: string; label: string }[]
  row: TaskRow
  isEnabled: boolean
  mayMerge: boolean
  mayUpdate: boolean
}

/** Throws 404 or 403 unless the person may see the task. */
export const loadPlace = async ({ who }: Visit, params: Record<string, string>): Promise<ConsensusPlace> => {
  const id = readId(params)
  const row = await getTask(who, id)
  const { task, project } = row
  const facts = taskFacts(row)
  authorize(who, 'consensus-settings', 'view', facts)
  return {
    id,
    name: task.name,
    path: `/tasks/${id}/consensus`,
    crumbs: [
      ...(project ? [{ href: `/projects/${project.id}`, label: project.name }] : [{ href: '/tasks', label: t('Tasks') }]),
      { href: `/tasks/${id}`, label: task.name },
    ],
    row,
    isEnabled: task.consensusReplicas > 0,
    mayMerge: can(who, 'consensus-merge', 'create', facts),
    mayUpdate: can(who, 'task', 'update', facts),
  }
}

export const tabs = ['merging', 'agreement', 'settings'] as const
export type Tab = (typeof tabs)[number]

const labelOf = (tab: Tab) => ({ merging: t('Merging'), agreement: t('Agreement'), settings: t('Settings') })[tab]

/** Agreement is for those who may merge. */
export const tabsOf = ({ mayMerge }: ConsensusPlace): Tab[] => tabs.filter((tab) => mayMerge || tab !== 'agreement')

export const readTab = (place: ConsensusPlace, text: string | undefined): Tab =>
  tabsOf(place).find((tab) => tab === text) ?? 'merging'

export const ConsensusFrame = ({
  place,
  tab,
  children,
}: {
  place: ConsensusPlace
  tab: Tab
  children?: Children
}): JSX.Element => (
  <div data-testid="consensus" data-tab={tab}>
    <PageHead title={t('Consensus')} crumbs={place.crumbs} />
    {place.isEnabled ? (
      <nav class="mb-4 flex gap-1 overflow-x-auto border-b border-line" aria-label={t('Consensus')}>
        {tabsOf(place).map((one) => (
          <a
            class="tab"
            href={one === 'merging' ? place.path : `${place.path}?tab=${one}`}
            aria-current={one === tab ? 'page' : undefined}
            data-testid={`consensus-tab-${one}`}
            safe
          >
            {labelOf(one)}
          </a>
        ))}
      </nav>
    ) : (
      ''
    )}
    {children}
  </div>
)
