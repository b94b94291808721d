// Plain forms that bring files: these lie among the uploads until the handler takes them.
import { forbidden } from '../http/errors'
import { isOwnForm, redirectTo } from '../http/html'
import { receiveForm as receiveParts } from '../http/upload-multipart'
import { removeUploadsFor } from '../http/uploads'
import { type Fields, receiveForm } from './form-page'
import { identify } from './identify'
import type { Page, Visit } from './page-visit'

type Context = { request: Request; params?: Record<string, string> }
type Receive = (visit: Visit, fields: Fields, uploads: string, params: Record<string, string>) => Promise<Page | Response>

const textsOf = (parts: [name: string, value: string][]): Fields => {
  const fields: Fields = {}
  for (const [name, value] of parts) (fields[name] ??= []).push(value)
  return fields
}

/**
 * A route handler for a form with files in the field of that name; `uploads` is the purpose that they have until somebody takes them. What nobody takes is
 * removed: of a form that was refused, forged or sent twice.
 */
export const receiveParcel =
  (filesField: string, handler: Receive) =>
  async ({ request, params }: Context): Promise<Response> => {
    if (!isOwnForm(request)) throw forbidden()
    // Only for the name of the uploads: whether the form is genuine is asked below, as for every other.
    const who = await identify(new Request(request.url, { headers: request.headers }))
    if (!who) return redirectTo('/auth/login')
    const uploads = `form:${who.user.id}:${crypto.randomUUID()}`
    try {
      const { fields } = await receiveParts(request, {
        userId: who.user.id,
        purpose: uploads,
        accepts: (field) => field === filesField,
        skipsNameless: true,
      })
      const answer = receiveForm((visit, texts, names) => handler(visit, texts, uploads, names))
      return await answer({ request, body: textsOf(fields), params: params ?? {} })
    } finally {
      await removeUploadsFor(uploads)
    }
  }
