// Installs into a folder of its own and removes again; checks the units with systemd's own tools and the shell scripts with shellcheck.
import { afterEach, beforeEach, expect, test } from 'bun:test'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dir, '../..')
const script = join(root, 'install.sh')
/** Stands for the executable where only files are looked at. */
const program = '#!/bin/sh\n[ "$1" = version ] && exec echo annolith 9.8.7\necho "# $*"\n'
let folder: string
let prefix: string
let binary: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'annolith-install-'))
  prefix = join(folder, 'x')
  binary = join(folder, 'program')
  writeFileSync(binary, program)
  chmodSync(binary, 0o755)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const run = (command: string[]) => {
  const { exitCode, stdout, stderr } = Bun.spawnSync(command, { cwd: folder, env: { ...process.env, HOME: folder } })
  return { exitCode, out: stdout.toString(), err: stderr.toString() }
}
const install = (...flags: string[]) => run([script, '--user', '--prefix', prefix, '--binary', binary, '--no-start', ...flags])
const listFiles = () =>
  existsSync(prefix)
    ? readdirSync(prefix, { recursive: true, encoding: 'utf8' })
        .filter((name) => statSync(join(prefix, name)).isFile())
        .sort()
    : []

const installed = [
  'bin/annolith',
  'etc/annolith/annolith.toml',
  'lib/systemd/user/annolith-backup.service',
  'lib/systemd/user/annolith-backup.timer',
  'lib/systemd/user/annolith-worker@.service',
  'lib/systemd/user/annolith.service',
  'share/bash-completion/completions/annolith',
  'share/fish/vendor_completions.d/annolith.fish',
  'share/man/man1/annolith.1',
  'share/zsh/site-functions/_annolith',
]

test('installing twice changes nothing the second time', () => {
  expect(install('--port', '8123')).toMatchObject({ exitCode: 0, err: '' })
  expect(listFiles()).toEqual(installed)
  expect(readFileSync(join(prefix, 'share/fish/vendor_completions.d/annolith.fish'), 'utf8')).toBe('# completions fish\n')
  expect(readFileSync(join(prefix, 'share/man/man1/annolith.1'), 'utf8')).toBe('# man\n')
  const first = installed.map((name) => statSync(join(prefix, name)).mtimeMs)
  const second = install('--port', '8123')
  expect(second).toMatchObject({ exitCode: 0, err: '' })
  expect(second.out).toContain('nothing to change')
  expect(installed.map((name) => statSync(join(prefix, name)).mtimeMs)).toEqual(first)
  expect(readFileSync(join(prefix, 'etc/annolith/annolith.toml'), 'utf8')).toContain('\nport = 8123')
  expect(statSync(join(prefix, 'var/lib/annolith')).mode & 0o777).toBe(0o750)
})

test('an upgrade replaces the program and keeps settings, data and their place', () => {
  const dataDir = join(folder, 'elsewhere')
  install('--data-dir', dataDir)
  const settings = join(prefix, 'etc/annolith/annolith.toml')
  writeFileSync(settings, `${readFileSync(settings, 'utf8')}sign_up = "open"\n`)
  writeFileSync(join(dataDir, 'annolith.db'), 'kept')
  writeFileSync(binary, `${program}exit 0\n`)
  expect(install('--port', '9000').exitCode).toBe(0)
  expect(readFileSync(join(prefix, 'bin/annolith'), 'utf8')).toContain('exit 0')
  expect(readFileSync(settings, 'utf8')).toContain('sign_up = "open"\nport = 9000\n')
  expect(readFileSync(join(dataDir, 'annolith.db'), 'utf8')).toBe('kept')
  expect(readFileSync(join(prefix, 'lib/systemd/user/annolith.service'), 'utf8')).toContain(`serve --data-dir ${dataDir}\n`)
})

test('removing keeps data and settings, purging takes them, both can be repeated', () => {
  install()
  const data = join(prefix, 'var/lib/annolith/annolith.db')
  writeFileSync(data, 'kept')
  expect(install('--uninstall').exitCode).toBe(0)
  expect(install('--uninstall').exitCode).toBe(0)
  expect(listFiles()).toEqual(['etc/annolith/annolith.toml', 'var/lib/annolith/annolith.db'])
  expect(install('--uninstall', '--purge').exitCode).toBe(0)
  expect(install('--uninstall', '--purge').exitCode).toBe(0)
  expect(listFiles()).toEqual([])
})

test('purging refuses a folder that is not a data directory', () => {
  const photos = join(folder, 'photos')
  mkdirSync(photos)
  writeFileSync(join(photos, 'holiday.jpg'), 'x')
  const { exitCode, err } = install('--uninstall', '--purge', '--data-dir', photos)
  expect([exitCode, err]).toEqual([1, `install.sh: ${photos} does not look like a data directory of Annolith; it stays\n`])
  expect(readdirSync(photos)).toEqual(['holiday.jpg'])
})

