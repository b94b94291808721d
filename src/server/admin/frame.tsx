// The frame of the administration: a heading and its tabs; for administrators only.

import type { Children } from '@kitajs/html'
import { PageHead } from '../../web/ui/form'
import { say, t } from '../../web/ui/i18n/message'
import { type Fields, type Page, receiveForm, showPage, type Visit } from '../auth/service'
import { forbidden } from '../http/errors'

const tabs = [
  { path: '/admin', label: 'Health' },
  { path: '/admin/users', label: 'Users' },
  { path: '/admin/groups', label: 'Groups' },
  { path: '/admin/storage', label: 'Storage' },
  { path: '/admin/audit', label: 'Audit log' },
  { path: '/admin/webhooks', label: 'Webhooks' },
  { path: '/admin/settings', label: 'Settings' },
] as const
export type Tab = (typeof tabs)[number]['path']

type FrameProps = { tab: Tab; title: string; actions?: JSX.Element; children?: Children }

export const AdminFrame = ({ tab, title, actions, children }: FrameProps): JSX.Element => (
  <div data-testid="admin">
    <PageHead title={title} crumbs={[{ href: '/admin', label: t('Administration') }]}>
      {actions as 'safe'}
    </PageHead>
    <nav class="mb-4 flex gap-1 overflow-x-auto border-b border-line" aria-label={t('Administration')}>
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
    {children}
  </div>
)

type AdminPage = (visit: Visit, params: Record<string, string>) => Promise<Page | Response>

const requireAdmin = ({ who }: Visit) => {
  if (!who.admin) throw forbidden()
}

/** showPage() for administrators; others get 403. */
export const showAdminPage = (handler: AdminPage) =>
  showPage(async (visit, params) => {
    requireAdmin(visit)
    return handler(visit, params)
  })

/** receiveForm() for administrators. */
export const receiveAdminForm = (
  handler: (visit: Visit, fields: Fields, params: Record<string, string>) => Promise<Page | Response>,
) =>
  receiveForm(async (visit, fields, params) => {
    requireAdmin(visit)
    return handler(visit, fields, params)
  })
