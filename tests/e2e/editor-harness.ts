// A small server that answers as the API does for one job, and the bundled editor on a page: what the editor's browser tests run against.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import type { Annotations, Label, Shape, Tag, Track } from '../../src/formats/model'
import { type ExtrasOptions, startExtras } from './editor-mock-extras'

type Stored = { tags: Tag[]; shapes: Shape[]; tracks: Track[] }
type SaveBody = { save_id: string; create: Annotations; update: Annotations; delete: Annotations }

const lists = ['tags', 'shapes', 'tracks'] as const

export const harnessLabels: Label[] = [
  {
    id: 11,
    name: 'car',
    color: '#e5484d',
    type: 'any',
    sublabels: [],
    attributes: [
      { id: 101, name: 'colour', mutable: false, input_type: 'select', default_value: 'red', values: ['red', 'blue', 'white'] },
      { id: 102, name: 'parked', mutable: true, input_type: 'checkbox', default_value: 'false', values: ['false'] },
    ],
  },
  { id: 12, name: 'person', color: '#2f9e6e', type: 'any', sublabels: [], attributes: [] },
  { id: 13, name: 'lane', color: '#3b82f6', type: 'polyline', sublabels: [], attributes: [] },
]

export type MockOptions = {
  frames?: number
  /** How many pictures differ; more frames show them again. */
  pictures?: number
  width?: number
  height?: number
  start?: Partial<Stored>
  labels?: Label[]
} & ExtrasOptions

/** A style sheet with what it imports in the place of the imports. */
const inlineImports = async (path: string): Promise<string> => {
  const parts = (await Bun.file(path).text()).split(/@import "(\.[^"]+)";/)
  const inlined = parts.map((part, i) => (i % 2 ? inlineImports(join(dirname(path), part)) : part))
  return (await Promise.all(inlined)).join('')
}

const buildEditor = async (): Promise<{ script: string; style: string }> => {
  const folder = fileURLToPath(new URL('../../src/web/', import.meta.url))
  const built = await Bun.build({ entrypoints: [`${folder}editor/main.ts`], target: 'browser', minify: true })
  if (!built.success) throw new AggregateError(built.logs, 'The editor does not build')
  const style = await inlineImports(`${folder}editor/editor.css`)
  return { script: await built.outputs[0]!.text(), style }
}

let built: ReturnType<typeof buildEditor> | null = null

/** Built once for all tests of a run. */
export const bundleEditor = () => {
  built ??= buildEditor()
  return built
}

/** A street-like picture: enough structure to judge zooming and outlines by eye. */
const makePicture = (width: number, height: number, frame: number): Promise<Buffer> => {
  const boxes = Array.from({ length: 7 }, (_, i) => {
    const x = (i * 0.14 + frame * 0.012) * width
    return `<rect x="${x}" y="${height * 0.45 - (i % 3) * 40}" width="${width * 0.1}" height="${height * 0.2 + (i % 3) * 40}" fill="hsl(${200 + i * 17} 18% ${34 + i * 5}%)"/>`
  })
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs><linearGradient id="g" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#9db4c8"/><stop offset="0.6" stop-color="#d9d3c5"/><stop offset="1" stop-color="#6d6f70"/></linearGradient></defs><rect width="100%" height="100%" fill="url(#g)"/>${boxes.join('')}<path d="M0 ${height} L${width * 0.4} ${height * 0.66} L${width * 0.6} ${height * 0.66} L${width} ${height} Z" fill="#4b4d50"/></svg>`
  return sharp(Buffer.from(svg)).jpeg({ quality: 85 }).toBuffer()
}

/** What the page may load: the policy of the real server's editor page. */
const policy =
  "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; object-src 'none'; base-uri 'none'"

