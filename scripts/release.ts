// `bun run release`: an archive for each architecture with everything that installs it, its checksum and the list of what is in it.
// --arch x64|arm64: this one only; --out DIR: where to (dist/release); --binary FILE: pack this executable instead of building one.
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { version } from '../package.json'
import { buildBinary } from './build/binary.ts'
import { collectNotices, formatNotices, type Notice } from './build/notices.ts'
import { fromRoot } from './build/paths.ts'
import { buildWeb } from './build/web.ts'
import { fetchNative } from './releasing/fetch-native.ts'
import { type Architecture, architectures, hashFile, layRelease, nameRelease } from './releasing/layout.ts'
import { writeSbom } from './releasing/sbom.ts'

const { values: flags } = parseArgs({
  options: {
    arch: { type: 'string' },
    out: { type: 'string', default: fromRoot('dist/release') },
    binary: { type: 'string' },
  },
})

/** The notices of what is installed here, with the native packages of the other architecture under their names. */
const noticesFor = (arch: Architecture): Notice[] =>
  collectNotices().map((notice) => ({ ...notice, name: notice.name.replace(/^(@img\/.*-linux-)x64$/, `$1${arch}`) }))

const build = async (arch: Architecture, scratch: string): Promise<string> => {
  const isHost = process.platform === 'linux' && process.arch === arch
  const modules = isHost ? undefined : await fetchNative(join(scratch, 'packages'), arch)
  return buildBinary({
    target: `bun-linux-${arch}`,
    outfile: join(scratch, 'annolith'),
    ...(modules && { nativeModules: modules }),
  })
}

/** The same files give the same archive, wherever and whenever it is made. */
const pack = async (folder: string, name: string, archive: string) => {
  const tar = Bun.spawn(
    [
      'tar',
      '--create',
      '--sort=name',
      '--owner=0',
      '--group=0',
      '--numeric-owner',
      '--mode=u+rw,go+r-w,a+X',
      '--mtime=@0',
      '--use-compress-program=gzip -n -6',
      `--file=${archive}`,
      `--directory=${folder}`,
      name,
    ],
    { stdout: 'ignore', stderr: 'pipe' },
  )
  const [code, said] = await Promise.all([tar.exited, new Response(tar.stderr).text()])
  if (code !== 0) throw new Error(`tar failed: ${said.trim()}`)
}

const release = async (arch: Architecture, out: string) => {
  await mkdir(out, { recursive: true })
  const scratch = await mkdtemp(join(out, '.release-'))
  try {
    const name = nameRelease(arch)
    const notices = noticesFor(arch)
    const binary = flags.binary ? resolve(flags.binary) : await build(arch, scratch)
    const sbom = writeSbom(version, notices)
    await mkdir(join(scratch, name))
    await layRelease(join(scratch, name), binary, { notices: formatNotices(notices), sbom })
    const archive = join(scratch, `${name}.tar.gz`)
    await pack(scratch, name, archive)
    await writeFile(`${archive}.sha256`, `${await hashFile(archive)}  ${basename(archive)}\n`)
    await writeFile(join(scratch, `${name}.cdx.json`), sbom)
    for (const file of [`${name}.tar.gz.sha256`, `${name}.cdx.json`, `${name}.tar.gz`])
      await rename(join(scratch, file), join(out, file))
    console.log(`${join(out, name)}.tar.gz: ${Math.round(Bun.file(join(out, `${name}.tar.gz`)).size / 1e6)} MB`)
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

const run = async () => {
  const wanted = architectures.filter((arch) => flags.arch === undefined || arch === flags.arch)
  if (!wanted.length) throw new Error(`--arch must be one of ${architectures.join(', ')}, not "${flags.arch}"`)
  if (flags.binary && wanted.length > 1) throw new Error('--binary goes with --arch')
  if (!flags.binary) {
    for (const entry of await buildWeb()) console.warn(`skipped: ${entry} does not exist`)
    await Bun.write(fromRoot('public/build/THIRD-PARTY-NOTICES.txt'), formatNotices(collectNotices()))
  }
  for (const arch of wanted) await release(arch, resolve(flags.out))
}

try {
  await run()
} catch (error) {
  console.error(`release failed: ${(error as Error).message}`)
  process.exit(1)
}
