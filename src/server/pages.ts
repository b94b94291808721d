// All pages: one .use() line per feature, the start page, and what is shown when a page fails.
import { Elysia } from 'elysia'
import { adminPages } from './admin/page'
import { analyticsPages } from './analytics/page'
import { frameForms } from './auth/frame-forms'
import { authPages, showLogin } from './auth/page'
import { showErrorPage } from './auth/service'
import { calibrationPages } from './calibration/page'
import { cloudShapePages } from './cloud-shapes/page'
import { cloudStoragePages } from './cloud-storages/page'
import { consensusPages } from './consensus/page'
import { findPages } from './find/page'
import { annotatePages } from './functions/annotate-page'
import { modelPages } from './functions/models-page'
import { guidePages } from './guides/page'
import { assets } from './http/assets'
import { brand } from './http/brand'
import { narrowing } from './http/narrow-list'
import { jobPages } from './jobs/page'
import { organizationPages } from './organizations/page'
import { projectPages } from './projects/page'
import { qualityPages } from './quality/page'
import { removalPages } from './removal/page'
import { requestPages } from './requests/page'
import { serverPages } from './server/page'
import { suspectPages } from './suspects/page'
import { startPage, taskPages } from './tasks/page'
import { transferPages } from './transfers/page'
import { profilePages } from './users/page'
import { setupPages } from './users/setup-page'
import { webhookPages } from './webhooks/page'

/** For http/server-kit.ts: a failed page request as HTML; 401 leads to sign-in. */
export const errorPage = showErrorPage

/** `//` comes from clients that join addresses carelessly and check what the bare address answers: 200 for strangers too. */
const showStart = async (context: { request: Request }) =>
  (new URL(context.request.url).pathname === '//' && (await showLogin(context.request))) || startPage(context)

/** Nobody speaks to pages by their types, which would only burden the compiler. */
export const pages: Elysia = new Elysia({ name: 'pages', detail: { hide: true } })
  .use(assets)
  .use(brand)
  .use(authPages)
  .use(frameForms)
  .use(projectPages)
  .use(taskPages)
  .use(calibrationPages)
  .use(cloudShapePages)
  .use(jobPages)
  .use(requestPages)
  .use(qualityPages)
  .use(consensusPages)
  .use(removalPages)
  .use(transferPages)
  .use(narrowing)
  .use(profilePages)
  .use(setupPages)
  .use(organizationPages)
  .use(analyticsPages)
  .use(findPages)
  .use(suspectPages)
  .use(webhookPages)
  .use(cloudStoragePages)
  .use(guidePages)
  .use(adminPages)
  .use(serverPages)
  .use(modelPages)
  .use(annotatePages)
  .get('/', showStart)
  .get('//', showStart) as any
