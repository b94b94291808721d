// /api/server, health and metrics: what the server says about itself.
import { Elysia, t } from 'elysia'
import { listExporters, listImporters } from '../../formats/registry'
import { readOrigin, signedIn } from '../auth/service'
import { config } from '../config'
import { readBrand } from '../http/brand'
import { readParts } from './health'
import { metrics } from './metrics'

const about = new Elysia({ tags: ['server'] })
  .get('/api/server/about', ({ request }) => ({
    name: readBrand().name,
    description: readBrand().description,
    version: config().compat_version,
    logo_url: `${readOrigin(request)}${readBrand().logo}`,
    subtitle: readBrand().subtitle || 'Annotate images and video',
  }))
  .get('/healthz', () => ({ status: 'ok' }))
  .get('/readyz', async ({ set }) => {
    const parts = Object.entries(await readParts()).filter(([name, state]) => name !== 'DiskUsage' && state !== 'working')
    if (parts.length) set.status = 503
    return { status: parts.length ? 'not ready' : 'ok', ...Object.fromEntries(parts) }
  })
  .get(
    '/api/server/health',
    async ({ set }) => {
      const parts = await readParts()
      if (Object.values(parts).some((state) => state !== 'working')) set.status = 500
      return parts
    },
    { query: t.Object({ format: t.Optional(t.String()) }, { additionalProperties: true }) },
  )

const forMembers = new Elysia({ prefix: '/api/server', tags: ['server'] })
  .use(signedIn)
  // Clients of CVAT are told of its formats only; pages and the editor ask for ours, too.
  .get(
    '/annotation/formats',
    ({ query }) => {
      const listed = { withOwn: query.own === 'true' }
      return { importers: listImporters(listed), exporters: listExporters(listed) }
    },
    { query: t.Object({ own: t.Optional(t.String()) }, { additionalProperties: true }) },
  )
  .get('/plugins', () => ({ ANALYTICS: false, MODELS: true }))

export const server = new Elysia().use(about).use(metrics).use(forMembers)
