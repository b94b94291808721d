// Installs for the whole machine, as root and with a service manager that only takes notes, on layers over /etc, /usr/local and /var/lib that go with the test.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dir, '../..')
const folder = mkdtempSync(join(tmpdir(), 'annolith-root-'))
const notes = join(folder, 'systemctl.log')
const binary = join(folder, 'program')
const layered = ['/etc', '/usr/local', '/var/lib', '/srv']

/** Runs lines of shell as root of a machine of its own, and answers what they said. */
const runAsRoot = (lines: string) => {
  const layers = layered
    .filter((path) => existsSync(path))
    .map((path, i) => {
      const [upper, work] = [`${folder}/layers/up${i}`, `${folder}/layers/work${i}`]
      return `mkdir -p ${upper} ${work} && mount -t overlay none -o lowerdir=${path},upperdir=${upper},workdir=${work} ${path}`
    })
  const script = `set -eu
mkdir -p ${folder}/layers
mount -t tmpfs none ${folder}/layers
${layers.join('\n')}
mount -t tmpfs none /run
mkdir -p /run/systemd/system
mount --bind ${folder}/systemctl "$(command -v systemctl)"
install() { ${root}/install.sh --binary ${binary} "$@"; }
${lines}`
  const { exitCode, stdout, stderr } = Bun.spawnSync(['unshare', '--mount', 'bash', '-c', script], {
    env: { PATH: process.env.PATH ?? '', HOME: '/root', LANG: 'C.UTF-8' },
  })
  return { exitCode, out: stdout.toString(), err: stderr.toString() }
}
const readNotes = () => {
  const said = existsSync(notes) ? readFileSync(notes, 'utf8').trim().split('\n') : []
  rmSync(notes, { force: true })
  return said
}

const canLayer = () =>
  process.getuid?.() === 0 && Boolean(Bun.which('systemctl')) && runAsRoot('test -d /run/systemd/system').exitCode === 0

beforeAll(() => {
  writeFileSync(binary, '#!/bin/sh\n[ "$1" = version ] && exec echo annolith 9.8.7\necho "# $*"\n')
  chmodSync(binary, 0o755)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

writeFileSync(join(folder, 'systemctl'), `#!/bin/sh\necho "$*" >>${notes}\n`)
chmodSync(join(folder, 'systemctl'), 0o755)
mkdirSync(join(folder, 'layers'), { recursive: true })
const isPossible = canLayer()
if (!isPossible) console.warn('layers cannot be mounted here: installing as root is not tested')

test.skipIf(!isPossible)(
  'an account, closed settings and data, hardened units, a service that runs; twice changes nothing',
  () => {
    readNotes()
    const { exitCode, out, err } = runAsRoot(`install --port 8123
id -un annolith; getent passwd annolith | cut -d: -f7
stat -c '%U:%G %a %n' /var/lib/annolith /etc/annolith/annolith.toml /usr/local/bin/annolith
grep -c ^ProtectSystem=strict /etc/systemd/system/annolith.service
ls /usr/local/share/man/man1/annolith.1 /usr/local/share/bash-completion/completions/annolith
echo --- again
install`)
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' })
    const [first, second] = out.split('--- again\n') as [string, string]
    expect(first).toContain('annolith runs on port 8123')
    expect(first).toContain('annolith\n/usr/sbin/nologin\n')
    expect(first).toContain(
      'annolith:annolith 750 /var/lib/annolith\nroot:annolith 640 /etc/annolith/annolith.toml\nroot:root 755 /usr/local/bin/annolith\n1\n',
    )
    expect(second).toContain('nothing to change')
    const said = readNotes()
    const again = said.lastIndexOf('daemon-reload')
    expect(said.slice(0, again)).toEqual(
      expect.arrayContaining(['daemon-reload', 'enable --quiet annolith.service', 'restart annolith.service']),
    )
    expect(said.slice(again)).toContain('start annolith.service')
    expect(said.slice(again)).not.toContain('restart annolith.service')
  },
)

test.skipIf(!isPossible)('backups run by one clock: the timer, or that of the server', () => {
  readNotes()
  const { exitCode, out, err } = runAsRoot(`install >/dev/null
printf 'backup_target = "/srv/kept"\\n' >>/etc/annolith/annolith.toml
install | grep backup
stat -c '%U %a %n' /srv/kept
grep ReadWritePaths /etc/systemd/system/annolith-backup.service
printf 'backup_schedule = "@daily"\\n' >>/etc/annolith/annolith.toml
echo marker | tee -a ${notes}
install | grep backs
grep ReadWritePaths /etc/systemd/system/annolith.service`)
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' })
  expect(out.split('\n')).toEqual([
    'a backup goes to /srv/kept every night',
    'annolith 750 /srv/kept',
    'ReadWritePaths=-/srv/kept',
    'marker',
    'the server backs itself up to /srv/kept (@daily)',
    'ReadWritePaths=-/srv/kept',
    '',
  ])
  const said = readNotes()
  const marker = said.indexOf('marker')
  expect(said.slice(0, marker)).toContain('enable --quiet --now annolith-backup.timer')
  expect(said.slice(marker)).toContain('disable --quiet --now annolith-backup.timer')
  expect(said.slice(marker)).not.toContain('enable --quiet --now annolith-backup.timer')
})

test.skipIf(!isPossible)('removing keeps data, purging takes them and the account', () => {
  readNotes()
  const { exitCode, out, err } = runAsRoot(`install >/dev/null
touch /var/lib/annolith/annolith.db
install --uninstall
ls /var/lib/annolith /etc/annolith
test ! -e /usr/local/bin/annolith && test ! -e /etc/systemd/system/annolith.service && echo gone
install >/dev/null
install --uninstall --purge
test ! -e /var/lib/annolith && test ! -e /etc/annolith && echo purged
id annolith 2>/dev/null || echo "no account"`)
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' })
  expect(out).toContain('removed; data stays in /var/lib/annolith, settings in /etc/annolith')
  expect(out).toContain('/etc/annolith:\nannolith.toml\n')
  expect(out).toContain('annolith.db\ngone\n')
  expect(out).toContain('removed with data and settings\npurged\nno account\n')
  expect(readNotes()).toContain('disable --now annolith.service annolith-backup.timer')
})
