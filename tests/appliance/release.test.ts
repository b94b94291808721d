// A release archive as an administrator meets it: unpacked, checked, installed, upgraded in place and removed again.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { version } from '../../package.json'

const root = join(import.meta.dir, '../..')
const name = `annolith-${version}-linux-x64`
const folder = mkdtempSync(join(tmpdir(), 'annolith-release-'))
const [made, prefix] = [join(folder, 'made'), join(folder, 'prefix')]
const archive = join(made, `${name}.tar.gz`)
const data = join(prefix, 'var/lib/annolith')
const { ANNOLITH_DATA_DIR: _, ...plain } = process.env

const run = async (cmd: string[]) => {
  const child = Bun.spawn(cmd, {
    cwd: folder,
    env: { ...plain, HOME: folder, ANNOLITH_PASSWORD_HASHER: 'md5' },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [exitCode, out, err] = await Promise.all([
    child.exited,
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  return { exitCode, out, err }
}
const unpack = async (place: string) => {
  mkdirSync(join(folder, place))
  expect(await run(['tar', '-xzf', archive, '-C', join(folder, place)])).toEqual({ exitCode: 0, out: '', err: '' })
  return join(folder, place, name)
}
const install = (release: string, ...flags: string[]) =>
  run([join(release, 'install.sh'), '--user', '--prefix', prefix, '--no-start', ...flags])
const annolith = (...words: string[]) => run([join(prefix, 'bin/annolith'), ...words])

beforeAll(async () => {
  const built = join(root, 'dist/annolith')
  if (!existsSync(built)) throw new Error('dist/annolith does not exist; run scripts/up --build-only')
  const script = join(root, 'scripts/release.ts')
  expect(await run([process.execPath, script, '--arch', 'x64', '--binary', built, '--out', made])).toMatchObject({
    exitCode: 0,
    err: '',
  })
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the archive comes with its checksum and the list of what is in it', async () => {
  expect(readdirSync(made).sort()).toEqual([`${name}.cdx.json`, `${name}.tar.gz`, `${name}.tar.gz.sha256`])
  expect(await run(['bash', '-c', `cd ${made} && sha256sum --check --quiet ${name}.tar.gz.sha256`])).toMatchObject({
    exitCode: 0,
  })
  const bom = JSON.parse(readFileSync(join(made, `${name}.cdx.json`), 'utf8'))
  expect(bom).toMatchObject({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    metadata: { component: { name: 'annolith', version } },
  })
  const find = (wanted: string) => bom.components.find((part: { name: string }) => part.name === wanted)
  expect(find('elysia')).toMatchObject({ type: 'library', purl: expect.stringMatching(/^pkg:npm\/elysia@1\./) })
  expect(find('@img/sharp-linux-x64')).toMatchObject({ licenses: [{ license: { id: 'Apache-2.0' } }] })
  const refs = bom.components.map((part: { 'bom-ref': string }) => part['bom-ref'])
  expect(new Set(refs).size).toBe(refs.length)
})

test('it installs, runs, upgrades itself and is removed without a trace', async () => {
  const release = await unpack('whole')
  const top = ['LICENSE', 'README.md', 'SHA256SUMS', 'THIRD-PARTY-NOTICES.txt', 'annolith', 'annolith.cdx.json', 'completions']
  expect(readdirSync(release).sort()).toEqual([...top, 'deploy', 'docs', 'install.sh', 'man', 'systemd'])
  expect(await install(release, '--version')).toEqual({ exitCode: 0, out: `annolith ${version}\n`, err: '' })
  expect(await install(release)).toMatchObject({ exitCode: 0, err: '' })
  expect((await install(release)).out).toContain('nothing to change')
  expect(await annolith('version')).toEqual({ exitCode: 0, out: `annolith ${version}\n`, err: '' })
  const completions = readFileSync(join(prefix, 'share/bash-completion/completions/annolith'), 'utf8')
  expect(completions).toContain('complete -F _annolith annolith')
  expect(readFileSync(join(prefix, 'share/man/man1/annolith.1'), 'utf8')).toStartWith('.TH ANNOLITH 1')

  const before = statSync(join(prefix, 'bin/annolith')).ino
  expect(await annolith('migrate', '--data-dir', data)).toMatchObject({ exitCode: 0 })
  const upgraded = await annolith('upgrade', archive, '--data-dir', data)
  expect(upgraded).toMatchObject({ exitCode: 0, out: expect.stringContaining(`upgraded to ${version}`) })
  expect(statSync(join(prefix, 'bin/annolith')).ino).not.toBe(before)
  expect(await annolith('version')).toMatchObject({ exitCode: 0, out: `annolith ${version}\n` })

  expect(await install(release, '--uninstall', '--purge')).toMatchObject({ exitCode: 0, err: '' })
  const left = readdirSync(prefix, { recursive: true, encoding: 'utf8' }).filter((path) => statSync(join(prefix, path)).isFile())
  expect(left).toEqual([])
})

const refused: [string, (release: string) => void, string][] = [
  [
    'changed',
    (release) => appendFileSync(join(release, 'systemd/annolith.service'), '#'),
    'the release is damaged or was changed',
  ],
  ['incomplete', (release) => rmSync(join(release, 'completions/_annolith')), 'the release is damaged or was changed'],
  ['unchecked', (release) => rmSync(join(release, 'SHA256SUMS')), 'SHA256SUMS is missing: unpack the whole release archive'],
]
test.each(refused)('a release that was %s is not installed, and nothing of it is run', async (how, change, words) => {
  const release = await unpack(how)
  change(release)
  for (const flags of [[], ['--version']]) {
    const { exitCode, out, err } = await install(release, ...flags)
    expect({ exitCode, out, err }).toEqual({ exitCode: 1, out: '', err: expect.stringContaining(words) })
  }
  expect(existsSync(join(prefix, 'bin/annolith'))).toBe(false)
})
