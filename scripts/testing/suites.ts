// The test suites as data, in the order in which they run.

export type Suite = {
  name: string
  /** Files and folders for `bun test`, else a command that writes its own JUnit file to $JUNIT. */
  tests?: string[]
  command?: string[]
  /** Needs the executable or the browser bundles: the build runs first, also when only this suite was asked for. */
  built?: true
  /** Runs once more on PostgreSQL and Redis with these (fewer) paths. */
  again?: string[]
  /** Longest time one test may take; a hang is a failure. */
  testSeconds?: number
  /** How often a test may be tried again: for suites that drive a browser or other programs on a machine that may be busy. */
  retries?: number
  /** Longest time of the whole suite. */
  minutes: number
}

export const suites: Suite[] = [
  { name: 'check', command: ['scripts/check.ts'], minutes: 10 },
  {
    name: 'unit',
    tests: ['./src', './scripts', './tests/boundaries.test.ts', './tests/asvs.test.ts', './tests/security.test.ts'],
    again: ['./src/server', './src/workers'],
    testSeconds: 30,
    minutes: 20,
  },
  { name: 'build', command: ['scripts/testing/build-check.ts'], minutes: 10 },
  { name: 'appliance', tests: ['./tests/appliance'], built: true, testSeconds: 120, retries: 1, minutes: 15 },
  { name: 'auth', tests: ['./tests/auth'], again: ['./tests/auth'], testSeconds: 60, retries: 1, minutes: 10 },
  { name: 'e2e', tests: ['./tests/e2e'], built: true, testSeconds: 180, retries: 2, minutes: 40 },
  { name: 'formats', tests: ['./tests/formats'], testSeconds: 300, minutes: 20 },
  { name: 'sdk', tests: ['./tests/sdk'], again: ['./tests/sdk'], testSeconds: 300, retries: 1, minutes: 30 },
  { name: 'crash', tests: ['./tests/crash'], again: ['./tests/crash'], testSeconds: 180, retries: 1, minutes: 20 },
  { name: 'hosts', tests: ['./tests/hosts'], testSeconds: 180, retries: 0, minutes: 10 },
]
