// Puts a new version in the place of this one, tries it, and goes back by itself when it does not work.
import { chmodSync, copyFileSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Config, ConfigError } from '../config'
import { lockDataDir } from '../lock'
import { isOlder, unpack } from './archive'
import { endJournal, type Journal, readJournal, type Step, savedFolder, writeJournal } from './journal'
import { restoreRows, saveRows } from './saved-rows'

export type UpgradeOptions = {
  archive: string
  sha256?: string
  /** The program that is replaced. */
  program: string
  /** Its version. */
  version: string
  onStep?: (words: string) => void
  /** For tests: called when a step lasts. */
  afterStep?: (step: Step) => void
}

const patienceMs = 60_000
/** Set to `1` the trial speaks plain HTTP, set to `tls` it speaks as configured. */
export const trialVariable = 'ANNOLITH_UPGRADE_TRIAL'

const environmentFor = ({ dataDir }: Config) => ({ ...process.env, ANNOLITH_DATA_DIR: dataDir })

const runProgram = async (program: string, args: string[], current: Config): Promise<void> => {
  const child = Bun.spawn([program, ...args, '--data-dir', current.dataDir], {
    env: environmentFor(current),
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'pipe',
  })
  const [log, code] = await Promise.all([new Response(child.stderr).text(), child.exited])
  if (code !== 0)
    throw new ConfigError(`annolith ${args[0]} of the new version ended with ${code}: ${log.trim().split('\n').at(-1)}`)
}

const findFreePort = () => {
  const listener = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } })
  const { port } = listener
  listener.stop(true)
  return port
}

/** Starts the new version for a moment, on a port that nobody knows, and asks whether every part works: by HTTPS when that is configured. */
const tryServer = async (program: string, current: Config): Promise<void> => {
  const port = findFreePort()
  const args = ['serve', '--host', '127.0.0.1', '--port', String(port), '--data-dir', current.dataDir]
  const child = Bun.spawn([program, ...args], {
    env: { ...environmentFor(current), [trialVariable]: 'tls' },
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'pipe',
  })
  const log = new Response(child.stderr).text()
  const url = `${current.tls_cert ? 'https' : 'http'}://127.0.0.1:${port}/readyz`
  // The certificate is for a name, and the process is our own child.
  const ask = () => fetch(url, { signal: AbortSignal.timeout(5000), tls: { rejectUnauthorized: false } }).catch(() => undefined)
  let last = 'it does not answer'
  try {
    for (const deadline = Date.now() + patienceMs; Date.now() < deadline; await Bun.sleep(100)) {
      if (child.exitCode !== null)
        throw new ConfigError(`the new version ended with ${child.exitCode}: ${(await log).trim().split('\n').at(-1)}`)
      const answer = await ask()
      if (answer?.status === 200) return
      if (answer) last = await answer.text()
    }
    throw new ConfigError(`the new version is not ready after ${patienceMs / 1000} s: ${last}`)
  } finally {
    child.kill('SIGTERM')
    const killer = setTimeout(() => child.kill('SIGKILL'), 10_000)
    await child.exited
    clearTimeout(killer)
  }
}

/**
 * Undoes whatever an upgrade has done so far; interrupted, it is done again. Nothing happens when none is under way.
 * @param afterStep for tests: called when a step lasts
 */
export const rollBack = async (
  current: Config,
  afterStep: (step: 'rows' | 'program') => void = () => {},
): Promise<Journal | undefined> => {
  const journal = readJournal(current.dataDir)
  if (!journal) return undefined
  const saved = savedFolder(current.dataDir)
  if (journal.step !== 'begun') {
    await restoreRows(current, saved)
    afterStep('rows')
    copyFileSync(join(saved, 'annolith'), `${journal.program}.old`)
    renameSync(`${journal.program}.old`, journal.program)
    afterStep('program')
  }
  endJournal(current.dataDir)
  return journal
}

/**
 * The server must not run. Throws ConfigError with the reason when the archive is refused or the new version does not work; then program and
 * data are as before.
 */
export const upgrade = async (
  current: Config,
  { archive, sha256, program, version, onStep = () => {}, afterStep = () => {} }: UpgradeOptions,
): Promise<string> => {
  const { dataDir } = current
  if (readJournal(dataDir)) throw new ConfigError('an upgrade was interrupted: run annolith upgrade --rollback first')
  const unlock = lockDataDir(dataDir)
  const scratch = join(dataDir, 'upgrade-unpacked')
  const enter = (step: Step, to: string) => {
    writeJournal(dataDir, { step, from: version, to, program })
    afterStep(step)
  }
  let to: string
  try {
    rmSync(scratch, { recursive: true, force: true })
    mkdirSync(scratch, { recursive: true, mode: 0o700 })
    const found = await unpack(archive, scratch, sha256)
    to = found.version
    if (isOlder(to, version)) throw new ConfigError(`the archive holds version ${to}, which is older than ${version}`)
    onStep(`version ${version} → ${to}`)
    enter('begun', to)
    await saveRows(current, savedFolder(dataDir))
    copyFileSync(program, join(savedFolder(dataDir), 'annolith'))
    enter('saved', to)
    onStep('the data of now are kept aside')
    // Beside the old one first: the rename is then one step.
    copyFileSync(found.program, `${program}.new`)
    chmodSync(`${program}.new`, statSync(program).mode & 0o777)
    renameSync(`${program}.new`, program)
    enter('swapped', to)
  } catch (error) {
    await rollBack(current)
    throw error
  } finally {
    rmSync(scratch, { recursive: true, force: true })
    unlock()
  }
  try {
    await runProgram(program, ['migrate'], current)
    enter('migrated', to)
    onStep('the tables are those of the new version')
    await tryServer(program, current)
    onStep('the new version works')
  } catch (error) {
    onStep(`going back: ${(error as Error).message}`)
    await rollBack(current)
    throw new ConfigError(
      `version ${to} does not work here, version ${version} and its data are back: ${(error as Error).message}`,
    )
  }
  endJournal(dataDir)
  return to
}
