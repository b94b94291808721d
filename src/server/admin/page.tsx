// Pages of the administration and of the first steps: which address shows what.
import { Elysia } from 'elysia'
import { showAudit } from './audit-page'
import { showFigures } from './figures-page'
import { showOverview } from './overview-page'
import { receiveSettings, showSettings, showWelcome } from './settings-page'
import { receiveFree, showStorage } from './storage-page'
import { receiveNewUser, receivePassword, receiveUser, showNewUser, showUser } from './user-form-page'
import { showGroups, showUsers } from './users-page'

export const adminPages = new Elysia({ name: 'admin-pages', detail: { hide: true } })
  .get('/admin', showOverview)
  .get('/admin/figures', showFigures)
  .get('/admin/users', showUsers)
  .get('/admin/users/create', showNewUser)
  .post('/admin/users/create', receiveNewUser)
  .get('/admin/users/:id', showUser)
  .post('/admin/users/:id', receiveUser)
  .post('/admin/users/:id/password', receivePassword)
  .get('/admin/groups', showGroups)
  .get('/admin/storage', showStorage)
  .post('/admin/storage/free', receiveFree)
  .get('/admin/audit', showAudit)
  .get('/admin/settings', showSettings)
  .post('/admin/settings', receiveSettings)
  .get('/welcome', showWelcome)
