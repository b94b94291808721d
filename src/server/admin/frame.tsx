// The frame of the administration: a heading and its tabs; for administrators only.

import type { Children } from '@kitajs/html'
import { type AdminTab, AdminTabs } from '../../web/ui/admin-tabs'
import { PageHead } from '../../web/ui/form'
import { t } from '../../web/ui/i18n/message'
import { type Fields, type Page, receiveForm, showPage, type Visit } from '../auth/service'
import { forbidden } from '../http/errors'

type FrameProps = { tab: AdminTab; title: string; actions?: JSX.Element; children?: Children }

export const AdminFrame = ({ tab, title, actions, children }: FrameProps): JSX.Element => (
  <div data-testid="admin">
    <PageHead title={title} crumbs={[{ href: '/admin', label: t('Administration') }]}>
      {actions as 'safe'}
    </PageHead>
    <AdminTabs tab={tab} />
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
