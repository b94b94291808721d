// The newest lines of the server's log: from the file that the server keeps, which a console beside it reads as well.
import { existsSync } from 'node:fs'
import { logFiles, recentLog } from '../log'

export type LogLine = { time: string; level: string; text: string; facts: Record<string, unknown>; stack?: string }

const toLine = (line: string): LogLine[] => {
  try {
    const { time, level, msg, err, ...facts } = JSON.parse(line) as Record<string, any>
    return [{ time, level, text: msg ?? err?.message ?? '', facts, ...(err?.stack && { stack: err.stack }) }]
  } catch {
    // The last line may be on its way.
    return []
  }
}

/** At most `most` lines, oldest first; those that hold `part` when it is given. */
export const readLog = async (most: number, part = ''): Promise<LogLine[]> => {
  const files = logFiles().filter((file) => existsSync(file))
  const texts = files.length
    ? await Promise.all(
        files.map((file) =>
          Bun.file(file)
            .text()
            .catch(() => ''),
        ),
      )
    : recentLog()
  const wanted = part.toLowerCase()
  const lines = texts
    .flatMap((text) => text.split('\n'))
    .filter((line) => line && (!wanted || line.toLowerCase().includes(wanted)))
  return lines.slice(-most).flatMap(toLine)
}
