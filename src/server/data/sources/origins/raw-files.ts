// Copies of files from elsewhere in a folder of a task.
import { createHash } from 'node:crypto'
import { safeFileName } from '../../../http/downloads'
import { storage } from '../../../storage/storage'

/** Storage name of the copy of a file: the same on every run, so that a run that was cut off can go on. */
export const rawNameOf = (folder: string, origin: string, name: string) => {
  const mark = createHash('sha256').update(`${origin}\n${name}`).digest('hex').slice(0, 20)
  return `${folder}/${mark}-${safeFileName(name.split('/').at(-1)!).slice(-80)}`
}

/** Writes a copy once; one that an earlier run has finished is there already. Answers its storage name. */
export const copyOnce = async (name: string, open: () => Promise<ReadableStream<Uint8Array>>): Promise<string> => {
  if (!(await storage().stat(name))) await storage().put(name, await open())
  return name
}

/** Does `work` for every item, a few at a time; the first failure ends it. Answers the results in order. */
export const mapSome = async <T, R>(items: readonly T[], atOnce: number, work: (item: T, at: number) => Promise<R>) => {
  const results: R[] = new Array(items.length)
  let next = 0
  const run = async () => {
    for (let at = next++; at < items.length; at = next++) results[at] = await work(items[at]!, at)
  }
  const ends = await Promise.allSettled(
    Array.from({ length: Math.min(atOnce, items.length) }, () =>
      run().catch((error) => {
        next = items.length
        throw error
      }),
    ),
  )
  const failed = ends.find((end) => end.status === 'rejected')
  if (failed) throw failed.reason
  return results
}
