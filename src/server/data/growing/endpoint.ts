// The upload endpoint for further frames of a task: the bodies of its data, and the same ways to send files.
import { ApiError, invalid, notFound } from '../../http/errors'
import type { UploadContext, UploadEndpoint } from '../../http/upload-routes'
import { listUploads, removeUploads, settleUploads } from '../../http/uploads'
import { whyUnsupported } from '../../media/media-kinds'
import { getTask } from '../../tasks/service'
import { authorizeOrigins, namesFiles, refuseForeignUploads } from '../attach'
import { appendPurpose } from '../files'
import { readFields, readParameters } from '../parameters'
import { startAppend } from './append'
import { requireGrowable } from './growable'

const authorizeAppend = async ({ who, params }: UploadContext): Promise<string> => {
  if (!/^\d{1,9}$/.test(params.id ?? '')) throw notFound()
  const id = Number(params.id)
  await requireGrowable(id, (await getTask(who, id, 'upload')).data)
  return appendPurpose(id)
}

const maxSegment = 2 ** 31 - 1
const readSegmentSize = (value: unknown): number | null => {
  if (value === undefined || value === null || value === '') return null
  const size = Number(value)
  if (!Number.isInteger(size) || size < 0 || size > maxSegment) throw invalid({ segment_size: 'A valid integer is required.' })
  return size
}

/**
 * What concerns the whole task (quality, chunk size, cache) is settled and stays as it is; `segment_size` beside the fields of the data
 * says how long the new jobs are, 0 for one job.
 */
export const appendEndpoint: Omit<UploadEndpoint, 'path' | 'signedIn'> = {
  names: 'kept',
  accepts: (field) => /^client_files(\[\d*\])?$/.test(field),
  authorize: authorizeAppend,
  onStart: async ({ who }, purpose) => removeUploads(await listUploads(who.user.id, purpose)),
  onFinish: async ({ who, params }, purpose, { body, fields }) => {
    const { client_files: listed, segment_size, ...sent } = { ...body, ...readFields(fields) }
    if (Array.isArray(listed) && listed.length)
      throw invalid({ client_files: 'Files are sent as parts of a form, or beforehand.' })
    const parameters = readParameters(sent)
    if (parameters.validation) throw invalid({ validation_params: 'Validation is settled when the task gets its first data.' })
    const segmentSize = readSegmentSize(segment_size)
    if (segmentSize !== null && parameters.jobFiles)
      throw invalid({ segment_size: 'Cannot be used together with job_file_mapping.' })
    const uploads = await settleUploads(who.user.id, purpose)
    await authorizeOrigins(who, parameters)
    if (!uploads.length && !namesFiles(parameters)) await refuseForeignUploads(purpose)
    const problems = uploads.flatMap(({ name }) => whyUnsupported(name) ?? [])
    if (problems.length) throw new ApiError(400, { client_files: problems.slice(0, 20) })
    return { rq_id: await startAppend(who, Number(params.id), { parameters, segmentSize }) }
  },
}
