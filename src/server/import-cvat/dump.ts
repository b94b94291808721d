// A Django dump (`dumpdata` JSON with natural keys) by model, and the account of what became of its rows.
import { ConfigError } from '../config'

type Fields = Record<string, any>
/** A row of the dump; `id` is its primary key. */
export type DumpRow = { id: number; key: string; fields: Fields }
/** Rows of one model that were not taken over. */
export type LeftOut = { model: string; count: number; why: string }

/** Models that hold nothing a user would miss: bookkeeping of the framework, or what is made anew from other rows. */
const dispensable = [
  /^(admin|contenttypes|sessions|sites|auth\.permission|django_rq|health_check)/,
  /^auth\.group$/,
  /^engine\.(clientfile|serverfile|remotefile|uploadedfile)$/,
]

export type Dump = ReturnType<typeof indexDump>

const indexDump = (all: { model: string; pk: unknown; fields: Fields }[]) => {
  const models = new Map<string, DumpRow[]>()
  for (const { model, pk, fields } of all) {
    const row = { id: Number(pk), key: String(pk), fields }
    const rows = models.get(model)
    if (rows) rows.push(row)
    else models.set(model, [row])
  }
  const taken = new Set<string>()
  const leftOut: LeftOut[] = []
  const userIds = new Map<string, number>()
  for (const { id, fields } of models.get('auth.user') ?? []) userIds.set(fields.username, id)

  const isLeft = (model: string) => !taken.has(model) && !dispensable.some((pattern) => pattern.test(model))

  return {
    /** Rows of models that nothing has taken. */
    rest: (): { model: string; key: string; fields: Fields }[] =>
      [...models].flatMap(([model, rows]) => (isLeft(model) ? rows.map(({ key, fields }) => ({ model, key, fields })) : [])),
    /** The rows of a model, which from now on count as understood. */
    take: (model: string): DumpRow[] => {
      taken.add(model)
      return models.get(model) ?? []
    },
    /** Notes rows that cannot be taken over. */
    leaveOut: (model: string, count: number, why: string) => {
      taken.add(model)
      if (count > 0) leftOut.push({ model, count, why })
    },
    /** The id of a person by natural key (`["name"]`) or by id; null for nobody. */
    person: (key: unknown): number | null => {
      if (typeof key === 'number') return key
      return Array.isArray(key) ? (userIds.get(String(key[0])) ?? null) : null
    },
    /** Everything that was not taken over, rows of unknown models included. */
    account: (): LeftOut[] => [
      ...leftOut,
      ...[...models]
        .filter(([model]) => isLeft(model))
        .map(([model, rows]) => ({ model, count: rows.length, why: 'kept as it is: this version has no place for it yet' })),
    ],
  }
}

/** Reads a dump. Throws ConfigError when the file is none. */
export const readDump = async (path: string): Promise<Dump> => {
  const file = Bun.file(path)
  if (!(await file.exists())) throw new ConfigError(`${path}: there is no such file`)
  const all = await file.json().catch((error: Error) => {
    throw new ConfigError(`${path}: not a JSON file (${error.message})`)
  })
  if (!Array.isArray(all) || all.some((row) => typeof row?.model !== 'string' || typeof row?.fields !== 'object'))
    throw new ConfigError(`${path}: not a dump of a database: a list of {model, pk, fields} is expected`)
  return indexDump(all)
}

export const readTime = (text: string): Date => new Date(text)
export const readTimeOrNull = (text: string | null | undefined): Date | null => (text ? new Date(text) : null)
/** `"0, 1"`, `"[0, 1]"`, `[0, 1]` or nothing as whole numbers. */
export const readIntegers = (value: unknown): number[] =>
  (Array.isArray(value) ? value : (String(value ?? '').match(/-?\d+/g) ?? [])).map(Number)
/** Rows of one model by what one of their fields refers to. */
export const groupByField = (rows: DumpRow[], field: string): Map<number, DumpRow[]> =>
  Map.groupBy(rows, ({ fields }) => Number(fields[field]))
