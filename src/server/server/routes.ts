// /api/server, health and metrics: what the server says about itself.
import { Elysia, t } from 'elysia'
import { listExporters, listImporters } from '../../formats/registry'
import { readOrigin, signedIn } from '../auth/service'
import { config } from '../config'
import { db } from '../db/open'
import { readBrand } from '../http/brand'
import { users } from '../users/schema'

const about = new Elysia({ tags: ['server'] })
  .get('/api/server/about', ({ request }) => ({
    name: readBrand().name,
    description: readBrand().description,
    version: config().compat_version,
    logo_url: `${readOrigin(request)}${readBrand().logo}`,
    subtitle: readBrand().subtitle || 'Annotate images and video',
  }))
  .get('/healthz', () => ({ status: 'ok' }))
  .get('/readyz', async () => {
    await db.select({ id: users.id }).from(users).limit(1)
    return { status: 'ok' }
  })
  .get(
    '/api/server/health',
    async () => {
      await db.select({ id: users.id }).from(users).limit(1)
      return { DatabaseBackend: 'working' }
    },
    { query: t.Object({ format: t.Optional(t.String()) }, { additionalProperties: true }) },
  )

const forMembers = new Elysia({ prefix: '/api/server', tags: ['server'] })
  .use(signedIn)
  .get('/annotation/formats', () => ({ importers: listImporters(), exporters: listExporters() }))
  .get('/plugins', () => ({ ANALYTICS: false, MODELS: false }))

export const server = new Elysia().use(about).use(forMembers)
