// Lines of the log as the console shows them.
import type { LogLine } from '../server/admin/read-log'
import type { Detail, Tone } from './pane'
import { showClock } from './show-values'

export const levelTones: Record<string, Tone> = { error: 'bad', fatal: 'bad', warn: 'warn', debug: 'muted' }

export const sayFacts = ({ facts }: LogLine) =>
  Object.entries(facts)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ')

/** One line among others in the details of something. */
export const sayLogLine = (line: LogLine): Detail => ({
  text: `${showClock(new Date(line.time))} ${line.text} ${sayFacts(line)}`.trim(),
  tone: levelTones[line.level],
})
