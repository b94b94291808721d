// Backups of tasks and projects: …/backup/export, and POST /api/{tasks,projects}/backup.
import { Elysia, t } from 'elysia'
import { signedIn } from '../auth/service'
import { readCloudFile } from '../cloud-storages/service'
import { invalid, refused } from '../http/errors'
import { createUploadRoutes, type Finish, type UploadContext } from '../http/upload-routes'
import { takeUpload, uploadNamed } from '../http/uploads'
import { startRequest } from '../requests/service'
import { type BackupTarget, planBackup } from './export'
import { authorizeRestore, planRestore } from './restore'

const targets = ['task', 'project'] as const
const isOff = (text: string | undefined) => text !== undefined && /^(0|false|no)$/i.test(text)

const exportRoutes = new Elysia({ prefix: '/api', tags: ['backups'] }).use(signedIn)
for (const target of targets)
  exportRoutes.post(
    `/${target}s/:id/backup/export`,
    async ({ who, params, query, set }) => {
      const plan = await planBackup(who, target, params.id, query, !isOff(query.lightweight))
      set.status = 202
      return { rq_id: (await startRequest(who, plan)).id }
    },
    { params: t.Object({ id: t.Numeric() }) },
  )

const finish = async (context: UploadContext, target: BackupTarget, purpose: string, { announced, files }: Finish) => {
  const { who, query } = context
  const organization = await context.organization()
  const file = `data/imports/${crypto.randomUUID()}`
  if (!announced && !files.length) {
    const cloud = await readCloudFile(who, query, null)
    if (!cloud) throw invalid({ [`${target}_file`]: 'No file was submitted.' })
    if (!cloud.filename) throw refused('The filename was not specified')
    return { rq_id: (await startRequest(who, planRestore(who, target, organization, file, cloud))).id }
  }
  if (files.length > 1) throw refused('Only one backup can be restored at a time.')
  const upload = files[0] ?? (await uploadNamed(who.user.id, purpose, query.filename ?? ''))
  const plan = planRestore(who, target, organization, file)
  await takeUpload(upload, file)
  return { rq_id: (await startRequest(who, plan)).id }
}

const createRestoreRoutes = (target: BackupTarget) =>
  createUploadRoutes({
    path: `/api/${target}s/backup`,
    signedIn,
    names: 'fresh',
    accepts: (field) => field === `${target}_file`,
    authorize: async (context) => {
      authorizeRestore(context.who, target, await context.organization())
      return `${target}-backup`
    },
    onFinish: (context, purpose, sent) => finish(context, target, purpose, sent),
  })

export const backups = new Elysia().use(exportRoutes).use(createRestoreRoutes('task')).use(createRestoreRoutes('project'))
