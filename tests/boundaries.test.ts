// Holds the import arrows: formats ← web/ui ← server base ← server features ← workers and console ← main, and who may use which library.
import { expect, test } from 'bun:test'
import { join, posix } from 'node:path'
import { Glob } from 'bun'

/** One value import; `to` is a path from the project's root or a package name. Types cross freely and are not listed. */
type Import = { from: string; to: string; lazy: boolean }

const root = join(import.meta.dir, '..')
const transpilers = { '.ts': new Bun.Transpiler({ loader: 'ts' }), '.tsx': new Bun.Transpiler({ loader: 'tsx' }) }

/** Which folder may import which, by the first prefix that fits; every folder may import itself, main.ts and its neighbours all. */
const arrows: Record<string, string[]> = {
  'src/formats/': [],
  'src/web/ui/': ['src/formats/'],
  'src/web/': ['src/formats/', 'src/web/'],
  'src/server/': ['src/formats/', 'src/web/ui/', 'src/server/'],
  'src/workers/': ['src/formats/', 'src/server/'],
  'src/admin-tui/': ['src/server/'],
}

/** Parts of the server that features stand on; they know no feature. */
const base = ['db', 'policy', 'queue', 'storage', 'media', 'http']

/** Lists of features, one line each. */
const tablesOfContents = ['src/server/app.ts', 'src/server/pages.ts']

/** Package → the one place that may import it. */
const owners: Record<string, string> = {
  konva: 'src/web/editor/render/',
  three: 'src/web/scene/render/',
  blessed: 'src/admin-tui/screen.ts',
  bullmq: 'src/server/queue/',
  ioredis: 'src/server/queue/',
  sharp: 'src/server/media/',
  'onnxruntime-node': 'src/server/functions/onnx/sessions.ts',
  'onnxruntime-web': 'src/web/models/',
  postgres: 'src/server/db/',
  lucia: 'src/server/auth/session.ts',
  nodemailer: 'src/server/mail/',
  'openid-client': 'src/server/auth/providers/',
  ldapts: 'src/server/auth/providers/',
  '@node-saml/node-saml': 'src/server/auth/providers/',
}

const toPackage = (path: string) =>
  path
    .split('/')
    .slice(0, path.startsWith('@') ? 2 : 1)
    .join('/')
const toFeature = (path: string) => {
  const [, folder] = /^src\/server\/([^/]+)\/./.exec(path) ?? []
  return folder && !base.includes(folder) ? folder : undefined
}
const isDoor = (path: string) => /\/(service|schema)(\.ts)?$/.test(path)

const breaksArrow = ({ from, to }: Import) => {
  const home = Object.keys(arrows).find((prefix) => from.startsWith(prefix))
  return (
    to.startsWith('src/') && home !== undefined && !to.startsWith(home) && !arrows[home]!.some((prefix) => to.startsWith(prefix))
  )
}

