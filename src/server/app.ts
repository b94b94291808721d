// Table of contents of the server: one line per feature.
import { Elysia } from 'elysia'
import { admin } from './admin/routes'
import { annotations } from './annotations/routes'
import { requestRate } from './auth/request-rate'
import { auth } from './auth/routes'
import { backups } from './backups/routes'
import { calibration } from './calibration/routes'
import { cloudShapes } from './cloud-shapes/routes'
import { cloudStorages } from './cloud-storages/routes'
import { clouds } from './clouds/routes'
import { consensus } from './consensus/routes'
import { growing } from './data/growing/routes'
import { data } from './data/routes'
import { tiles } from './data/tiles'
import { jobVideo } from './data/video'
import { projectImports } from './datasets/project-routes'
import { datasets } from './datasets/routes'
import { events } from './events/routes'
import { find } from './find/routes'
import { lambda } from './functions/lambda-routes'
import { models } from './functions/onnx/routes'
import { functions } from './functions/routes'
import { guides } from './guides/routes'
import { createKit } from './http/server-kit'
import { invitations } from './invitations/routes'
import { issues } from './issues/routes'
import { jobs } from './jobs/routes'
import { labels } from './labels/routes'
import { organizations } from './organizations/routes'
import { errorPage, pages } from './pages'
import { projects } from './projects/routes'
import { quality } from './quality/routes'
import { requests } from './requests/routes'
import { revisions } from './revisions/routes'
import { isPlanned } from './schema/contract'
import { createSchemaRoutes } from './schema/routes'
import { server } from './server/routes'
import { share } from './share/routes'
import { stream } from './stream/routes'
import { suspects } from './suspects/routes'
import { tasks } from './tasks/routes'
import { validationLayouts } from './tasks/validation/routes'
import { growth } from './users/growth'
import { users } from './users/routes'
import { webhooks } from './webhooks/routes'

/** Largest body of one request; larger files come in pieces. */
const maxBodyBytes = 2 ** 31

/** The whole HTTP interface, not yet listening. */
export const createApp = () => {
  const app: Elysia = new Elysia({
    normalize: false,
    serve: { maxRequestBodySize: maxBodyBytes, idleTimeout: 120, development: false },
  }) as any
  // Types of so many routes at once are more than the compiler takes, and nobody asks for them.
  const served = app
    .use(createKit(() => app.routes, errorPage, isPlanned))
    .use(requestRate)
    .use(server)
    .use(share)
    .use(cloudStorages)
    .use(auth)
    .use(users)
    .use(webhooks)
    .use(events)
    .use(growth)
    .use(admin)
    .use(organizations)
    .use(invitations)
    .use(backups)
    .use(projects)
    .use(tasks)
    .use(validationLayouts)
    .use(jobs)
    .use(labels)
    .use(issues)
    .use(guides)
    .use(find)
    .use(requests) as unknown as Elysia
  return served
    .use(quality)
    .use(consensus)
    .use(lambda)
    .use(functions)
    .use(models)
    .use(suspects)
    .use(data)
    .use(growing)
    .use(jobVideo)
    .use(tiles)
    .use(clouds)
    .use(calibration)
    .use(cloudShapes)
    .use(annotations)
    .use(revisions)
    .use(stream)
    .use(datasets)
    .use(projectImports)
    .use(createSchemaRoutes(() => app))
    .use(pages)
}
export type App = ReturnType<typeof createApp>
