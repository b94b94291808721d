// POST /api/projects/{id}/dataset: datasets whose subsets become tasks.
import { signedIn } from '../auth/service'
import { readCloudFile } from '../cloud-storages/service'
import { ApiError, invalid, refused } from '../http/errors'
import { createUploadRoutes, type Finish, type UploadContext } from '../http/upload-routes'
import { takeUpload, uploadNamed } from '../http/uploads'
import { startRequest } from '../requests/service'
import { readFlag } from './import-options'
import { authorizeProjectImport, planProjectImport, requireArchiveName } from './project-import'

const readId = ({ params }: UploadContext) => {
  if (!/^\d{1,9}$/.test(params.id ?? '')) throw new ApiError(404, { detail: 'Not found.' })
  return Number(params.id)
}
const readOptions = ({ query }: UploadContext) => ({
  format: query.format ?? '',
  masksToPolygons: readFlag(query.conv_mask_to_poly, true),
})

const finish = async (context: UploadContext, purpose: string, { announced, files }: Finish) => {
  const { who, query } = context
  const id = readId(context)
  const options = readOptions(context)
  const file = `data/imports/${crypto.randomUUID()}`
  if (!announced && !files.length) {
    const { sourceStorage } = await authorizeProjectImport(who, id, options.format)
    const cloud = await readCloudFile(who, query, sourceStorage)
    if (!cloud) throw invalid({ dataset_file: 'No file was submitted.' })
    if (!cloud.filename) throw refused('The filename was not specified')
    requireArchiveName(cloud.filename)
    return { rq_id: (await startRequest(who, await planProjectImport(who, id, file, options, cloud))).id }
  }
  if (files.length > 1) throw refused('Only one dataset can be imported at a time.')
  const upload = files[0] ?? (await uploadNamed(who.user.id, purpose, query.filename ?? ''))
  requireArchiveName(upload.name)
  const plan = await planProjectImport(who, id, file, options)
  await takeUpload(upload, file)
  return { rq_id: (await startRequest(who, plan)).id }
}

export const projectImports = createUploadRoutes({
  path: '/api/projects/:id/dataset',
  signedIn,
  names: 'fresh',
  accepts: (field) => field === 'dataset_file',
  authorize: async (context) => {
    await authorizeProjectImport(context.who, readId(context), context.query.format || undefined)
    return `project-dataset:${readId(context)}`
  },
  onFinish: finish,
})
