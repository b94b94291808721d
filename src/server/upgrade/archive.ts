// The new version as an administrator brings it: an archive of a release or the bare program, checked before anything else happens.
import { createHash } from 'node:crypto'
import { chmodSync, copyFileSync, createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { ConfigError } from '../config'

const hashFile = async (path: string): Promise<string> => {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  return hash.digest('hex')
}

/** The checksum that was given, or stands beside the archive as `sha256sum` writes it. */
const findChecksum = (archive: string, given: string | undefined): string => {
  if (given) return given.toLowerCase()
  const file = `${archive}.sha256`
  if (!existsSync(file)) throw new ConfigError(`put ${basename(file)} beside the archive, or give --sha256`)
  const [, found] = /^([0-9a-f]{64})\b/i.exec(readFileSync(file, 'utf8')) ?? []
  if (!found) throw new ConfigError(`${file} holds no SHA-256 checksum`)
  return found.toLowerCase()
}

/** A bare program, or a script that runs one. */
const isProgram = async (path: string) => /^(\x7fELF|#!)/.test(await Bun.file(path).slice(0, 4).text())

const run = async (command: string[]): Promise<string> => {
  const child = Bun.spawn(command, { stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' })
  const [out, log, code] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text(), child.exited])
  if (code !== 0) throw new ConfigError(`${basename(command[0]!)} ended with ${code}: ${log.trim().split('\n').at(-1)}`)
  return out
}

/** What a program calls its version. Throws ConfigError when it is not Annolith or does not run on this machine. */
export const readVersion = async (program: string): Promise<string> => {
  const said = await run([program, 'version']).catch((error: Error) => {
    throw new ConfigError(`the new version does not run on this machine: ${error.message}`)
  })
  const [, version] = /^annolith (\d+\.\d+\.\d+\S*)/.exec(said) ?? []
  if (!version) throw new ConfigError('the archive holds another program')
  return version
}

/**
 * Checks the archive and puts its program into `folder`. Answers its path and version. Throws ConfigError when the checksum is wrong or
 * missing, or when it holds no program of ours.
 */
export const unpack = async (
  archive: string,
  folder: string,
  checksum?: string,
): Promise<{ program: string; version: string }> => {
  if (!statSync(archive, { throwIfNoEntry: false })?.isFile()) throw new ConfigError(`there is no file ${archive}`)
  const wanted = findChecksum(archive, checksum)
  const found = await hashFile(archive)
  if (found !== wanted)
    throw new ConfigError(`${archive} is damaged or not what was released: its checksum is ${found}, not ${wanted}`)
  const program = join(folder, 'annolith.new')
  if (await isProgram(archive)) copyFileSync(archive, program)
  else {
    await run(['tar', '-xzf', archive, '-C', folder, '--no-same-owner', '--no-same-permissions'])
    const inside = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find(
      (name) => basename(name) === 'annolith' && statSync(join(folder, name)).isFile(),
    )
    if (!inside) throw new ConfigError(`${archive} holds no program`)
    copyFileSync(join(folder, inside), program)
  }
  chmodSync(program, 0o755)
  return { program, version: await readVersion(program) }
}

/** Whether a version is older than another, by its three numbers. */
export const isOlder = (version: string, other: string): boolean => {
  const [a, b] = [version, other].map((text) => text.split(/[.-]/).slice(0, 3).map(Number))
  const at = a!.findIndex((number, i) => number !== b![i])
  return at >= 0 && a![at]! < b![at]!
}
