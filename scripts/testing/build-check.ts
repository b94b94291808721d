// The build as a test suite: the executable is compiled and says its version.
import { binaryPath } from '../build/paths.ts'
import { runChecks } from './checks.ts'

const isGood = await runChecks('build', [
  { name: 'build', command: [process.execPath, 'scripts/build.ts', '--if-changed'] },
  { name: 'version', command: [binaryPath, 'version'] },
])
process.exit(isGood ? 0 : 1)
