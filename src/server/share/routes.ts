// /api/server/share
import { Elysia } from 'elysia'
import { signedIn } from '../auth/service'
import { listShare } from './service'

export const share = new Elysia({ prefix: '/api/server', tags: ['server'] })
  .use(signedIn)
  .get('/share', ({ who, query }) => listShare(who, query.directory, query.search))
