// The errors that cross from services to clients, in the shapes the API promises.

/** An answer that is not a success. `body` goes out as JSON. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly body: Record<string, unknown> | string[],
  ) {
    super(JSON.stringify(body))
  }
}

const detail = (status: number) => (text: string) => new ApiError(status, { detail: text })

/** 400 about fields: `{ name: ['This field is required.'] }`. */
export const invalid = (fields: Record<string, string | string[]>) =>
  new ApiError(400, Object.fromEntries(Object.entries(fields).map(([key, text]) => [key, Array.isArray(text) ? text : [text]])))
/** 400 about the request as a whole: `["message"]`. */
export const refused = (text: string) => new ApiError(400, [text])
export const unauthorized = (text = 'Authentication credentials were not provided.') => detail(401)(text)
export const forbidden = (text = 'You do not have permission to perform this action.') => detail(403)(text)
export const notFound = (text = 'Not found.') => detail(404)(text)
export const conflict = detail(409)
export const tooLarge = detail(413)

/** The row, or 404. */
export const found = <T>(row: T | null | undefined): T => {
  if (row === null || row === undefined) throw notFound()
  return row
}
