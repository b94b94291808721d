// The pages for operators name commands, flags, options and files that exist; what they say can be run is run.
import { afterAll, expect, test } from 'bun:test'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { startTerminal } from '../../src/admin-tui/console-terminal.ts'
import { commonFlags, findCommand } from '../../src/command-table.ts'
import { explainConfig, readConfig } from '../../src/server/config.ts'
import { fromRoot } from '../build/paths.ts'
import { configurationPath, writeConfiguration } from './write-configuration.ts'

const folder = fromRoot('docs/operators')
const pages = readdirSync(folder)
  .filter((name) => name.endsWith('.md'))
  .sort()
const read = (page: string) => readFileSync(join(folder, page), 'utf8')
const scratch = mkdtempSync(join(tmpdir(), 'annolith-operators-'))
// What was unpacked there is large, and other programs may keep the disk busy.
afterAll(() => rmSync(scratch, { recursive: true, force: true }), 60_000)

type Block = { page: string; kind: string; lines: string[] }
const readBlocks = (page: string): Block[] =>
  [...read(page).matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(([, kind, text]) => ({
    page,
    kind: kind!.trim(),
    lines: text!.split('\n').filter((line) => line && !line.startsWith('#')),
  }))
const blocks = pages.flatMap(readBlocks)

/** The words of a line as a shell parts them, from `annolith` on. */
const readWords = (line: string) =>
  [...line.replace(/^.*?\|\s*(?=annolith )/, '').matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '')

/** Why the program would refuse the line before it does anything; undefined when it would not. */
const findFault = (line: string): string | undefined => {
  const [program, name = '', ...rest] = readWords(line)
  if (program !== 'annolith') return 'no command of annolith'
  const command = findCommand(name)
  if (!command || command.hidden) return `no command ${name}`
  const options = Object.fromEntries(
    [...command.flags, ...commonFlags].map((flag) => [
      flag.name,
      { type: flag.value ? ('string' as const) : ('boolean' as const) },
    ]),
  )
  let words: string[]
  try {
    words = parseArgs({ args: rest, options, allowPositionals: true, strict: true }).positionals
  } catch (error) {
    return (error as Error).message
  }
  const { length } = command.words
  if (words.length > length && !command.words.at(-1)?.many) return `too many words for ${name}`
  if (words.length < command.words.filter(({ optional }) => !optional).length) return `too few words for ${name}`
  const [first] = command.words
  if (typeof first?.values === 'object' && words[0] && !first.values.includes(words[0])) return `${name} knows no ${words[0]}`
  return undefined
}

test('faults are found', () => {
  expect(findFault('annolith frobnicate')).toBe('no command frobnicate')
  expect(findFault('annolith doctor --mend')).toContain("Unknown option '--mend'")
  expect(findFault('annolith user remove')).toBe('user knows no remove')
  expect(findFault('annolith version now')).toBe('too many words for version')
  expect(findFault("printf x | annolith user create --username 'a b'")).toBeUndefined()
})

test('every command on the pages has its command, words and flags', () => {
  const lines = blocks
    .filter(({ kind }) => /^sh\b/.test(kind))
    .flatMap(({ page, lines }) => lines.map((line) => ({ page, line })))
  expect(lines.length).toBeGreaterThan(30)
  expect(lines.flatMap(({ page, line }) => findFault(line)?.concat(` (${page}: ${line})`) ?? [])).toEqual([])
})

test('commands in the text exist too', () => {
  const inline = pages.flatMap((page) => [...read(page).matchAll(/`(annolith [a-z][^`]*)`/g)].map(([, line]) => line!))
  expect(inline.length).toBeGreaterThan(8)
  const known = inline.filter((line) => !/^annolith (COMMAND|help)\b/.test(line))
  // A text names commands without their words.
  expect(known.flatMap((line) => findFault(line) ?? []).filter((fault) => !fault.startsWith('too few words'))).toEqual([])
})

for (const page of pages) {
  const lines = blocks.filter((block) => block.page === page && block.kind === 'sh run').flatMap((block) => block.lines)
  if (lines.length)
    test(`${page}: what it says can be run`, () => {
      const place = mkdtempSync(join(scratch, 'run-'))
      const env = {
        PATH: process.env.PATH ?? '',
        HOME: place,
        TMPDIR: place,
        ANNOLITH_DATA_DIR: join(place, 'data'),
      }
      const program = `${process.execPath} ${fromRoot('src/main.ts')}`
      const run = (line: string) => {
        const placed = line.replaceAll('/srv/', `${place}/`).replace(/(^|\| )annolith /, `$1${program} `)
        const { exitCode, stderr, stdout } = Bun.spawnSync(['bash', '-euo', 'pipefail', '-c', placed], { cwd: place, env })
        // What the doctor thinks of this machine is not what is tested here, but it must have come to an end.
        const isDone = exitCode === 0 || (exitCode === 1 && /"cloud-storages"|\d+ questions: /.test(stdout.toString()))
        return { line, isDone, said: isDone ? '' : stderr.toString() + stdout.toString() }
      }
      const first = "printf '%s' 'a-long-password-7' | annolith user create --username first --superuser --password-stdin"
      for (const line of [first, ...lines]) expect(run(line)).toEqual({ line, isDone: true, said: '' })
    }, 120_000)
}

test('consoles on the pages open, and close again', async () => {
  const place = mkdtempSync(join(scratch, 'console-'))
  const lines = blocks.filter(({ kind }) => kind === 'sh console').flatMap((block) => block.lines)
  expect(lines.length).toBeGreaterThan(0)
  for (const line of lines) {
    const [, ...words] = readWords(line)
    const env = { PATH: process.env.PATH, HOME: place, TERM: 'xterm-256color', ANNOLITH_DATA_DIR: join(place, 'data') }
    const terminal = startTerminal([process.execPath, fromRoot('src/main.ts'), ...words], env)
    await terminal.type('', '1 Overview', 'q quit')
    await terminal.typeUntil(':quit\r', () => !terminal.seen.isAlternate())
    expect({ line, code: await terminal.program.exited }).toEqual({ line, code: 0 })
    await terminal.close()
  }
}, 180_000)

test('settings on the pages are settings of the program', () => {
  const keys = new Set(explainConfig(readConfig({}, { ANNOLITH_DATA_DIR: '/nonexistent' })).map(({ key }) => key))
  for (const { page, lines } of blocks.filter(({ kind }) => kind === 'toml'))
    for (const line of lines) expect({ page, line, known: keys.has(line.split(' ')[0]!) }).toMatchObject({ known: true })
  const toml = blocks.find(({ page, kind }) => page === 'backup.md' && kind === 'toml')!
  const file = join(scratch, 'annolith.toml')
  writeFileSync(file, toml.lines.join('\n'))
  expect(readConfig({}, { ANNOLITH_CONFIG: file })).toMatchObject({
    backup_target: '/srv/backup',
    backup_schedule: '30 2 * * *',
    backup_keep: 14,
  })
})

test('flags of install.sh on the pages are in its help', () => {
  const help = Bun.spawnSync([fromRoot('install.sh'), '--help']).stdout.toString()
  const named = new Set(
    [...read('install.md').matchAll(/\| `(--[^`]*)` \|/g)].flatMap(([, flags]) => flags!.match(/--[a-z-]+/g)!),
  )
  expect(named.size).toBeGreaterThan(5)
  expect([...named].filter((flag) => !help.includes(flag))).toEqual([])
})

test('links lead to files', () => {
  for (const page of pages)
    for (const [, target] of read(page).matchAll(/\]\(([^)#:]+)[^):]*\)/g))
      expect({ page, target, there: existsSync(join(dirname(join(folder, page)), target!)) }).toMatchObject({ there: true })
})

test('the page of the configuration is current (bun run docs:configuration writes it)', () =>
  expect(readFileSync(configurationPath, 'utf8')).toBe(writeConfiguration()))
