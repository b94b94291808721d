// `bun run build`: browser bundles, third-party notices and the executable. --web: bundles only; --if-changed; --target bun-linux-arm64.
import { parseArgs } from 'node:util'
import { buildBinary } from './build/binary.ts'
import { collectNotices, formatNotices } from './build/notices.ts'
import { fromRoot } from './build/paths.ts'
import { hashSources, isBuilt, writeStamp } from './build/stamp.ts'
import { buildWeb } from './build/web.ts'

const { values: flags } = parseArgs({
  options: { web: { type: 'boolean' }, 'if-changed': { type: 'boolean' }, target: { type: 'string' } },
})

const run = async () => {
  if (flags['if-changed'] && (await isBuilt())) return console.log('dist/annolith is up to date')
  const started = performance.now()
  const hash = await hashSources()
  const missing = await buildWeb()
  for (const entry of missing) console.warn(`skipped: ${entry} does not exist`)
  await Bun.write(fromRoot('public/build/THIRD-PARTY-NOTICES.txt'), formatNotices(collectNotices()))
  if (flags.web) return
  const outfile = flags.target ? fromRoot('dist', `annolith-${flags.target.replace(/^bun-/, '')}`) : fromRoot('dist/annolith')
  await buildBinary({ outfile, ...(flags.target && { target: flags.target }) })
  if (!flags.target) await writeStamp(hash)
  console.log(
    `${outfile}: ${Math.round(Bun.file(outfile).size / 1e6)} MB in ${((performance.now() - started) / 1000).toFixed(1)} s`,
  )
}

try {
  await run()
} catch (error) {
  console.error(`build failed: ${(error as Error).message}`)
  process.exit(1)
}
