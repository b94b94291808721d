// /api/models: files of models for administrators (sent to /api/models/files), a try-out for all who may call them, decoders for browsers.
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { Elysia, t } from 'elysia'
import { findSender, signedIn } from '../../auth/service'
import { config } from '../../config'
import { tx } from '../../db/open'
import { recordChange } from '../../events/service'
import { ApiError, forbidden, found, invalid, tooLarge } from '../../http/errors'
import { createUploadRoutes, type Finish, type UploadContext } from '../../http/upload-routes'
import { localUpload, removeUploads, settleUploads } from '../../http/uploads'
import { probePicture } from '../../media/read-pixels'
import { MediaError } from '../../media/task-media'
import { authorize } from '../../policy/can'
import type { Who } from '../../policy/who'
import { getFunction } from '../access'
import { orExplain } from '../answer-errors'
import { countCall } from '../quotas'
import { findModel, type GoodVersion, isGood, listModels, type ModelVersion } from './catalogue'
import { ModelError } from './model-error'
import { kindOfFamily } from './spec'
import { addModel, removeModel } from './store'
import { showValue } from './tensor'
import { askAboutPicture } from './try-model'

const showVersion = (version: ModelVersion) => ({
  version: version.version,
  created_date: version.created.toISOString(),
  size: version.bytes,
  note: version.note,
  files: version.paths.map((path) => basename(path)),
  ...(isGood(version)
    ? {
        name: version.title,
        description: version.about,
        family: version.ref.spec.family,
        kind: kindOfFamily[version.ref.spec.family],
        labels: version.ref.spec.labels.map(({ name }) => name),
        input: version.ref.spec.input,
        inputs: ('main' in version.parts ? version.parts.main : version.parts.encoder).inputs.map(showValue),
        outputs: version.ref.spec.outputs.map(showValue),
        problem: null,
      }
    : { problem: version.problem }),
})

const purpose = 'model'

const textOf = ({ fields, body }: Finish, name: string): string => {
  const value = fields.find(([key]) => key === name)?.[1] ?? body[name] ?? ''
  if (typeof value !== 'string') throw invalid({ [name]: 'Not a valid string.' })
  return value.trim()
}

const record = (who: Who, action: 'create' | 'delete', id: string, values: Record<string, unknown>) =>
  tx((t) =>
    recordChange(t, who, {
      action,
      resource: 'function',
      id,
      organizationId: null,
      [action === 'create' ? 'after' : 'before']: { name: id, provider: 'onnx', ...values },
    }),
  )

const finish = async ({ who, request }: UploadContext, sent: Finish) => {
  const files = sent.announced ? await settleUploads(who.user.id, purpose) : sent.files
  const id = textOf(sent, 'name')
  if (!id) throw invalid({ name: 'This field is required.' })
  if (!files.length) throw invalid({ files: 'No file was submitted.' })
  try {
    const given = await Promise.all(files.map(async (upload) => ({ name: upload.name, path: await localUpload(upload.id) })))
    return await take(who, { id, files: given, note: textOf(sent, 'note') }, request)
  } finally {
    await removeUploads(files)
  }
}

const take = async (who: Who, model: Parameters<typeof addModel>[0], request: Request) => {
  try {
    const added = await addModel(model, limitTime(request.signal))
    await record(who, 'create', model.id, { version: added.version, note: added.note })
    return { id: model.id, ...showVersion(added) }
  } catch (error) {
    throw error instanceof ModelError ? invalid({ files: error.message }) : error
  }
}

/** Files on this machine, for a console within this process: nobody else may name paths. */
const takeHere = async (who: Who, { name, note, paths }: { name: string; note: string; paths: string[] }, request: Request) => {
  authorize(who, 'model', 'create', {})
  if (!findSender(request)) throw forbidden()
  for (const path of paths) if (!existsSync(path)) throw invalid({ files: `${path} does not exist.` })
  return take(who, { id: name.trim(), note, files: paths.map((path) => ({ name: basename(path), path })) }, request)
}

const limitTime = (signal: AbortSignal) => AbortSignal.any([signal, AbortSignal.timeout(config().function_timeout * 1000)])

const remove = async (who: Who, id: string, version?: number) => {
  authorize(who, 'model', 'delete', {})
  found((await removeModel(id, version)) || null)
  await record(who, 'delete', id, version ? { version } : {})
  return new Response(null, { status: 204 })
}

