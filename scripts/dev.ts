// `bun run dev`: runs the server from source on .tools/dev-data with the demo project; restarts it and rebuilds bundles on change.
import { watch } from 'node:fs'
import { parseArgs } from 'node:util'
import { fromRoot } from './build/paths.ts'
import { buildWeb } from './build/web.ts'
import { seedDemo } from './seed.ts'
import { waitUntilReady } from './server-process.ts'

const { values: flags } = parseArgs({ options: { port: { type: 'string', default: process.env.ANNOLITH_PORT || '8080' } } })
const dataDir = process.env.ANNOLITH_DATA_DIR || fromRoot('.tools/dev-data')
const url = `http://127.0.0.1:${flags.port}`
const password = process.env.ANNOLITH_ADMIN_PASSWORD || 'annolith-development'

const rebuild = async () => {
  const started = performance.now()
  try {
    await buildWeb({ clean: false })
    console.log(`bundles built in ${Math.round(performance.now() - started)} ms`)
  } catch (error) {
    console.error((error as Error).message)
  }
}

/** Editors save in bursts: one rebuild at a time, and one more when something changed meanwhile. */
const watchBundles = () => {
  let state: 'idle' | 'building' | 'changed' = 'idle'
  const onChange = async () => {
    if (state !== 'idle') {
      state = 'changed'
      return
    }
    do {
      state = 'building'
      await rebuild()
    } while ((state as string) === 'changed')
    state = 'idle'
  }
  watch(fromRoot('src'), { recursive: true }, (_, file) => {
    // Pages matter too: the style sheet holds the classes that they use.
    if (file && /^(web|formats)\/|\.tsx$|\.css$/.test(file) && !/\.test\.tsx?$/.test(file)) void onChange()
  })
}

await rebuild()
const server = Bun.spawn(
  [process.execPath, '--watch', '--no-clear-screen', 'src/main.ts', 'serve', '--data-dir', dataDir, '--port', flags.port],
  { cwd: fromRoot('.'), stdio: ['inherit', 'inherit', 'inherit'], env: { ...process.env, ANNOLITH_ADMIN_PASSWORD: password } },
)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => server.kill('SIGTERM'))
watchBundles()

if (await waitUntilReady({ pid: server.pid, url })) {
  await seedDemo(url, 'admin', password).catch((error: Error) =>
    console.error(`the demo project is not complete: ${error.message}`),
  )
  console.log(`\n  ${url}  user admin, password ${password}\n`)
}
process.exit(await server.exited)
