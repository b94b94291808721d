// The pane of the server's log: the newest lines, followed as they come.
import type { LogLine } from '../../server/admin/read-log'
import type { Api } from '../api'
import { readWords } from '../filter-rows'
import { levelTones, sayFacts } from '../log-lines'
import { definePane, type Pane } from '../pane'
import { sayTime } from '../show-rows'
import { showClock } from '../show-values'

type Row = LogLine & { id: string }

/** Lines have no ids; equal ones at the same time are numbered. */
const numberLines = (lines: LogLine[]): Row[] => {
  const counts = new Map<string, number>()
  return lines.map((line) => {
    const key = `${line.time} ${Bun.hash(JSON.stringify(line)).toString(36)}`
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    return { ...line, id: count > 1 ? `${key} ${count}` : key }
  })
}

export const createLog = (api: Api): Pane =>
  definePane<Row>({
    name: 'log',
    title: 'Log',
    about: 'What the server logged last: what failed or was slow (log = "debug" tells every request).',
    columns: [
      { title: 'Time', width: 8, show: ({ time }) => showClock(new Date(time)), sort: ({ time }) => time },
      { title: 'Level', width: 5, show: ({ level }) => level, tone: ({ level }) => levelTones[level] ?? 'plain' },
      {
        title: 'What',
        width: 'rest',
        show: (line) => `${line.text} ${sayFacts(line)}`,
        tone: ({ level }) => levelTones[level] ?? 'plain',
      },
    ],
    id: ({ id }) => id,
    label: ({ time }) => sayTime(time),
    load: async (filter) => ({
      rows: numberLines(await api.get<LogLine[]>('/api/admin/log', { search: readWords(filter).split(' ')[0] })),
    }),
    details: async (line) => [
      { text: line.text, tone: levelTones[line.level] },
      { label: 'Time', value: sayTime(line.time) },
      { label: 'Level', value: line.level },
      ...Object.entries(line.facts).map(([label, value]) => ({
        label,
        value: typeof value === 'string' ? value : JSON.stringify(value),
      })),
      ...(line.stack ? [{ heading: 'Where' }, { text: line.stack }] : []),
    ],
    actions: [],
    empty: 'The server has logged nothing: nothing failed, and nothing was slow.',
    refreshSeconds: 2,
    isFollowed: true,
  })
