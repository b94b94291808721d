// Brings the native files of another architecture, as its package manager would, checked against the lock file of the project.
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dependencies } from '../../package.json'
import { fromRoot } from '../build/paths.ts'

/** `"@img/x": ["@img/x@1.2.3", "", {…}, "sha512-…"]` of bun.lock. */
const readIntegrity = (lock: string, name: string): string | undefined =>
  new RegExp(`"${name.replaceAll('/', '\\/')}": \\[[^\\n]*"(sha512-[^"]+)"\\]`).exec(lock)?.[1]

/**
 * Installs sharp for `arch` into `folder` and answers its node_modules. Throws when there is no network, and when a package is not the
 * one that bun.lock names.
 */
export const fetchNative = async (folder: string, arch: string): Promise<string> => {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: { sharp: dependencies.sharp } }))
  const install = Bun.spawn([process.execPath, 'install', `--cpu=${arch}`, '--os=linux', '--ignore-scripts', '--no-progress'], {
    cwd: folder,
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'pipe',
  })
  const [code, said] = await Promise.all([install.exited, new Response(install.stderr).text()])
  if (code !== 0)
    throw new Error(`the native files for ${arch} cannot be fetched; a package registry must be reachable:\n${said.trim()}`)
  const [ours, theirs] = await Promise.all([readFile(fromRoot('bun.lock'), 'utf8'), readFile(join(folder, 'bun.lock'), 'utf8')])
  for (const name of [`@img/sharp-linux-${arch}`, `@img/sharp-libvips-linux-${arch}`]) {
    const wanted = readIntegrity(ours, name)
    if (!wanted) throw new Error(`bun.lock does not name ${name}`)
    if (readIntegrity(theirs, name) !== wanted) throw new Error(`${name} is not the package that bun.lock names`)
  }
  // Everything else is the same for every architecture.
  const modules = join(folder, 'native')
  await cp(join(folder, 'node_modules/@img'), join(modules, '@img'), { recursive: true })
  return modules
}
