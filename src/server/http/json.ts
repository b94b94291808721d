// JSON answers: six-digit times, floats that stay floats, and the API's content type.

/** A number that is written with a fraction part even when it is whole (`1.0`); null stays null. */
export const float = (value: number | null): number | null =>
  value === null || !Number.isInteger(value)
    ? value
    : (JSON as unknown as { rawJSON(text: string): number }).rawJSON(value.toFixed(1))

/** ISO 8601 in UTC with six fraction digits, or none when the fraction is zero. */
export const isoTime = (date: Date) => date.toISOString().replace(/\.(\d{3})Z$/, (_, ms) => (ms === '000' ? 'Z' : `.${ms}000Z`))
export const isoTimeOrNull = (date: Date | null) => (date ? isoTime(date) : null)

const isPlainJson = (accept: string | null) => (accept ?? '').split(';', 1)[0]?.trim() === 'application/json'

/** Content type of JSON for this request: the vendor's unless exactly application/json is asked for. */
export const jsonType = (request: Request) =>
  isPlainJson(request.headers.get('accept')) ? 'application/json' : 'application/vnd.cvat+json'

/** A ready-made JSON text as an answer. */
export const jsonResponse = (request: Request, text: string, init: { status?: number; headers?: Record<string, string> } = {}) =>
  new Response(text, { status: init.status ?? 200, headers: { 'content-type': jsonType(request), ...init.headers } })
