// Runs a list of commands as checks: shows what a failed one said, writes a JUnit file when $JUNIT names one.
import { fromRoot } from '../build/paths.ts'
import { type Check, formatChecks } from './junit.ts'

export type Command = { name: string; command: string[] }

const runCheck = async ({ name, command }: Command): Promise<Check> => {
  const started = performance.now()
  const child = Bun.spawn(command, { cwd: fromRoot('.'), stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' })
  const [exitCode, ...texts] = await Promise.all([
    child.exited,
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  const seconds = (performance.now() - started) / 1000
  return { name, seconds, ...(exitCode !== 0 && { failure: texts.join('').trim() || `ended with ${exitCode}` }) }
}

/** Runs all, also after a failure; returns whether all passed. */
export const runChecks = async (suite: string, commands: Command[]): Promise<boolean> => {
  const checks: Check[] = []
  for (const command of commands) {
    const check = await runCheck(command)
    checks.push(check)
    console.log(`${check.failure === undefined ? 'ok    ' : 'FAILED'} ${check.name} (${check.seconds.toFixed(1)} s)`)
    if (check.failure !== undefined) console.log(check.failure)
  }
  if (process.env.JUNIT) await Bun.write(process.env.JUNIT, formatChecks(suite, checks))
  return checks.every(({ failure }) => failure === undefined)
}
