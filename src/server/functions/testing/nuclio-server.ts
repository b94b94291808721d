// For tests: HTTP functions as Nuclio serves them, good ones, slow ones, broken ones and liars, each under a path of its own.
import type { Server } from 'bun'

type Json = Record<string, any>

/** The square of bright pixels of a BMP, JPEG or PNG is not looked for here: answers tell which picture came by its bytes. */
const sizeOf = (image: string) => Buffer.from(image, 'base64').length

const car = { confidence: '0.9', label: 'car', points: [1, 2, 30, 40], type: 'rectangle' }

const answers: Record<string, (body: Json) => unknown> = {
  '/detector': ({ threshold }) => [
    { ...car, attributes: [{ name: 'color', value: 'green' }] },
    { ...car, confidence: '0.3', points: [5, 5, 9, 9] },
    {
      confidence: '0.8',
      label: 'tree',
      type: 'mask',
      points: [10, 10, 14, 10, 14, 14],
      mask: [0, 1, 1, 0, 1, 1, 10, 10, 12, 11],
    },
    { label: 'tree', type: 'tag' },
    { label: 'unmapped', points: [0, 0, 5, 5], type: 'rectangle', threshold },
  ],
  '/interactor': ({ pos_points }) => ({
    points: pos_points.flatMap(([x, y]: number[]) => [
      [x! - 1, y! - 1],
      [x! + 1, y! - 1],
      [x, y! + 1],
    ]),
  }),
  '/bitmap': () => ({
    mask: Array.from({ length: 48 }, (_, y) => Array.from({ length: 64 }, (_, x) => (x < 4 && y < 3 ? 255 : 0))),
  }),
  '/blob': () => ({ blob: Buffer.from(new Float32Array([1, 2, 3]).buffer).toString('base64') }),
  '/tracker': ({ shapes, states }) => {
    if (!states.length)
      return {
        shapes,
        states: shapes.map((shape: any) => (Array.isArray(shape) ? { at: shape } : { type: shape.type, at: shape.points })),
      }
    const moved = states.map(({ at, ...rest }: Json) => ({ ...rest, at: at.map((value: number) => value + 1) }))
    return { shapes: moved.map(({ type, at }: Json) => (type ? { type, points: at } : at)), states: moved }
  },
  // The nearest box by its left edge.
  '/reid': ({ boxes0, boxes1, max_distance = 1000 }) =>
    boxes0.map(({ points }: Json) => boxes1.findIndex((other: Json) => Math.abs(other.points[0] - points[0]) <= max_distance)),
  '/attributes': ({ shapes }) => shapes.map(() => [{ name: 'color', value: 'green' }]),
  '/echo': ({ image }) => [{ ...car, confidence: undefined, attributes: [{ name: 'color', value: String(sizeOf(image)) }] }],
  // Liars.
  '/label': () => [{ ...car, label: 'spaceship' }],
  '/outside': () => [{ ...car, points: [5000, 5000, 6000, 6000] }],
  '/text': () => [{ ...car, points: ['a', 'b', 'c', 'd'] }],
  '/object': () => ({ nonsense: true }),
  '/many': () => Array.from({ length: 20_000 }, () => car),
  '/pixels': () => [{ label: 'tree', type: 'mask', mask: [1, 1, 1, 0, 0, 9, 9] }],
}

const raw: Record<string, (request: Request) => Response | Promise<Response>> = {
  '/nan': () => new Response('[{"label": "car", "type": "rectangle", "points": [NaN, 1, 2, 3]}]'),
  '/html': () => new Response('<html>It works!</html>'),
  '/broken': () => new Response('Exception caught in handler', { status: 500 }),
  '/redirect': () => Response.redirect('http://127.0.0.1:1/', 302),
  '/slow': ({ signal }) =>
    new Promise((resolve) => {
      const timer = setTimeout(() => resolve(Response.json([])), 60_000)
      signal.addEventListener('abort', () => clearTimeout(timer))
    }),
  /** A gigabyte that never ends in time, sent piece by piece. */
  '/huge': () => {
    const piece = new Uint8Array(2 ** 20).fill(32)
    let sent = 0
    return new Response(
      new ReadableStream({
        pull: (controller) => {
          if (sent++ < 1024) controller.enqueue(piece)
          else controller.close()
        },
      }),
    )
  },
}

export type NuclioServer = { url: string; asked: { path: string; body: Json; headers: Headers }[]; stop: () => Promise<void> }

/** Serves all of them, and a dashboard that lists `/detector` under the name `dashboard.detector`. */
export const startNuclio = (): NuclioServer => {
  const asked: NuclioServer['asked'] = []
  const server: Server<undefined> = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    maxRequestBodySize: 2 ** 28,
    fetch: async (request) => {
      const { pathname } = new URL(request.url)
      if (pathname === '/api/functions') return Response.json(dashboard)
      const path = pathname === '/api/function_invocations' ? '/detector' : pathname
      if (raw[path]) return raw[path](request)
      const body = (await request.json()) as Json
      asked.push({ path: pathname, body, headers: request.headers })
      return answers[path] ? Response.json(answers[path](body)) : new Response('no such function', { status: 404 })
    },
  })
  return { url: `http://127.0.0.1:${server.port}`, asked, stop: () => server.stop(true) }
}

const described = (name: string, annotations: Json) => ({
  metadata: { name, namespace: 'cvat', annotations: { framework: 'test', ...annotations } },
  spec: { description: `what ${name} does` },
  status: { state: 'ready', httpPort: 1 },
})
const dashboard = {
  a: described('dashboard.detector', {
    name: 'From the dashboard',
    type: 'detector',
    spec: '[{"id": 0, "name": "car"}, {"id": 1, "name": "tree", "type": "unknown"}, {"name": "unmapped"}]',
  }),
  b: described('dashboard.odd', { type: 'oracle', spec: '[]' }),
}
