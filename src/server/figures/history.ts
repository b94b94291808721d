// The samples of the last hours as places of charts: several minutes together where there are more than a chart can show.
import { and, asc, eq, gte, max } from 'drizzle-orm'
import { eventDb } from '../db/open-events'
import { type Figure, type Figures, figureUnits } from './collect'
import { keptMs, lookNow, nameServer } from './keep'
import { serverSamples } from './schema'

const hourMs = 3_600_000
const mostPlaces = 240

export type History = { times: number[]; figures: Record<Figure, (number | null)[]> }
type Sample = { at: number; figures: Figures }

/** A peak must not vanish in a mean. */
const isPeak = new Set<Figure>(['p95', 'p99', 'waiting', 'oldest', 'errors'])
const join = (figure: Figure, values: number[]): number | null => {
  if (!values.length) return null
  return isPeak.has(figure) ? Math.max(...values) : values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Puts samples together until at most `most` places are left, each at the time of its last sample. */
export const gather = (samples: Sample[], spanMs: number, most = mostPlaces): History => {
  const step = spanMs / most
  const groups = Map.groupBy(samples, ({ at }) => Math.floor(at / step))
  const all = [...groups.values()]
  const names = Object.keys(figureUnits) as Figure[]
  const valuesOf = (group: Sample[], name: Figure) => group.flatMap(({ figures }) => figures[name] ?? [])
  return {
    times: all.map((group) => group.at(-1)!.at),
    figures: Object.fromEntries(
      names.map((name) => [name, all.map((group) => join(name, valuesOf(group, name)))]),
    ) as History['figures'],
  }
}

/** Servers that have told something within a day, by name, this one always. */
export const listServers = async (now = Date.now()): Promise<string[]> => {
  const rows = await eventDb
    .select({ server: serverSamples.server, last: max(serverSamples.at) })
    .from(serverSamples)
    .where(gte(serverSamples.at, now - keptMs))
    .groupBy(serverSamples.server)
  return [...new Set([nameServer(), ...rows.map(({ server }) => server)])].sort()
}

/** When a server told something for the last time, by its own clock, ms since 1970. */
export const readLast = async (server: string): Promise<number | undefined> => {
  const [row] = await eventDb
    .select({ last: max(serverSamples.at) })
    .from(serverSamples)
    .where(eq(serverSamples.server, server))
  return row?.last === null || row?.last === undefined ? undefined : Number(row.last)
}

/** What one server counted within the last hours; of this one up to now. */
export const readHistory = async (server: string, hours: number, now = Date.now()): Promise<History> => {
  const rows = await eventDb
    .select({ at: serverSamples.at, figures: serverSamples.figures })
    .from(serverSamples)
    .where(and(eq(serverSamples.server, server), gte(serverSamples.at, now - hours * hourMs)))
    .orderBy(asc(serverSamples.at))
  const samples = rows as Sample[]
  if (server === nameServer()) samples.push(await lookNow())
  return gather(samples, hours * hourMs)
}