/** Each rule says what is wrong with an import, in words that name the way out. */
const rules: [string, (edge: Import) => boolean][] = [
  ['is against the arrows', breaksArrow],
  [
    'browser code takes nothing from the page kit',
    ({ from, to }) => /^src\/web\/(?!ui\/)/.test(from) && to.startsWith('src/web/ui/') && to.endsWith('.tsx'),
  ],
  ['nobody imports main.ts', ({ to }) => to === 'src/main.ts'],
  ['only the command line imports app.ts', ({ from, to }) => to === 'src/server/app.ts' && /^src\/\w+\//.test(from)],
  [
    'the base of the server knows no feature but its tables (schema.ts, …-schema.ts)',
    ({ from, to }) =>
      from.startsWith('src/server/') &&
      !tablesOfContents.includes(from) &&
      !toFeature(from) &&
      !!toFeature(to) &&
      !/[/-]schema\.ts$/.test(to),
  ],
  [
    'another feature is reached through its service.ts (schema.ts for table references)',
    ({ from, to }) => !!toFeature(from) && !!toFeature(to) && toFeature(from) !== toFeature(to) && !isDoor(to),
  ],
  [
    'workers and console call what does the work, not routes, pages or tables',
    ({ from, to }) => /^src\/(workers|admin-tui)\//.test(from) && !!toFeature(to) && /\/(routes|page|schema)\.tsx?$/.test(to),
  ],
  [
    'workers and console own no SQL',
    ({ from, to }) => /^src\/(workers|admin-tui)\//.test(from) && toPackage(to) === 'drizzle-orm',
  ],
  [
    'formats and browser code own no SQL',
    ({ from, to }) => /^src\/(formats|web)\//.test(from) && toPackage(to) === 'drizzle-orm',
  ],
  [
    'the library belongs to one place',
    ({ from, to }) => {
      const owner = owners[toPackage(to)]
      return owner !== undefined && !from.startsWith(owner)
    },
  ],
]

const judge = (edges: Import[]) =>
  edges.flatMap((edge) => rules.filter(([, isBad]) => isBad(edge)).map(([why]) => `${edge.from} → ${edge.to}: ${why}`))

/** Strongly connected groups of files (Tarjan); lazy imports do not count. */
const findCycles = (edges: Import[]): string[][] => {
  const next = Map.groupBy(
    edges.filter(({ to, lazy }) => !lazy && to.startsWith('src/')),
    ({ from }) => from,
  )
  const order = new Map<string, number>()
  const low = new Map<string, number>()
  const stack: string[] = []
  const cycles: string[][] = []
  const visit = (file: string) => {
    order.set(file, order.size)
    low.set(file, order.get(file)!)
    stack.push(file)
    for (const { to } of next.get(file) ?? []) {
      if (!order.has(to)) visit(to)
      if (stack.includes(to)) low.set(file, Math.min(low.get(file)!, low.get(to)!))
    }
    if (low.get(file) !== order.get(file)) return
    const group = stack.splice(stack.indexOf(file))
    if (group.length > 1 || next.get(file)?.some(({ to }) => to === file)) cycles.push(group)
  }
  for (const file of next.keys()) if (!order.has(file)) visit(file)
  return cycles
}

const listSources = async () => {
  const files = new Map<string, string>()
  for await (const path of new Glob('src/**/*.{ts,tsx}').scan({ cwd: root }))
    if (!/\.test\.tsx?$|\/fixtures\//.test(path)) files.set(path, await Bun.file(join(root, path)).text())
  return files
}

const readImports = (files: Map<string, string>): Import[] => {
  const resolve = (from: string, path: string) => {
    if (!path.startsWith('.')) return path
    const plain = posix.join(posix.dirname(from), path)
    return [plain, `${plain}.ts`, `${plain}.tsx`, `${plain}/index.ts`].find((candidate) => files.has(candidate)) ?? plain
  }
  const scan = (from: string, text: string) => {
    try {
      return transpilers[posix.extname(from) as keyof typeof transpilers].scanImports(text)
    } catch (error) {
      throw new Error(`${from} cannot be parsed: ${error}`)
    }
  }
  return [...files].flatMap(([from, text]) =>
    scan(from, text).map(({ path, kind }) => ({ from, to: resolve(from, path), lazy: kind === 'dynamic-import' })),
  )
}

const sources = await listSources()
const imports = readImports(sources)

test('imports follow the arrows', () => expect(judge(imports)).toEqual([]))

test('no files import each other in a circle', () => expect(findCycles(imports)).toEqual([]))

test('ffmpeg is started by src/server/media only', () => {
  const starters = [...sources].filter(
    ([path, text]) => !path.startsWith('src/server/media/') && /\bspawn(Sync)?\(/.test(text) && /ff(mpeg|probe)/.test(text),
  )
  expect(starters.map(([path]) => path)).toEqual([])
})

test('every relative import names a file', () => {
  const lost = imports.filter(({ to }) => to.startsWith('src/') && /\.tsx?$/.test(to) && !sources.has(to))
  expect(lost).toEqual([])
})

test.each([
  ['src/formats/coco/read.ts', 'src/server/config.ts', 1],
  ['src/formats/coco/read.ts', 'src/formats/model.ts', 0],
  ['src/web/ui/form.tsx', 'src/web/editor/store.ts', 1],
  ['src/web/editor/editor.ts', 'src/server/jobs/service.ts', 1],
  ['src/web/editor/editor.ts', 'src/web/video/player.ts', 0],
  ['src/web/editor/editor.ts', 'src/web/ui/table.tsx', 1],
  ['src/web/editor/tools/draw.ts', 'konva', 1],
  ['src/web/editor/render/layer.ts', 'konva/lib/Layer', 0],
  ['src/server/http/who.ts', 'src/server/auth/service.ts', 1],
  ['src/server/db/schema.ts', 'src/server/auth/schema.ts', 0],
  ['src/server/policy/can.ts', 'src/server/auth/schema.ts', 0],
  ['src/server/jobs/routes.ts', 'src/server/tasks/service.ts', 0],
  ['src/server/jobs/routes.ts', 'src/server/tasks/routes.ts', 1],
  ['src/server/jobs/page.tsx', 'src/web/ui/table.tsx', 0],
  ['src/server/jobs/service.ts', 'src/workers/index.ts', 1],
  ['src/server/app.ts', 'src/server/jobs/routes.ts', 0],
  ['src/workers/import.ts', 'src/server/jobs/schema.ts', 1],
  ['src/workers/import.ts', 'drizzle-orm', 1],
  ['src/admin-tui/panes/users.ts', 'src/server/users/service.ts', 0],
  ['src/admin-tui/panes/users.ts', 'blessed', 1],
  ['src/main.ts', 'src/admin-tui/console.ts', 0],
  ['src/serve.ts', 'src/server/app.ts', 0],
  ['src/server/jobs/service.ts', 'src/serve.ts', 1],
])('%s → %s breaks %i rules', (from, to, expected) => expect(judge([{ from, to, lazy: false }])).toHaveLength(expected))

test('types are free, values and re-exports count, a circle is found', () => {
  const files = new Map([
    ['src/a.ts', `import type { X } from './b'\nimport { type Y } from './b'\nexport type { Z } from './b'\nexport const a = 1`],
    ['src/b.ts', `export { c } from './c.ts'\nexport type X = 1`],
    ['src/c.ts', `import { c as b } from './b.ts'\nexport const c = () => [b, import('./a.ts')]`],
  ])
  const edges = readImports(files)
  expect(edges.map(({ from, to, lazy }) => `${from} ${to} ${lazy}`).sort()).toEqual([
    'src/b.ts src/c.ts false',
    'src/c.ts src/a.ts true',
    'src/c.ts src/b.ts false',
  ])
  expect(findCycles(edges).map((group) => group.sort())).toEqual([['src/b.ts', 'src/c.ts']])
})
