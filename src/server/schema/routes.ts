// /api/schema/ (OpenAPI 3), /api/swagger/ and /api/docs/: what is served, described when first asked for, without the internet.
import { Elysia } from 'elysia'
import { config } from '../config'
import { asset } from '../http/assets'
import { type Contract, compareRoutes, loadContract, normalisePath, type Route } from './contract'
import { describeAnswers, failureModels } from './describe-answers'

const title = 'Annolith REST API'

/** Describes the routes that the contract does not know, from their own schemas. */
const describeOwnRoutes = async (app: Elysia): Promise<Contract['paths']> => {
  const { swagger } = await import('@elysiajs/swagger')
  const described = new Elysia()
    .use(swagger({ path: '/page', specPath: '/spec', exclude: [/^(?!\/api\/)/, /\/api\/(schema|swagger|docs)/] }))
    .use(app)
  const { paths } = (await (await described.handle(new Request('http://localhost/spec'))).json()) as Pick<Contract, 'paths'>
  return paths
}

/** The contract without what is not served yet, with our own routes beside it and the failures that all may answer with. */
const describeApi = async (app: Elysia): Promise<Contract> => {
  const contract = await loadContract()
  const { served } = compareRoutes(contract, app.routes as Route[])
  const paths: Contract['paths'] = {}
  for (const { method, path } of served) (paths[path] ??= {})[method.toLowerCase()] = contract.paths[path]![method.toLowerCase()]!
  const known = new Set(Object.keys(contract.paths).map(normalisePath))
  for (const [path, methods] of Object.entries(await describeOwnRoutes(app)))
    if (!known.has(normalisePath(path))) paths[path] = methods
  const used = new Set(Object.values(paths).flatMap((methods) => Object.values(methods).flatMap(({ tags }) => tags ?? [])))
  return {
    ...contract,
    tags: contract.tags.filter(({ name }) => used.has(name)),
    info: { ...contract.info, version: config().compat_version },
    paths: describeAnswers(paths, (path) => !known.has(normalisePath(path))),
    components: { ...contract.components, responses: { ...contract.components.responses, ...failureModels } },
  }
}

/** Pages of Swagger UI and ReDoc need inline styles and their own scripts; nothing else is allowed. */
const pagePolicy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; worker-src 'self' blob:; font-src 'self' data:; frame-ancestors 'none'; base-uri 'none'"

const page = (head: string, body: string) =>
  new Response(
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>${head}</head><body>${body}</body></html>`,
    { headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': pagePolicy } },
  )

const swaggerPage = () =>
  page(
    `<link rel="stylesheet" href="${asset('vendor/swagger-ui.css')}">`,
    `<div id="swagger-ui"></div><script src="${asset('vendor/swagger-ui-bundle.js')}"></script><script src="${asset('api-docs.js')}"></script>`,
  )
const redocPage = () =>
  page('', `<redoc spec-url="/api/schema/"></redoc><script src="${asset('vendor/redoc.standalone.js')}"></script>`)

/** JSON is YAML too, so one text serves both; only the type differs. */
const schemaTypes: Record<string, string> = { json: 'application/vnd.oai.openapi+json', yaml: 'application/vnd.oai.openapi' }

export const createSchemaRoutes = (app: () => Elysia) => {
  let document: Promise<string> | undefined
  return new Elysia({ prefix: '/api', tags: ['schema'] })
    .get('/schema/', async ({ query }) => {
      const text = await (document ??= describeApi(app()).then((described) => JSON.stringify(described)))
      return new Response(text, { headers: { 'content-type': schemaTypes[query.scheme ?? 'json'] ?? schemaTypes.json! } })
    })
    .get('/swagger/', swaggerPage)
    .get('/docs/', redocPage)
}
