// `bun run check`: format and lint, types, XSS scan of the pages, import boundaries.
import { runChecks } from './testing/checks.ts'

const isGood = await runChecks('check', [
  { name: 'format and lint', command: ['node_modules/.bin/biome', 'check', '--diagnostic-level=error'] },
  { name: 'types', command: ['node_modules/.bin/tsc', '--noEmit', '-p', '.'] },
  { name: 'xss scan', command: [process.execPath, 'scripts/xss-scan.ts'] },
  { name: 'boundaries', command: [process.execPath, 'test', 'tests/boundaries.test.ts'] },
])
process.exit(isGood ? 0 : 1)
