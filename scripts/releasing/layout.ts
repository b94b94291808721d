// What a release archive holds and how its files are called.
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Glob } from 'bun'
import { version } from '../../package.json'
import { shells } from '../../src/command-table.ts'
import { writeCompletions } from '../../src/completions.ts'
import { writeManPage } from '../../src/man-page.ts'
import { fromRoot } from '../build/paths.ts'

export const architectures = ['x64', 'arm64'] as const
export type Architecture = (typeof architectures)[number]

/** `annolith-0.1.0-linux-x64`: the folder in the archive, and the archive without its ending. */
export const nameRelease = (arch: Architecture) => `annolith-${version}-linux-${arch}`

const completionNames = { bash: 'annolith.bash', zsh: '_annolith', fish: 'annolith.fish' } as const
/** One by one: secrets that somebody has made there stay there. */
const deployment = [
  '.dockerignore',
  'Dockerfile',
  'annolith-ready',
  'compose.yaml',
  'grafana-dashboard.json',
  'helm',
  'make-secrets.sh',
]
const copies = [
  ...deployment.map((name) => `deploy/${name}`),
  'install.sh',
  'systemd',
  'LICENSE',
  'README.md',
  'docs/operators',
  'docs/security.md',
]

/** Texts that are made for the release, by their path in it. */
export type ReleaseTexts = { notices: string; sbom: string }

/** Fills the folder of a release: the program, what installs it, and SHA256SUMS over all of it. */
export const layRelease = async (folder: string, binary: string, { notices, sbom }: ReleaseTexts): Promise<void> => {
  for (const name of ['completions', 'man']) await mkdir(join(folder, name), { recursive: true })
  await cp(binary, join(folder, 'annolith'), { mode: 0 })
  for (const name of copies) await cp(fromRoot(name), join(folder, name), { recursive: true })
  for (const shell of shells) await writeFile(join(folder, 'completions', completionNames[shell]), writeCompletions(shell))
  await writeFile(join(folder, 'man/annolith.1'), writeManPage(version))
  await writeFile(join(folder, 'THIRD-PARTY-NOTICES.txt'), notices)
  await writeFile(join(folder, 'annolith.cdx.json'), sbom)
  const names = [...new Glob('**/*').scanSync({ cwd: folder, dot: true })].sort()
  const lines: string[] = []
  for (const name of names) lines.push(`${await hashFile(join(folder, name))}  ${name}\n`)
  await writeFile(join(folder, 'SHA256SUMS'), lines.join(''))
}

/** SHA-256 of a file, in small letters. */
export const hashFile = async (path: string): Promise<string> => {
  const hasher = new Bun.CryptoHasher('sha256')
  for await (const part of Bun.file(path).stream()) hasher.update(part)
  return hasher.digest('hex')
}
