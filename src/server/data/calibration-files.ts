// The calibration files of a task: their texts lie together in one file of the storage, which a row names.
import { eq } from 'drizzle-orm'
import type { CalibrationFile } from '../../formats/calibration/kitti'
import { maxChars } from '../../formats/calibration/read-calibration'
import { taskCalibrations } from '../calibration/schema'
import { db, type Tx, tx } from '../db/open'
import { storage } from '../storage/storage'
import type { SourceFile } from './probe-files'

export type { CalibrationFile } from '../../formats/calibration/kitti'
export type CalibrationRow = typeof taskCalibrations.$inferSelect

/** Of all files of a task together. */
export const maxCalibrationBytes = 128 << 20

export const calibrationFolder = (taskId: number) => `data/${taskId}/calibration`

export const findCalibration = async (taskId: number, from: Pick<Tx, 'select'> = db): Promise<CalibrationRow | undefined> =>
  (await from.select().from(taskCalibrations).where(eq(taskCalibrations.taskId, taskId)))[0]

export const readCalibrationFiles = async (row: CalibrationRow): Promise<CalibrationFile[]> =>
  JSON.parse(new TextDecoder().decode(await storage().get(row.file)))

/** Writes the texts under a name of their own; they count once a row names them. Answers it. */
export const storeCalibration = async (taskId: number, files: readonly CalibrationFile[]): Promise<string> => {
  const name = `${calibrationFolder(taskId)}/${crypto.randomUUID()}.json`
  await storage().put(name, JSON.stringify(files))
  return name
}

/** Names the texts in the row of the task; answers the file that counted before, to be removed after the commit. */
export const saveCalibration = async (
  t: Tx,
  taskId: number,
  file: string,
  names: string[],
  now: Date,
): Promise<string | undefined> => {
  const before = await findCalibration(taskId, t)
  const values = { taskId, file, names, updatedDate: now }
  if (before) await t.update(taskCalibrations).set(values).where(eq(taskCalibrations.id, before.id))
  else await t.insert(taskCalibrations).values(values)
  return before?.file
}

export const deleteCalibration = async (t: Tx, taskId: number): Promise<string | undefined> => {
  const before = await findCalibration(taskId, t)
  if (before) await t.delete(taskCalibrations).where(eq(taskCalibrations.id, before.id))
  return before?.file
}

/** Texts of files that came with media. Those that are too long are named all the same, so that somebody is told. */
export const readCalibrationSources = async (sources: readonly SourceFile[]): Promise<CalibrationFile[]> => {
  const files: CalibrationFile[] = []
  let total = 0
  for (const { name, file } of sources) {
    const size = (await storage().stat(file))?.size ?? 0
    total += size
    if (size > maxChars || total > maxCalibrationBytes) files.push({ name, text: '', isTooLong: true })
    else files.push({ name, text: new TextDecoder().decode(await storage().get(file)) })
  }
  return files
}

/** Adds files that came with more frames; those of the same names are replaced. */
export const addCalibration = async (taskId: number, sources: readonly SourceFile[]): Promise<void> => {
  if (!sources.length) return
  const added = await readCalibrationSources(sources)
  const names = new Set(added.map(({ name }) => name))
  const row = await findCalibration(taskId)
  const kept = row ? (await readCalibrationFiles(row)).filter(({ name }) => !names.has(name)) : []
  const all = [...kept, ...added]
  const file = await storeCalibration(taskId, all)
  const before = await tx((t) => saveCalibration(t, taskId, file, all.map(({ name }) => name), new Date())) // biome-ignore format: one line
  if (before) await storage().remove(before)
}
