// What the served document says of answers beyond the contract: the failures of any operation, successes and types it does not name.
import type { Contract } from './contract'

const failure = (description: string) => ({
  description,
  content: {
    'application/vnd.cvat+json': {
      schema: { type: 'object', additionalProperties: true, required: ['detail'], properties: { detail: { type: 'string' } } },
    },
  },
})

/** Answers beside the contract's, by the name the document refers to them with. */
export const failureModels = {
  Conflict: failure('The state of the object does not allow it'),
  Outdated: failure('The object has changed since it was read'),
  TooLarge: failure('More bytes than this server takes'),
  TooMany: failure('Too many attempts; Retry-After says when to try again'),
  NotAvailable: failure('Not available yet'),
  BadFunction: failure('The function failed, or its answer cannot be used'),
  NoFunction: failure('The function cannot be reached'),
  LateFunction: failure('The function took too long'),
}

/** Media go out under their own types, whatever the contract says. */
const media = Object.fromEntries(
  ['application/zip', 'video/mp4', 'image/jpeg', 'image/png', 'image/webp', 'image/*', 'application/octet-stream'].map((type) => [
    type,
    { schema: { type: 'string', format: 'binary' } },
  ]),
)
const sendsMedia = /^(GET .*\/(data\/?|preview|assets\/\{uuid\})|POST .*\/embedding)$/

/** Answers that stay open. */
const streams = { 'text/event-stream': { schema: { type: 'string' } } }
const sendsEvents = /^GET \/api\/stream$/

type Response = keyof typeof failureModels | 'Invalid' | 'Unauthorized' | 'Forbidden' | 'NotFound'
type Failure = { operations: RegExp; status: number; response: Response }

const asksFunctions = /^POST \/api\/(lambda\/functions\/|functions\/\{id\}\/run$)/
const isPublic = '/api/(schema/|server/(about|health)$|auth/(login|logout|register|rules|password/reset|email/|providers/))'

/** Which operations ("GET /api/tasks") may fail how. */
const failures: Failure[] = [
  // Paging, filters and the organization can be wrong in the address of every operation.
  { operations: /./, status: 400, response: 'Invalid' },
  { operations: /./, status: 404, response: 'NotFound' },
  { operations: /^(POST|PUT|PATCH) /, status: 413, response: 'TooLarge' },
  { operations: new RegExp(`^\\w+ (?!${isPublic})`), status: 401, response: 'Unauthorized' },
  { operations: /./, status: 403, response: 'Forbidden' },
  // Basic credentials are checked on every request, so any may be told to wait.
  { operations: /./, status: 429, response: 'TooMany' },
  { operations: /^(PUT|PATCH|DELETE) .*\/annotations\/$/, status: 412, response: 'Outdated' },
  { operations: /^(PUT|PATCH) .*\/cloud-shapes$/, status: 412, response: 'Outdated' },
  { operations: /^POST .*\/revisions\/\{revision\}\/restore$/, status: 412, response: 'Outdated' },
  { operations: /^POST .*\/data\/(append\/?)?$/, status: 409, response: 'Conflict' },
  { operations: /\{upload\}$/, status: 409, response: 'Conflict' },
  { operations: /^POST \/api\/suspects\/decide$/, status: 409, response: 'Conflict' },
  { operations: asksFunctions, status: 502, response: 'BadFunction' },
  { operations: asksFunctions, status: 503, response: 'NoFunction' },
  { operations: asksFunctions, status: 504, response: 'LateFunction' },
  { operations: /^POST \/api\/(lambda|functions)\/(requests|queues\/)/, status: 409, response: 'Conflict' },
  { operations: /^POST \/api\/projects\/\{id\}\/dataset\/export$/, status: 501, response: 'NotAvailable' },
]

/** Successes that the contract does not name; 200 is one of every operation of our own that is not here. */
const successes: { operations: RegExp; statuses: Record<number, string> }[] = [
  { operations: /^(PATCH|DELETE) .*\{upload\}$/, statuses: { 204: 'Done' } },
  { operations: /^(GET|POST) \/api\/auth\/providers\/\{name\}\/(start|callback|finish)$/, statuses: { 302: 'Go there' } },
  { operations: /^GET .*\/data\/?$/, statuses: { 204: 'The frame has no such context image' } },
  {
    operations: /^POST .*\/(data\/append|dataset\/inspect)\/?$/,
    statuses: { 200: 'A part has come', 201: 'An upload is open', 202: 'The work has begun' },
  },
  { operations: /^POST \/api\/suspects\/?$/, statuses: { 202: 'The work has begun' } },
  { operations: /^POST .*\/watches\/?$/, statuses: { 201: 'Created' } },
  { operations: /^DELETE .*\/watches\/\{watch\}$/, statuses: { 204: 'Done' } },
  {
    operations: /^(DELETE .*\/calibration|DELETE \/api\/admin\/.*|POST \/api\/admin\/.*\/(password|members|retry|cancel))$/,
    statuses: { 204: 'Done' },
  },
  { operations: /^POST \/api\/admin\/(users|organizations)$/, statuses: { 201: 'Created' } },
  {
    operations: /^POST (\/api\/admin\/backups(\/\{id\}\/verify)?|.*\/cloud-shapes\/export)$/,
    statuses: { 202: 'The work has begun' },
  },
  { operations: /^POST .*\/cloud-shapes\/import$/, statuses: { 201: 'An upload is open', 202: 'The work has begun' } },
  { operations: /^GET .*\/cloud$/, statuses: { 200: 'OK', 202: 'A sample, while the rest is made' } },
  { operations: /^GET .*\/cloud\/points$/, statuses: { 200: 'Points', 206: 'A part of them', 416: 'No such part' } },
  { operations: /^GET .*\/video$/, statuses: { 200: 'The file', 206: 'A part of it', 416: 'No such part' } },
  { operations: /\/result$/, statuses: { 200: 'The file', 206: 'A part of it', 302: 'Where it is', 416: 'No such part' } },
]

/** The same paths with what operations answer beyond what the contract names. */
export const describeAnswers = (paths: Contract['paths'], isOwn: (path: string) => boolean): Contract['paths'] =>
  Object.fromEntries(
    Object.entries(paths).map(([path, methods]) => [
      path,
      Object.fromEntries(
        Object.entries(methods).map(([method, operation]) => {
          const name = `${method.toUpperCase()} ${path}`
          const statuses =
            successes.find(({ operations }) => operations.test(name))?.statuses ?? (isOwn(path) ? { 200: 'OK' } : {})
          const described = Object.entries(statuses).map(([status, description]) => [status, { description }])
          const responses: Record<string, unknown> = {
            ...(isOwn(path) ? {} : operation.responses),
            ...Object.fromEntries(described),
          }
          if (sendsMedia.test(name)) {
            const known = responses[200] as { content?: object } | undefined
            responses[200] = { description: 'OK', ...known, content: { ...known?.content, ...media } }
          }
          if (sendsEvents.test(name)) responses[200] = { description: 'Events as they come', content: streams }
          for (const { operations, status, response } of failures)
            if (operations.test(name)) responses[status] ??= { $ref: `#/components/responses/${response}` }
          return [method, { ...operation, responses }]
        }),
      ),
    ]),
  )
