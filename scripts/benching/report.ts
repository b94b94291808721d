// Prints the measurements and puts them into docs/benchmarks.md between its markers.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fromRoot } from '../build/paths.ts'

export type Measurement = { what: string; value: number; unit: 'ms' | 's' | 'MB' | '%' }

const digits: Record<Measurement['unit'], number> = { ms: 0, s: 1, MB: 0, '%': 1 }
const marks = (section: string) => [`<!-- ${section}: begin -->`, `<!-- ${section}: end -->`] as const
const preface = `# Benchmarks

How long things take in the compiled program on a fresh data directory with SQLite. Measured by \`bun run bench\`, which writes this table;
the numbers of another machine differ.

${marks('bench').join('\n')}

## Reads under load

The ten hottest reads with 10,000 tasks on SQLite, one client at a time and 32 at once, by \`bun run bench:reads\` (wrk from Debian). The bare route is one that answers a
constant from the same framework: the limit of what this machine can serve.

${marks('reads').join('\n')}
`

export const formatTable = (measurements: Measurement[]) => {
  const rows = measurements.map(({ what, value, unit }) => [what, `${value.toFixed(digits[unit])} ${unit}`] as const)
  const [left, right] = [0, 1].map((column) => Math.max(8, ...rows.map((row) => row[column]!.length)))
  const line = (a: string, b: string) => `| ${a.padEnd(left!)} | ${b.padStart(right!)} |`
  return [
    line('What', 'Measured'),
    `| ${'-'.repeat(left!)} | ${'-'.repeat(right! - 1)}: |`,
    ...rows.map(([a, b]) => line(a, b)),
  ].join('\n')
}

/** Text with what stands between the markers of a section replaced; throws when they are missing. */
export const replaceBetweenMarkers = (text: string, content: string, section = 'bench') => {
  const [begin, finish] = marks(section)
  const [from, to] = [text.indexOf(begin), text.indexOf(finish)]
  if (from < 0 || to < from) throw new Error(`docs/benchmarks.md has lost its markers ${begin} and ${finish}`)
  return `${text.slice(0, from + begin.length)}\n${content}\n${text.slice(to)}`
}

/** Puts a table into its section of docs/benchmarks.md, under a line that tells how and where it was measured. */
export const writeSection = (section: string, command: string, machine: string, date: Date, table: string) => {
  const file = fromRoot('docs/benchmarks.md')
  const text = existsSync(file) ? readFileSync(file, 'utf8') : preface
  const head = `\`${command}\`, ${date.toISOString().slice(0, 10)}; ${machine}.`
  mkdirSync(fromRoot('docs'), { recursive: true })
  writeFileSync(file, replaceBetweenMarkers(text, `${head}\n\n${table}`, section))
}

export const writeReport = (measurements: Measurement[], machine: string, date: Date) =>
  writeSection('bench', 'bun run bench', machine, date, formatTable(measurements))
