// The upload endpoint that tasks, annotations, datasets and backups share: resumable files (TUS 1.0), groups of files, all in one request.
import { Elysia } from 'elysia'
import { config } from '../config'
import type { OrgContext, Who } from '../policy/who'
import { invalid } from './errors'
import { jsonType } from './json'
import { type FormFields, receiveForm } from './upload-multipart'
import { readUploadMetadata, readUploadName } from './upload-names'
import { appendToUpload, stopWriter, WrongOffset } from './upload-writer'
import { checkUploadLength, createUpload, getUpload, readOffset, removeUploads, settleTwins, type Upload } from './uploads'

/** What the hooks are told about the request. */
export type UploadContext = {
  who: Who
  request: Request
  params: Record<string, string>
  query: Record<string, string | undefined>
  origin: string
  organization: () => Promise<OrgContext>
}

/** What came with the request that ends a conversation: a JSON body, or the fields and files of a form. */
export type Finish = {
  /** Header Upload-Finish was there: the files came before. */
  announced: boolean
  body: Record<string, unknown>
  fields: FormFields
  files: Upload[]
}

export type UploadEndpoint = {
  /** `/api/tasks/:id/data`, without a slash at the end. */
  path: string
  /** The plugin that says who is asking: `signedIn`. */
  signedIn: Elysia<any, any, any, any, any, any, any>
  /** Throws unless this person may upload here now; answers what the files are for, for example `task-data:7`. */
  authorize: (context: UploadContext) => Promise<string>
  /** Whether files keep their names (a second one of a name must be the same file) or get fresh ones. */
  names: 'kept' | 'fresh'
  /** Names of multipart fields that carry files. */
  accepts: (field: string) => boolean
  /** Called for Upload-Start. */
  onStart?: (context: UploadContext, purpose: string) => Promise<void>
  /** Called when all is there; answers the body of the 202. */
  onFinish: (context: UploadContext, purpose: string, finish: Finish) => Promise<unknown>
}

const tusHeaders = { 'tus-resumable': '1.0.0', 'cache-control': 'no-store' }

const optionHeaders = (allow: string) => ({
  ...tusHeaders,
  'tus-version': '1.0.0',
  'tus-max-size': String(config().upload_bytes),
  'tus-extension': 'creation,creation-with-upload,termination',
  allow,
})

const readCount = (request: Request, header: string): number => {
  const text = request.headers.get(header) ?? ''
  if (!/^\d{1,15}$/.test(text)) throw invalid({ [header]: 'A whole number of bytes is required.' })
  return Number(text)
}

/** A name that no other upload has, with the extension of the given one. */
const freshName = (given: string) => `${crypto.randomUUID()}${/(\.[A-Za-z0-9]{1,10}){0,2}$/.exec(given)?.[0] ?? ''}`

const createOne = async (endpoint: UploadEndpoint, context: UploadContext, purpose: string): Promise<Response> => {
  const { request, who, origin } = context
  const given = readUploadName(readUploadMetadata(request.headers.get('upload-metadata')).filename!, true)
  const length = readCount(request, 'upload-length')
  checkUploadLength(length, given)
  const name = endpoint.names === 'kept' ? given : freshName(given)
  const upload = await createUpload({ userId: who.user.id, purpose, name, length })
  const headers: Record<string, string> = {
    ...tusHeaders,
    location: `${origin}${new URL(request.url).pathname.replace(/\/*$/, '/')}${upload.id}`,
    // Header values are Latin-1; a name beyond that travels percent-encoded.
    'upload-filename': /^[\x20-\x7e]*$/.test(name) ? name : encodeURIComponent(name),
  }
  if (request.headers.get('content-type')?.startsWith('application/offset+octet-stream'))
    headers['upload-offset'] = String(await append(endpoint, upload, 0, request.body))
  return new Response(null, { status: 201, headers })
}

type Body = ReadableStream<Uint8Array> | null

