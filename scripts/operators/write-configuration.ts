// Writes docs/operators/configuration.md from the options of the program; `bun run docs:configuration` after a change of src/server/config.ts.
import { explainConfig, readConfig } from '../../src/server/config.ts'
import { fromRoot } from '../build/paths.ts'

export const configurationPath = fromRoot('docs/operators/configuration.md')

/** Initial values that are worked out from the machine. */
const byMachine: Record<string, string> = { worker_threads: 'processors, 2 to 4', model_threads: 'processors, up to 4' }

const cell = (text: string) => text.replaceAll('|', '\\|')
const showInitial = (key: string, value: string) => byMachine[key] ?? (value === '' ? '' : `\`${cell(value)}\``)

/** The text of the page, the same on every machine. */
export const writeConfiguration = (): string => {
  const initial = readConfig({}, { ANNOLITH_DATA_DIR: '/nonexistent' })
  const rows = explainConfig(initial)
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ key, value, about }) => `| \`${key}\` | ${showInitial(key, value)} | ${cell(about)} |`)
  return `# Configuration

Each option is a key of \`annolith.toml\` and a variable: \`ANNOLITH_\` and the key in capitals (\`disk_usage_max\`, \`ANNOLITH_DISK_USAGE_MAX\`). \`--host\` and \`--port\` are flags of \`annolith serve\` too.
The first that names an option wins: flag, variable, file. Unknown keys of the file are refused, unknown variables are a warning.

The file is \`/etc/annolith/annolith.toml\` on an installed server, else \`annolith.toml\` in the data directory; \`ANNOLITH_CONFIG\` names another one. Secrets belong into
\`/etc/annolith/annolith.env\`, which only root and the service read.

\`\`\`sh run
annolith config check
annolith config show
annolith config explain port
\`\`\`

| key | initially | what |
|---|---|---|
${rows.join('\n')}

Variables beside them: \`ANNOLITH_DATA_DIR\` (the data directory), \`DATABASE_URL\` (\`postgres://…\`, else SQLite), \`REDIS_URL\` (\`redis://…\`, for several processes),
\`AWS_ACCESS_KEY_ID\` and \`AWS_SECRET_ACCESS_KEY\` (a bucket that backups go to).
`
}

if (import.meta.main) await Bun.write(configurationPath, writeConfiguration())
