// Exports and imports of annotations: …/dataset/export and POST …/annotations/.
import { Elysia, t } from 'elysia'
import { signedIn } from '../auth/service'
import { readCloudFile } from '../cloud-storages/service'
import { ApiError, invalid, refused } from '../http/errors'
import { createUploadRoutes, type Finish, type UploadContext } from '../http/upload-routes'
import { takeUpload, uploadNamed } from '../http/uploads'
import { startRequest } from '../requests/service'
import { planExport } from './export'
import { authorizeImport, planImport } from './import'
import { readFlag, readImportOptions } from './import-options'
import { inspections } from './inspect/routes'

const id = t.Object({ id: t.Numeric() })

const exportRoutes = new Elysia({ prefix: '/api', tags: ['datasets'] }).use(signedIn)
for (const target of ['project', 'task', 'job'] as const)
  exportRoutes.post(
    `/${target}s/:id/dataset/export`,
    async ({ who, origin, params, query, set }) => {
      const plan = await planExport(who, target, params.id, {
        format: query.format ?? '',
        saveImages: readFlag(query.save_images, false),
        origin,
        query,
      })
      set.status = 202
      return { rq_id: (await startRequest(who, plan)).id }
    },
    { params: id },
  )
const readId = ({ params }: UploadContext) => {
  if (!/^\d+$/.test(params.id ?? '')) throw new ApiError(404, { detail: 'Not found.' })
  return Number(params.id)
}

const createImportRoutes = (target: 'task' | 'job') =>
  createUploadRoutes({
    path: `/api/${target}s/:id/annotations`,
    signedIn,
    names: 'fresh',
    accepts: (field) => field === 'annotation_file',
    authorize: async (context) => {
      // The format is asked for at the end; what comes before tells none.
      await authorizeImport(context.who, target, readId(context), context.query.format || undefined)
      return `${target}-annotations:${readId(context)}`
    },
    onFinish: async (context, purpose, finish: Finish) => {
      const { announced, files } = finish
      const options = readImportOptions(context.query, finish)
      if (!announced && !files.length) {
        const { task } = await authorizeImport(context.who, target, readId(context), context.query.format ?? '')
        const cloud = await readCloudFile(context.who, context.query, task.sourceStorage)
        if (!cloud) throw invalid({ annotation_file: 'No file was submitted.' })
        if (!cloud.filename) throw invalid({ filename: 'This field is required.' })
        const file = `data/imports/${crypto.randomUUID()}`
        const plan = await planImport(context.who, target, readId(context), file, options, cloud)
        return { rq_id: (await startRequest(context.who.user.id, plan)).id }
      }
      if (files.length > 1) throw refused('Only one annotation file can be imported at a time.')
      const upload = files[0] ?? (await uploadNamed(context.who.user.id, purpose, context.query.filename ?? ''))
      const file = `data/imports/${crypto.randomUUID()}`
      const plan = await planImport(context.who, target, readId(context), file, options)
      await takeUpload(upload, file)
      return { rq_id: (await startRequest(context.who, plan)).id }
    },
  })

export const datasets = new Elysia()
  .use(exportRoutes)
  .use(inspections)
  .use(createImportRoutes('task'))
  .use(createImportRoutes('job'))