export const startMock = async (options: MockOptions = {}) => {
  const { frames = 5, width = 1280, height = 720 } = options
  const labels = [...(options.labels ?? harnessLabels)]
  const { script, style } = await bundleEditor()
  const pictures = await Promise.all(Array.from({ length: options.pictures ?? frames }, (_, i) => makePicture(width, height, i)))
  const stored: Stored = { tags: [], shapes: [], tracks: [], ...structuredClone(options.start ?? {}) }
  const answers = new Map<string, unknown>()
  const job: Record<string, unknown> = {
    id: 7,
    task_id: 3,
    start_frame: 0,
    stop_frame: frames - 1,
    mode: 'annotation',
    state: 'new',
    stage: 'annotation',
  }
  if (options.guide !== undefined) job.guide_id = 5
  let revision = 1
  let nextId = 1000
  /** How the next saves end: stored and answered, refused with an error, or stored with the answer lost. */
  let mode: 'work' | 'down' | 'lose-answer' = 'work'
  let saves = 0

  const apply = (body: SaveBody) => {
    const answer = {
      create: { version: 0, tags: [], shapes: [], tracks: [] } as Record<string, unknown>,
      update: {} as Record<string, unknown>,
    }
    for (const list of lists) {
      const rows = stored[list] as { id?: number }[]
      const made = (body.create[list] as { id?: number }[]).map((item) => ({ ...item, id: nextId++ }))
      const gone = new Set((body.delete[list] as { id?: number }[]).map((item) => item.id))
      const changed = new Map((body.update[list] as { id?: number }[]).map((item) => [item.id, item]))
      const kept = rows.filter((row) => !gone.has(row.id)).map((row) => changed.get(row.id) ?? row)
      ;(stored[list] as unknown[]) = [...kept, ...made]
      answer.create[list] = made
      answer.update[list] = [...changed.values()]
    }
    revision += 1
    extras.keepVersion()
    return { ...answer, revision }
  }

  const save = async (request: Request): Promise<Response> => {
    saves += 1
    if (mode === 'down') return Response.json({ detail: 'Down for maintenance' }, { status: 503 })
    if (request.headers.get('X-CSRFToken') !== 'token-of-test') return Response.json({ detail: 'CSRF' }, { status: 403 })
    const body = (await request.json()) as SaveBody
    const known = answers.get(body.save_id)
    if (!known && request.headers.get('If-Match') !== `"${revision}"`) {
      return Response.json({ detail: 'The annotations were changed meanwhile', revision }, { status: 412 })
    }
    const answer = known ?? apply(body)
    answers.set(body.save_id, answer)
    if (mode === 'lose-answer') return Response.json({ detail: 'Bad gateway' }, { status: 502 })
    return Response.json(answer, { headers: { ETag: `"${revision}"` } })
  }

  const extras = startExtras(
    options,
    () => new Uint8Array(pictures[0]!),
    () => ({ revision, stored }),
  )
  extras.keepVersion()
  const restore = (wanted: number): Response => {
    Object.assign(stored, extras.readVersion(wanted))
    revision += 1
    extras.keepVersion()
    return Response.json({ revision }, { headers: { ETag: `"${revision}"` } })
  }

  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    // Streams of events stay open and silent.
    idleTimeout: 0,
    fetch: async (request) => {
      const url = new URL(request.url)
      const restored = /^\/api\/jobs\/7\/revisions\/(\d+)\/restore$/.exec(url.pathname)
      if (restored) return restore(Number(restored[1]))
      const extra = await extras.answer(request, url)
      if (extra) return extra
      switch (`${request.method} ${url.pathname}`) {
        case 'GET /tasks/3/jobs/7': {
          const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Job 7</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/assets/editor.css"><script type="module" src="/assets/editor.js"></script></head><body><div id="annolith-editor" data-job-id="7" data-task-id="3" data-frame="0" data-workspace="standard" data-user="admin"></div></body></html>`
          const headers = {
            'Content-Type': 'text/html',
            'Content-Security-Policy': policy,
            'Set-Cookie': 'csrftoken=token-of-test; Path=/',
          }
          return new Response(html, { headers })
        }
        case 'GET /assets/editor.js':
          return new Response(script, { headers: { 'Content-Type': 'text/javascript' } })
        case 'GET /assets/editor.css':
          return new Response(style, { headers: { 'Content-Type': 'text/css' } })
        case 'GET /assets/fonts/inter-latin-wght-normal.woff2':
          return new Response(
            Bun.file(Bun.resolveSync('@fontsource-variable/inter/files/inter-latin-wght-normal.woff2', import.meta.dir)),
          )
        case 'GET /api/jobs/7':
          return Response.json(job)
        case 'PATCH /api/jobs/7':
          Object.assign(job, await request.json())
          return Response.json(job)
        case 'PATCH /api/labels/11': {
          // Only the first label may be changed.
          labels[0] = { ...labels[0]!, ...((await request.json()) as Partial<Label>) }
          return Response.json(labels[0])
        }
        case 'GET /api/labels':
          return Response.json({ count: labels.length, results: labels })
        case 'GET /api/jobs/7/data/meta': {
          const listed = Array.from({ length: frames }, (_, i) => ({
            name: `street/image_${String(i).padStart(4, '0')}.jpg`,
            width,
            height,
            related_files: options.context?.[i]?.length ?? 0,
          }))
          return Response.json({
            frames: listed,
            deleted_frames: [...extras.deleted],
            chapters: options.chapters ?? null,
            start_frame: 0,
            stop_frame: frames - 1,
            size: frames,
            included_frames: null,
          })
        }
        case 'GET /api/jobs/7/data':
          return new Response(new Uint8Array(pictures[Number(url.searchParams.get('number')) % pictures.length] ?? []), {
            headers: { 'Content-Type': 'image/jpeg' },
          })
        case 'GET /api/jobs/7/annotations':
          return Response.json({ version: 0, ...stored }, { headers: { ETag: `"${revision}"` } })
        case 'PATCH /api/jobs/7/annotations':
          return save(request)
        case 'POST /api/events':
          return Response.json(await request.json(), { status: 201 })
        default:
          return new Response('Not found', { status: 404 })
      }
    },
  })
  return {
    url: `http://127.0.0.1:${server.port}/tasks/3/jobs/7`,
    job,
    stored,
    extras,
    get revision() {
      return revision
    },
    get saves() {
      return saves
    },
    setMode: (next: typeof mode) => {
      mode = next
    },
    /** Another person changes the stored annotations. */
    changeElsewhere: (change: (stored: Stored) => void) => {
      change(stored)
      revision += 1
      extras.keepVersion()
      extras.send('save', { revision, user: { id: 2, username: 'bob' } })
    },
    close: () => server.stop(true),
  }
}

export type Mock = Awaited<ReturnType<typeof startMock>>

export const makeShape = (part: Partial<Shape> & Pick<Shape, 'type' | 'points'>): Shape => ({
  id: 1,
  frame: 0,
  label_id: 11,
  group: 0,
  source: 'manual',
  score: 1,
  rotation: 0,
  occluded: false,
  outside: false,
  z_order: 0,
  attributes: [
    { spec_id: 101, value: 'red' },
    { spec_id: 102, value: 'false' },
  ],
  elements: [],
  ...part,
})
