// POST /api/{projects,tasks,jobs}/{id}/dataset/inspect: a dry run of an import.
import { Elysia } from 'elysia'
import { signedIn } from '../../auth/service'
import { readCloudFile } from '../../cloud-storages/service'
import { ApiError, invalid, refused } from '../../http/errors'
import { createUploadRoutes, type UploadContext } from '../../http/upload-routes'
import { freshenUpload, uploadFile, uploadNamed } from '../../http/uploads'
import { startRequest } from '../../requests/service'
import { readImportOptions } from '../import-options'
import { authorizeInspection, type InspectedFile, type InspectTarget, planInspection } from './plan'

const readId = ({ params }: UploadContext) => {
  if (!/^\d+$/.test(params.id ?? '')) throw new ApiError(404, { detail: 'Not found.' })
  return Number(params.id)
}

/** What uploads are for: the same as those of the import, which may take the inspected file. */
const purposeOf = (target: InspectTarget, id: number) =>
  target === 'project' ? `project-dataset:${id}` : `${target}-annotations:${id}`

const fileFields = new Set(['annotation_file', 'dataset_file', 'file'])

const createRoutes = (target: InspectTarget) =>
  createUploadRoutes({
    path: `/api/${target}s/:id/dataset/inspect`,
    signedIn,
    names: 'fresh',
    accepts: (field) => fileFields.has(field),
    authorize: async (context) => {
      await authorizeInspection(context.who, target, readId(context))
      return purposeOf(target, readId(context))
    },
    onFinish: async (context, purpose, finish) => {
      const { who, query } = context
      const id = readId(context)
      const start = async (inspected: InspectedFile) => {
        const plan = await planInspection(who, target, id, inspected, readImportOptions(query, finish))
        return { rq_id: (await startRequest(who, plan)).id }
      }
      const [first, ...others] = finish.files
      if (others.length) throw refused('Only one file can be inspected at a time.')
      const filename = query.filename ?? (typeof finish.body.filename === 'string' ? finish.body.filename : undefined)
      if (!first && !finish.announced && query.location !== undefined) {
        const { sourceStorage } = await authorizeInspection(who, target, id)
        const cloud = await readCloudFile(who, query, sourceStorage)
        if (!cloud) throw invalid({ file: 'No file was submitted.' })
        if (!cloud.filename) throw invalid({ filename: 'This field is required.' })
        return start({ file: `data/imports/${crypto.randomUUID()}`, cloud })
      }
      if (!first && !filename) throw invalid({ file: 'No file was submitted.' })
      const upload = first ? await freshenUpload(first) : await uploadNamed(who.user.id, purpose, filename!)
      return start({ file: uploadFile(upload.id), upload: { name: upload.name } })
    },
  })

export const inspections = new Elysia().use(createRoutes('project')).use(createRoutes('task')).use(createRoutes('job'))
