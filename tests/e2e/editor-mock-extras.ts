// What the editor's test server answers beside annotations: issues and comments, live events, saved versions, deleted frames, a guide.
import { zipSync } from 'fflate'

type Comment = { id: number; issue: number; owner: object; message: string; created_date: string }
type Issue = {
  id: number
  frame: number
  position: number[]
  resolved: boolean
  job: number
  owner: object
  created_date: string
  message?: string
}

const owner = { id: 1, username: 'admin' }
const page = (results: unknown[]) => Response.json({ count: results.length, next: null, previous: null, results })
const now = () => new Date('2026-11-22T10:00:00Z').toISOString()

export type ExtrasOptions = {
  guide?: string
  chapters?: { id: number; start: number; stop: number; metadata: { title: string } }[]
  /** Frames that have pictures beside them, with their names. */
  context?: Record<number, string[]>
  /** A quality report: its conflicts, and what the ground truth job (number 8) holds. */
  quality?: { conflicts: object[]; truth: object; layout?: object }
  /** What the person set up before. */
  settings?: Record<string, unknown>
  issues?: { frame: number; position: number[]; message: string; resolved?: boolean }[]
}

export const startExtras = (
  options: ExtrasOptions,
  picture: () => Uint8Array,
  read: () => { revision: number; stored: object },
) => {
  const issues: Issue[] = []
  const comments: Comment[] = []
  const deleted = new Set<number>()
  const streams = new Set<ReadableStreamDefaultController<string>>()
  const versions = new Map<number, string>()
  /** What the person set up, as the server keeps it. */
  const settings = { stored: structuredClone(options.settings ?? {}) as Record<string, unknown> }
  let lastId = 0

  const addIssue = ({ frame, position, message, resolved = false }: NonNullable<ExtrasOptions['issues']>[number]) => {
    const issue = { id: ++lastId, frame, position, resolved, job: 7, owner, created_date: now() }
    issues.push(issue)
    comments.push({ id: comments.length + 1, issue: issue.id, owner, message, created_date: now() })
    return issue
  }
  for (const issue of options.issues ?? []) addIssue(issue)

  const write = (type: string, data: object) => `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`
  const send = (type: string, data: object) => {
    for (const stream of streams) stream.enqueue(write(type, data))
  }

  const answer = async (request: Request, url: URL): Promise<Response | null> => {
    const id = Number(/\/(\d+)(?:\/restore)?$/.exec(url.pathname)?.[1])
    const name = `${request.method} ${url.pathname.replace(/(issues|revisions|guides)\/\d+/, '$1/N')}`
    switch (name) {
      case 'GET /api/issues':
        return page(issues)
      case 'GET /api/comments': {
        const issue = url.searchParams.get('issue_id')
        return page(issue ? comments.filter((one) => one.issue === Number(issue)) : comments)
      }
      case 'POST /api/issues':
        return Response.json(addIssue(await request.json()), { status: 201 })
      case 'POST /api/comments': {
        const { issue, message } = (await request.json()) as { issue: number; message: string }
        const made = { id: comments.length + 1, issue, owner, message, created_date: now() }
        comments.push(made)
        return Response.json(made, { status: 201 })
      }
      case 'PATCH /api/issues/N': {
        const found = issues.find((issue) => issue.id === id)!
        Object.assign(found, await request.json())
        return Response.json(found)
      }
      case 'DELETE /api/issues/N':
        issues.splice(
          issues.findIndex((issue) => issue.id === id),
          1,
        )
        return new Response(null, { status: 204 })
      case 'PATCH /api/jobs/7/data/meta': {
        const body = (await request.json()) as { deleted_frames: number[] }
        deleted.clear()
        for (const frame of body.deleted_frames) deleted.add(frame)
        return Response.json({ deleted_frames: [...deleted] })
      }
      case 'GET /api/users/self/settings':
        return Response.json(settings.stored)
      case 'PUT /api/users/self/settings':
        settings.stored = (await request.json()) as Record<string, unknown>
        return Response.json(settings.stored)
      case 'GET /api/quality/reports':
        return page(options.quality ? [{ id: 40, job_id: 7, target: 'job', created_date: now() }] : [])
      case 'GET /api/quality/conflicts':
        return page(url.searchParams.get('report_id') === '40' ? (options.quality?.conflicts ?? []) : [])
      case 'GET /api/jobs':
        return page(url.searchParams.get('type') === 'ground_truth' ? [{ id: 8, type: 'ground_truth' }] : [])
      case 'GET /api/jobs/7/validation_layout':
        return Response.json(options.quality?.layout ?? {})
      case 'GET /api/quality/jobs/7/validation':
        return Response.json({ job_id: 7, enabled: false, attempts: 0, attempts_left: 0 })
      case 'GET /api/jobs/8/annotations':
        return Response.json({ version: 0, tags: [], shapes: [], tracks: [], ...options.quality?.truth })
      case 'GET /api/guides/N':
        return Response.json({ id, markdown: options.guide ?? '', updated_date: now() })
      case 'GET /api/stream': {
        let mine: ReadableStreamDefaultController<string>
        const body = new ReadableStream<string>({
          start: (controller) => {
            mine = controller
            streams.add(controller)
            controller.enqueue(write('hello', { revision: read().revision, present: [owner] }))
          },
          cancel: () => void streams.delete(mine),
        })
        return new Response(body.pipeThrough(new TextEncoderStream()), { headers: { 'Content-Type': 'text/event-stream' } })
      }
      case 'GET /api/jobs/7/revisions': {
        const counts = { tags: 0, shapes: 1, tracks: 0 }
        const none = { tags: 0, shapes: 0, tracks: 0 }
        const rows = [...versions.keys()].sort((a, b) => b - a)
        return page(
          rows.map((revision) => ({
            revision,
            user: owner,
            created_date: now(),
            action: 'save',
            created: counts,
            updated: none,
            deleted: none,
            restorable: true,
          })),
        )
      }
      case 'GET /api/jobs/7/revisions/N':
        return new Response(versions.get(id) ?? '{}', { headers: { 'Content-Type': 'application/json' } })
    }
    if (request.method === 'GET' && url.pathname === '/api/jobs/7/data' && url.searchParams.get('type') === 'context_image') {
      const names = options.context?.[Number(url.searchParams.get('number'))] ?? []
      const archive = zipSync(Object.fromEntries(names.map((one) => [one, picture()])))
      return new Response(archive as BodyInit, { headers: { 'Content-Type': 'application/zip' } })
    }
    return null
  }
  return {
    answer,
    issues,
    comments,
    deleted,
    settings,
    send,
    options,
    /** Remembers what is stored as a version. */
    keepVersion: () => {
      const { revision, stored } = read()
      versions.set(revision, JSON.stringify({ version: revision, ...stored }))
    },
    readVersion: (revision: number) => JSON.parse(versions.get(revision) ?? 'null') as object | null,
    watchers: () => streams.size,
  }
}
