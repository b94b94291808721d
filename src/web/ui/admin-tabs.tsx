// The tabs of the administration, which pages of several features stand under.
import { say, t } from './i18n/message'

const tabs = [
  { path: '/admin', label: 'Health' },
  { path: '/admin/figures', label: 'Figures' },
  { path: '/admin/users', label: 'Users' },
  { path: '/admin/groups', label: 'Groups' },
  { path: '/admin/storage', label: 'Storage' },
  { path: '/admin/audit', label: 'Audit log' },
  { path: '/analytics', label: 'Analytics' },
  { path: '/admin/webhooks', label: 'Webhooks' },
  { path: '/admin/settings', label: 'Settings' },
] as const
export type AdminTab = (typeof tabs)[number]['path']

export const AdminTabs = ({ tab }: { tab: AdminTab }): JSX.Element => (
  <nav class="tabs mb-4 flex gap-1 overflow-x-auto border-b border-line" aria-label={t('Administration')}>
    {tabs.map(({ path, label }) => (
      <a
        class="tab"
        href={path}
        aria-current={path === tab ? 'page' : undefined}
        data-testid={`admin-tab-${label.toLowerCase().replace(' ', '-')}`}
      >
        {say(label)}
      </a>
    ))}
  </nav>
)
