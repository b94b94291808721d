// /api/schema/ (OpenAPI 3), /api/swagger/ and /api/docs/: made from the routes when first asked for, served without the internet.
import { Elysia } from 'elysia'
import { config } from '../config'
import { asset } from '../http/assets'

const title = 'Annolith REST API'

/** Security schemes of the API; every operation takes any of them. */
const securitySchemes = {
  sessionAuth: { type: 'apiKey', in: 'cookie', name: 'sessionid' },
  csrfAuth: { type: 'apiKey', in: 'header', name: 'X-CSRFToken' },
  tokenAuth: { type: 'http', scheme: 'bearer', description: 'Personal access token' },
  basicAuth: { type: 'http', scheme: 'basic' },
} as const

/** Describes the API routes of the app as an OpenAPI 3 document. */
const describeApi = async (app: Elysia): Promise<string> => {
  const { swagger } = await import('@elysiajs/swagger')
  const described = new Elysia()
    .use(
      swagger({
        path: '/page',
        specPath: '/spec',
        exclude: [/^(?!\/api\/)/, /\/api\/(schema|swagger|docs)/],
        documentation: {
          info: {
            title,
            version: config().compat_version,
            description: 'Annotation of images and video, compatible with CVAT clients.',
            license: { name: 'MIT' },
          },
          components: { securitySchemes },
          security: Object.keys(securitySchemes).map((name) => ({ [name]: [] })),
        },
      }),
    )
    .use(app)
  return (await described.handle(new Request('http://localhost/spec'))).text()
}

/** Pages of Swagger UI and ReDoc need inline styles and their own scripts; nothing else is allowed. */
const pagePolicy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; worker-src 'self' blob:; font-src 'self' data:; frame-ancestors 'none'; base-uri 'none'"

const page = (head: string, body: string) =>
  new Response(
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>${head}</head><body>${body}</body></html>`,
    {
      headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': pagePolicy },
    },
  )

const swaggerPage = () =>
  page(
    `<link rel="stylesheet" href="${asset('vendor/swagger-ui.css')}">`,
    `<div id="swagger-ui"></div><script src="${asset('vendor/swagger-ui-bundle.js')}"></script><script src="${asset('api-docs.js')}"></script>`,
  )
const redocPage = () =>
  page('', `<redoc spec-url="/api/schema/"></redoc><script src="${asset('vendor/redoc.standalone.js')}"></script>`)

export const createSchemaRoutes = (app: () => Elysia) => {
  let document: Promise<string> | undefined
  return new Elysia({ prefix: '/api' })
    .get(
      '/schema/',
      async () =>
        new Response(await (document ??= describeApi(app())), {
          headers: { 'content-type': 'application/vnd.oai.openapi+json' },
        }),
    )
    .get('/swagger/', swaggerPage)
    .get('/docs/', redocPage)
}