/** @param announced bytes that the client says it sends, 0 when it does not say */
const append = async (endpoint: UploadEndpoint, upload: Upload, offset: number, body: Body, announced = 0) => {
  const at = await appendToUpload(upload, offset, body, announced)
  if (at === upload.length && endpoint.names === 'kept') {
    try {
      await settleTwins([upload], upload.userId, upload.purpose)
    } catch (error) {
      await removeUploads([upload])
      throw error
    }
  }
  return at
}

const patchOne = async (endpoint: UploadEndpoint, request: Request, upload: Upload): Promise<Response> => {
  try {
    const announced = Number(request.headers.get('content-length') ?? 0)
    const at = await append(endpoint, upload, readCount(request, 'upload-offset'), request.body, announced)
    return new Response(null, { status: 204, headers: { ...tusHeaders, 'upload-offset': String(at) } })
  } catch (error) {
    if (!(error instanceof WrongOffset)) throw error
    const headers = { ...tusHeaders, 'upload-offset': String(error.offset), 'content-type': jsonType(request) }
    return new Response(JSON.stringify(error.body), { status: 409, headers })
  }
}

const readBody = (body: unknown): Record<string, unknown> => {
  if (body === null || body === undefined || body === '') return {}
  if (typeof body !== 'object' || Array.isArray(body)) throw invalid({ non_field_errors: 'A JSON object is expected.' })
  return body as Record<string, unknown>
}

const isForm = (request: Request) => (request.headers.get('content-type') ?? '').startsWith('multipart/form-data')

/** The four shapes of a POST, told apart by headers whose presence counts, not their value. */
const post = async (endpoint: UploadEndpoint, context: UploadContext, body: unknown): Promise<unknown> => {
  const { request, who } = context
  const has = (header: string) => request.headers.has(header)
  const purpose = await endpoint.authorize(context)
  const receive = () => receiveForm(request, { userId: who.user.id, purpose, accepts: endpoint.accepts })
  const accepted = (answer: unknown) =>
    new Response(JSON.stringify(answer), { status: 202, headers: { 'content-type': jsonType(request) } })
  if (has('upload-length')) return createOne(endpoint, context, purpose)
  if (has('upload-start')) {
    await endpoint.onStart?.(context, purpose)
    return new Response(null, { status: 202 })
  }
  if (has('upload-multiple')) {
    if (!isForm(request)) throw invalid({ non_field_errors: 'A multipart body is expected.' })
    await receive()
    return new Response(null, { status: 200 })
  }
  const announced = has('upload-finish')
  const form = isForm(request) ? await receive() : { fields: [], files: [] }
  try {
    return accepted(await endpoint.onFinish(context, purpose, { announced, body: readBody(body), ...form }))
  } catch (error) {
    await removeUploads(form.files)
    throw error
  }
}

/** JSON is read by the server's kit; every other body stays a stream for us. */
const keepStream = { parse: () => null } as const

/** Routes of one endpoint: `POST path`, `OPTIONS path`, and the resumable files below it. */
export const createUploadRoutes = (endpoint: UploadEndpoint): Elysia => {
  const { path } = endpoint
  const one = async (context: UploadContext) =>
    getUpload(context.params.upload!, context.who.user.id, await endpoint.authorize(context))
  return new Elysia({ tags: ['uploads'] })
    .use(endpoint.signedIn)
    .post(path, (context: any) => post(endpoint, context, context.body), keepStream)
    .options(path, () => new Response(null, { status: 204, headers: optionHeaders('POST, OPTIONS') }))
    .patch(`${path}/:upload`, async (context: any) => patchOne(endpoint, context.request, await one(context)), keepStream)
    .head(`${path}/:upload`, async (context: any) => {
      const upload = await one(context)
      const headers = {
        ...tusHeaders,
        'upload-offset': String(await readOffset(upload.id)),
        'upload-length': String(upload.length),
      }
      return new Response(null, { status: 200, headers })
    })
    .options(`${path}/:upload`, () => new Response(null, { status: 204, headers: optionHeaders('PATCH, HEAD, DELETE, OPTIONS') }))
    .delete(`${path}/:upload`, async (context: any) => {
      const upload = await one(context)
      await stopWriter(upload.id)
      await removeUploads([upload])
      return new Response(null, { status: 204, headers: tusHeaders })
    }) as unknown as Elysia
}
