// Usage, completions and the manual page tell the same commands, and shells and groff understand what is written.
import { afterAll, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { version } from '../package.json'
import { commands, commonFlags, findCommand, shells } from './command-table'
import { writeCompletions } from './completions'
import { writeManPage } from './man-page'
import { writeCommandHelp, writeUsage } from './usage'

const folder = mkdtempSync(join(tmpdir(), 'annolith-commands-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const run = (cmd: string[], cwd = folder) => {
  const { exitCode, stdout, stderr } = Bun.spawnSync(cmd, { cwd })
  return { exitCode, out: stdout.toString(), err: stderr.toString() }
}
const annolith = (...words: string[]) => run([process.execPath, join(import.meta.dir, 'main.ts'), ...words])

test('every command and flag is in the usage, its own help, the manual page and the completions of every shell', () => {
  const [usage, manual] = [writeUsage(), writeManPage(version).replaceAll('\\-', '-')]
  const scripts = shells.map(writeCompletions)
  for (const command of commands) {
    expect(usage).toContain(`\n  ${command.name}`)
    expect(manual).toContain(`annolith ${command.name}\\fR`)
    const help = writeCommandHelp(command)
    for (const { name } of [...command.flags, ...commonFlags]) expect(help).toContain(`--${name}`)
    for (const { name } of command.flags) expect(manual).toContain(`--${name}\\fR`)
    for (const script of scripts) {
      expect(script).toContain(command.name)
      for (const { name } of command.flags) expect(script).toMatch(new RegExp(`(--|-l )${name}\\b`))
    }
  }
  for (const text of [usage, manual, ...scripts]) expect(text).not.toContain('infer')
  for (const line of usage.split('\n')) expect(line.length).toBeLessThanOrEqual(130)
})

/** What bash offers at the end of a line, with two files and a folder around. */
const complete = (...words: string[]): string[] => {
  mkdirSync(join(folder, 'kept'), { recursive: true })
  for (const name of ['one.zip', 'two.onnx']) writeFileSync(join(folder, name), '')
  const script = `${writeCompletions('bash')}
COMP_WORDS=(annolith "$@"); COMP_CWORD=$#; _annolith; printf '%s\\n' "\${COMPREPLY[@]}"`
  const { err, out } = run(['bash', '-c', script, 'bash', ...words])
  expect(err).toBe('')
  return out.split('\n').filter(Boolean).sort()
}

test.each([
  [['do'], ['doctor']],
  [[''], commands.map(({ name }) => name).sort()],
  [['user', 'cr'], ['create']],
  [['user', 'create', '--pass'], ['--password-stdin']],
  [['user', 'create', '--username', ''], []],
  [
    ['doctor', '--'],
    ['--data-dir', '--fix', '--help', '--json'],
  ],
  [['upgrade', 'one'], ['one.zip']],
  [['restore', ''], ['kept']],
  [['backup', '--keep', '3', 'ver'], ['verify']],
  [['backup', 'create', 'k'], ['kept']],
  [['work', '--lanes', 'imp'], ['import']],
  [['serve', '--data-dir', ''], ['kept']],
  [['completions', ''], [...shells].sort()],
  [['models', 'test', 'some', 'two'], ['two.onnx']],
])('bash completes annolith %p', (words, offered) => expect(complete(...words)).toEqual(offered))

const checkers = [
  ['bash', Bun.which('bash'), ['-n']],
  ['zsh', Bun.which('zsh'), ['-n']],
  ['fish', Bun.which('fish'), ['--no-execute']],
] as const
for (const [shell, program, flags] of checkers)
  test.skipIf(!program)(`${shell} can read its completions`, () => {
    const file = join(folder, `completions.${shell}`)
    writeFileSync(file, writeCompletions(shell))
    expect(run([program!, ...flags, file])).toEqual({ exitCode: 0, out: '', err: '' })
  })

const shellcheck = Bun.which('shellcheck')
test.skipIf(!shellcheck)('shellcheck finds nothing in the completions of bash', () => {
  const file = join(folder, 'annolith.bash')
  writeFileSync(file, writeCompletions('bash'))
  expect(run([shellcheck!, '-s', 'bash', file]).out).toBe('')
})

const groff = Bun.which('groff')
test.skipIf(!groff)('groff has no complaint about the manual page, and shows its flags with plain hyphens', () => {
  const file = join(folder, 'annolith.1')
  writeFileSync(file, writeManPage(version))
  const { exitCode, out, err } = run([groff!, '-man', '-Tutf8', '-ww', '-K', 'utf8', file])
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' })
  const text = out.replaceAll(/.\x08|\x1b\[[0-9;]*m/g, '')
  for (const words of [
    'annolith backup [create|list|verify|prune]',
    '--password-stdin',
    `annolith ${version}`,
    'annolith.toml',
    'Accounts.',
    'data.json,',
  ])
    expect(text).toContain(words)
})

test('the program writes them, whatever the configuration says', () => {
  expect(annolith('completions', 'fish')).toEqual({ exitCode: 0, out: writeCompletions('fish'), err: '' })
  expect(annolith('man')).toEqual({ exitCode: 0, out: writeManPage(version), err: '' })
  expect(annolith('completions', 'csh')).toMatchObject({ exitCode: 1, err: 'annolith: annolith completions bash|zsh|fish\n' })
})

test('help of a command is printed instead of running it; a flag of another command is refused', () => {
  expect(annolith('serve', '--help')).toEqual({ exitCode: 0, out: `${writeCommandHelp(findCommand('serve')!)}\n`, err: '' })
  const { exitCode, err } = annolith('migrate', '--fix')
  expect([exitCode, err]).toEqual([1, expect.stringMatching(/^annolith: Unknown option '--fix'/)])
})
