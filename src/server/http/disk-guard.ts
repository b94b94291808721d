// Keeps the rest of a nearly full disk for what people must not lose: new files are refused, saves and deletions go on.
import { Elysia } from 'elysia'
import { config } from '../config'
import { findFullDisk } from '../storage/disk-use'
import { ApiError } from './errors'

/** What makes files, by the routes as they are declared. Annotations are saved by PATCH and PUT and are not here; POST imports them. */
export const fillingRoutes: readonly [what: string, method: string, route: RegExp][] = [
  ['new tasks', 'POST', /^(\/api\/tasks|\/tasks\/create)$/],
  ['media', 'POST', /^\/api\/tasks\/:id\/data(\/append)?$/],
  ['media in pieces', 'PATCH', /^\/api\/tasks\/:id\/data(\/append)?\/:upload$/],
  ['media by a form', 'POST', /^\/tasks\/:id\/files$/],
  ['annotations', 'POST', /^\/api\/(tasks|jobs)\/:id\/annotations$/],
  ['annotations in pieces', 'PATCH', /^\/api\/(tasks|jobs)\/:id\/annotations\/:upload$/],
  ['datasets', 'POST', /^\/api\/projects\/:id\/dataset$/],
  ['datasets in pieces', 'PATCH', /^\/api\/projects\/:id\/dataset\/:upload$/],
  ['dry runs of imports', 'POST', /^\/api\/(projects|tasks|jobs)\/:id\/dataset\/inspect$/],
  ['dry runs in pieces', 'PATCH', /^\/api\/(projects|tasks|jobs)\/:id\/dataset\/inspect\/:upload$/],
  ['exports', 'POST', /^\/api\/(projects|tasks|jobs)\/:id\/dataset\/export$/],
  ['labels of points', 'POST', /^(\/api\/(tasks|jobs)\/:id\/cloud-shapes\/(export|import)|\/tasks\/:id\/points)$/],
  ['labels of points in pieces', 'PATCH', /^\/api\/(tasks|jobs)\/:id\/cloud-shapes\/import\/:upload$/],
  ['exports of events', 'POST', /^\/api\/events\/export$/],
  ['backups', 'POST', /^\/api\/(projects|tasks)\/:id\/backup\/export$/],
  ['restoring', 'POST', /^\/api\/(projects|tasks)\/backup$/],
  ['restoring in pieces', 'PATCH', /^\/api\/(projects|tasks)\/backup\/:upload$/],
  ['models', 'POST', /^\/api\/models\/files$/],
  ['models in pieces', 'PATCH', /^\/api\/models\/files\/:upload$/],
  ['pictures of guides', 'POST', /^\/api\/assets$/],
]

export const isFilling = (method: string, route: string): boolean => {
  const plain = route.replace(/\/$/, '')
  return fillingRoutes.some(([, verb, pattern]) => verb === method && pattern.test(plain))
}

/** Part of the kit: 507 for routes that make files while `disk_usage_max` is passed. */
export const diskGuard = new Elysia({ name: 'disk-guard' }).onBeforeHandle({ as: 'global' }, async ({ request, route }) => {
  if ((request.method !== 'POST' && request.method !== 'PATCH') || !isFilling(request.method, route)) return
  const percent = await findFullDisk()
  if (percent !== undefined)
    throw new ApiError(507, {
      detail:
        `The disk of the server is nearly full (${percent} % are used, the limit is ${config().disk_usage_max} %). New tasks, uploads, ` +
        'imports and exports have to wait until there is room; annotations are saved as always, and deleting helps.',
    })
})