const maxPictureBytes = 64 * 2 ** 20

const readPicture = async (request: Request): Promise<Uint8Array> => {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    size += part.length
    if (size > maxPictureBytes) throw tooLarge(`A picture may have at most ${maxPictureBytes} bytes.`)
    parts.push(part)
  }
  if (!size) throw invalid({ picture: 'Send a picture as the body.' })
  return new Uint8Array(Buffer.concat(parts))
}

const readThreshold = (text: string | undefined): number | null => {
  if (text === undefined || text === '') return null
  const value = Number(text)
  if (!(value >= 0 && value <= 1)) throw invalid({ threshold: 'A number from 0 to 1 is required.' })
  return value
}

const readPoint = (text: string | undefined): [number, number] | null => {
  if (text === undefined || text === '') return null
  const values = text.split(',').map(Number)
  if (values.length !== 2 || !values.every((value) => Number.isFinite(value) && value >= 0))
    throw invalid({ point: 'Two numbers are required: x,y.' })
  return values as [number, number]
}

const tryOut = async (who: Who, model: GoodVersion, request: Request, query: Record<string, string | undefined>) => {
  await getFunction(who, model.id, 'call')
  countCall(who.user.id)
  const bytes = await readPicture(request)
  const [threshold, point] = [readThreshold(query.threshold), readPoint(query.point)]
  try {
    const size = await probePicture(bytes)
    const started = performance.now()
    const image = { key: `try ${Bun.hash(bytes)}`, ...size, read: async () => bytes }
    const shapes = await orExplain(() => askAboutPicture(model, image, { threshold, point }, limitTime(request.signal)))
    return { id: model.id, version: model.version, ms: Math.round(performance.now() - started), ...size, found: shapes }
  } catch (error) {
    if (error instanceof MediaError) throw invalid({ picture: error.message })
    if (error instanceof DOMException && error.name === 'TimeoutError')
      throw new ApiError(504, { detail: `"${model.title}" did not answer within ${config().function_timeout} seconds.` })
    throw error
  }
}

const one = t.Object({ id: t.String({ maxLength: 100 }) })
const version = t.Object({ id: t.String({ maxLength: 100 }), version: t.Numeric() })

const uploads = createUploadRoutes({
  path: '/api/models/files',
  signedIn,
  names: 'kept',
  accepts: (field) => /^files(\[\d+\])?$/.test(field),
  authorize: async ({ who }) => {
    authorize(who, 'model', 'create', {})
    return purpose
  },
  onFinish: (context, _purpose, sent) => finish(context, sent),
})

const own = new Elysia({ prefix: '/api/models', tags: ['models'] })
  .use(signedIn)
  .get('/', async ({ who }) => {
    authorize(who, 'model', 'view', {})
    return (await listModels()).map(({ id, versions }) => ({ id, versions: versions.map(showVersion) }))
  })
  .post('/here', ({ who, body, request }) => takeHere(who, body, request), {
    body: t.Object({
      name: t.String({ minLength: 1 }),
      note: t.String(),
      paths: t.Array(t.String(), { minItems: 1, maxItems: 20 }),
    }),
  })
  .delete('/:id/versions/:version', ({ who, params }) => remove(who, params.id, params.version), { params: version })
  .delete('/:id/versions', ({ who, params }) => remove(who, params.id), { params: one })
  .post('/:id/try', async ({ who, params, request, query }) => tryOut(who, found(await findModel(params.id)), request, query), {
    params: one,
    parse: () => null,
  })
  .get(
    '/:id/versions/:version/decoder',
    async ({ who, params, request }) => {
      await getFunction(who, params.id)
      const { ref } = found(await findModel(params.id, params.version))
      if (!('decoder' in ref.files)) throw found(null)
      return sendDecoder(request, ref.files.decoder, ref.key)
    },
    { params: version },
  )

/** A decoder may be kept as long as its version is the same file. */
const sendDecoder = (request: Request, path: string, key: string) => {
  const etag = `"${key.slice(0, 32)}"`
  const headers = { etag, 'cache-control': 'private, no-cache', 'content-type': 'application/octet-stream' }
  if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers })
  return new Response(Bun.file(path), { headers })
}

/** Without the types of its routes, as all tables of contents. */
export const models = new Elysia().use(uploads).use(own) as unknown as Elysia
