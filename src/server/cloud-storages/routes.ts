// /api/cloudstorages
import { Elysia, t } from 'elysia'
import { signedIn } from '../auth/service'
import { sendFile } from '../http/downloads'
import { invalid } from '../http/errors'
import { jsonResponse } from '../http/json'
import { listPage, readConditions, readOrder, readPaging } from '../http/page'
import { listContent } from './content'
import { getPreview } from './preview'
import { credentialsTypes, providerTypes } from './schema'
import * as service from './service'

const id = t.Object({ id: t.Numeric() })
const maxKeyFileBytes = 64 * 1024

const oneOf = (choices: readonly string[]) => t.Union(choices.map((choice) => t.Literal(choice)))
const required = {
  provider_type: oneOf(providerTypes),
  resource: t.String({ minLength: 1, maxLength: 222 }),
  display_name: t.String({ minLength: 1, maxLength: 63 }),
  credentials_type: oneOf(credentialsTypes),
}
const optional = {
  session_token: t.Optional(t.String({ maxLength: 440 })),
  account_name: t.Optional(t.String({ maxLength: 24 })),
  key: t.Optional(t.String({ maxLength: 40 })),
  secret_key: t.Optional(t.String({ maxLength: 64 })),
  connection_string: t.Optional(t.String({ maxLength: 1024 })),
  key_file: t.Optional(t.String({ maxLength: maxKeyFileBytes })),
  specific_attributes: t.Optional(t.String({ maxLength: 1024 })),
  description: t.Optional(t.String({ maxLength: 100_000 })),
  manifests: t.Optional(t.Array(t.String({ minLength: 1, maxLength: 1024 }), { maxItems: 100 })),
}
/** Clients send whole objects back; what cannot be changed is ignored. */
const loose = { additionalProperties: true }
const newBody = t.Object({ ...required, ...optional }, loose)
const patchBody = t.Object({ ...t.Partial(t.Object(required)).properties, ...optional }, loose)

type Body = Record<string, unknown>

/** One field of a form: `manifests`, `manifests[]`, `manifests[0]`, repeated or as JSON. */
const readManifests = (values: unknown[]): unknown[] =>
  values.flat().flatMap((value) => {
    if (typeof value !== 'string' || !value.startsWith('[')) return value === '' ? [] : [value]
    try {
      return JSON.parse(value) as unknown[]
    } catch {
      return [value]
    }
  })

/** Gives the body of a form the shape of the JSON body; the key file becomes its text. */
const normaliseForm = async ({ body, request }: { body: unknown; request: Request }) => {
  if (!request.headers.get('content-type')?.startsWith('multipart/') || typeof body !== 'object' || body === null) return
  const form = body as Body
  const names = Object.keys(form).filter((name) => /^manifests(\[\d*\])?$/.test(name))
  const manifests = names.map((name) => form[name])
  for (const name of names) delete form[name]
  if (names.length) form.manifests = readManifests(manifests)
  if (form.key_file instanceof Blob) {
    if (form.key_file.size > maxKeyFileBytes) throw invalid({ key_file: `The file has more than ${maxKeyFileBytes} bytes.` })
    form.key_file = await form.key_file.text()
  }
}

const maxPageSize = 1000
const defaultPageSize = 500
const readPageSize = (text: string | undefined) => {
  if (text === undefined || text === '') return defaultPageSize
  if (!/^[1-9]\d{0,8}$/.test(text)) throw invalid({ page_size: 'A positive integer is required.' })
  return Math.min(Number(text), maxPageSize)
}

const show = async (origin: string, row: service.CloudStorage) => (await service.showCloudStorages(origin, [row]))[0]

/** Without an account nothing can be written. */
const actionsOf = ({ credentialsType }: service.CloudStorage) => (credentialsType === 'ANONYMOUS_ACCESS' ? 'read' : 'read,write')

export const cloudStorages = new Elysia({ prefix: '/api/cloudstorages', tags: ['cloudstorages'] })
  .use(signedIn)
  .get('/', async ({ who, origin, organization, request, query }) => {
    const paging = readPaging(query)
    const options = service.listOptions
    const { rows, count } = await service.listCloudStorages(
      who,
      await organization(),
      readConditions(query, options),
      readOrder(query, options, []),
      paging,
    )
    return listPage(request, origin, paging, count, await service.showCloudStorages(origin, rows))
  })
  .post(
    '/',
    async ({ who, origin, organization, body, set }) => {
      const row = await service.createCloudStorage(who, origin, await organization(), body as any)
      set.status = 201
      return show(origin, row)
    },
    { transform: normaliseForm, body: newBody },
  )
  .get('/:id', async ({ who, origin, params }) => show(origin, await service.getCloudStorage(who, params.id)), { params: id })
  .patch(
    '/:id',
    async ({ who, origin, params, body }) => show(origin, await service.updateCloudStorage(who, origin, params.id, body as any)),
    { params: id, transform: normaliseForm, body: patchBody },
  )
  .delete(
    '/:id',
    async ({ who, origin, params }) => {
      await service.removeCloudStorage(who, origin, params.id)
      return new Response(null, { status: 204 })
    },
    { params: id },
  )
  .get(
    '/:id/status',
    async ({ who, params, request }) =>
      jsonResponse(request, JSON.stringify(await service.readStatus(await service.getCloudStorage(who, params.id)))),
    { params: id },
  )
  .get(
    '/:id/actions',
    async ({ who, params, request }) =>
      jsonResponse(request, JSON.stringify(actionsOf(await service.getCloudStorage(who, params.id)))),
    { params: id },
  )
  .get(
    '/:id/content-v2',
    async ({ who, params, query }) => {
      const row = await service.getCloudStorage(who, params.id)
      return service.orApiError(
        service.openCloudStorage(row).then((store) =>
          listContent(store, service.defaultPrefix(row), String(row.id), {
            prefix: query.prefix,
            manifest: query.manifest_path || undefined,
            next: query.next_token || undefined,
            size: readPageSize(query.page_size),
          }),
        ),
      )
    },
    { params: id },
  )
  .get(
    '/:id/preview',
    async ({ who, params, request }) => {
      const row = await service.getCloudStorage(who, params.id)
      const { path, type, etag } = await service.orApiError(getPreview(row))
      return sendFile(request, { path, type, etag })
    },
    { params: id },
  )