test.each([[['--user']], [[]], [['--user', '--uninstall', '--purge']], [['--uninstall']]])(
  'a dry run of %p writes nothing',
  (flags) => {
    const { exitCode, out, err } = run([script, '--dry-run', '--binary', binary, '--prefix', prefix, '--no-start', ...flags])
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' })
    expect(out).toContain('would ')
    expect(listFiles()).toEqual([])
  },
)

test.each([
  [['--port', 'many'], '--port must be a number, not "many"'],
  [['--port', '70000'], '--port must be from 1 to 65535'],
  [['--port'], '--port needs a value'],
  [['--data-dir', 'relative'], 'relative must be an absolute path'],
  [['--data-dir', '/tmp/a b'], '/tmp/a b: only letters, digits and . _ - / @ + are allowed here'],
  [['--purge'], '--purge goes with --uninstall'],
  [['--frobnicate'], 'unknown option --frobnicate; see --help'],
  [
    ['--binary', '/nowhere/annolith'],
    '/nowhere/annolith does not exist; build it with scripts/up --build-only, or name one with --binary',
  ],
])('%p is refused in one line', (flags, message) => {
  expect(install(...flags)).toMatchObject({ exitCode: 1, err: `install.sh: ${message}\n` })
  expect(listFiles()).toEqual([])
})

test('--version says what would be installed', () =>
  expect(install('--version')).toEqual({ exitCode: 0, out: 'annolith 9.8.7\n', err: '' }))

test('a folder that backups go to may be written to by the unit of backups, and by no other', () => {
  const settings = join(prefix, 'etc/annolith/annolith.toml')
  install()
  writeFileSync(settings, 'backup_target = "/srv/kept"\n')
  cpSync(join(root, 'systemd'), join(folder, 'systemd'), { recursive: true })
  // Ends by showing a unit, since only root can install for the whole machine.
  const shown = join(folder, 'install.sh')
  writeFileSync(shown, readFileSync(script, 'utf8').replace(/\n"\${action}_all"\n$/, '\nwrite_unit "$UNIT"\n'))
  const text = (unit: string) => run(['env', `UNIT=${unit}`, 'bash', shown, '--dry-run', '--prefix', prefix]).out
  expect(text('annolith-backup.service')).toContain('\nReadWritePaths=-/srv/kept\n')
  expect(text('annolith.service')).not.toContain('/srv/kept')
  // A server that backs itself up writes there, too.
  writeFileSync(settings, 'backup_target = "/srv/kept"\nbackup_schedule = "@daily"\n')
  expect(text('annolith.service')).toContain('\nReadWritePaths=-/srv/kept\n')
})

const analyze = Bun.which('systemd-analyze')

test.skipIf(!analyze)('systemd finds nothing wrong with the units', () => {
  install()
  for (const scope of ['user', 'system']) {
    const units = readdirSync(join(root, 'systemd')).map((name) => {
      const unit = join(folder, scope, name)
      mkdirSync(join(folder, scope), { recursive: true })
      const text = readFileSync(scope === 'user' ? join(prefix, 'lib/systemd/user', name) : join(root, 'systemd', name), 'utf8')
      writeFileSync(unit, text.replace('/usr/local/bin/annolith', binary))
      return unit
    })
    expect({ scope, ...run([analyze!, 'verify', '--man=no', ...units]) }).toEqual({ scope, exitCode: 0, out: '', err: '' })
  }
})

test.skipIf(!analyze)('the system units are locked down', () => {
  for (const name of readdirSync(join(root, 'systemd')).filter((unit) => unit.endsWith('.service'))) {
    // 0 is a service that may do nothing, 10 one that may do everything; the threshold is in tenths.
    const { exitCode, out } = run([analyze!, 'security', '--offline=true', '--threshold=20', join(root, 'systemd', name)])
    expect({ exitCode, tail: out.trim().split('\n').at(-1) }).toMatchObject({ exitCode: 0 })
  }
})

test.skipIf(!analyze)('the page for operators names the exposure that systemd finds', () => {
  const { out } = run([analyze!, 'security', '--offline=true', '--no-pager', join(root, 'systemd/annolith.service')])
  const [, found] = /Overall exposure level for annolith.service: ([\d.]+)/.exec(out) ?? []
  const page = readFileSync(join(root, 'docs/operators/security.md'), 'utf8')
  expect([found, page.includes(`annolith.service\` says ${found}`)]).toEqual([found, true])
  expect(Number(found)).toBeLessThanOrEqual(2.5)
})

const shellcheck = Bun.which('shellcheck')

test.skipIf(!shellcheck)('shellcheck finds nothing in the shell scripts', () => {
  const scripts = [
    'install.sh',
    '.ci/run',
    'scripts/up',
    'scripts/test',
    'scripts/setup.sh',
    'scripts/hooks/commit-msg',
    'scripts/hooks/pre-commit',
  ]
  expect(Bun.spawnSync([shellcheck!, '-x', ...scripts], { cwd: root }).stdout.toString()).toBe('')
})
