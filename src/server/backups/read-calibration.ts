// The calibration files in a backup of ours; other tools' backups have none.
import { FormatError } from '../../formats/format-error'
import type { DatasetFile } from '../../formats/io/dataset-files'
import { type CalibrationFile, maxCalibrationBytes } from '../data/service'
import { calibrationFolder } from './layout'

const readText = (file: DatasetFile) => new Response(file.stream() as unknown as BodyInit).text()

/** @param folder of the task in the archive, which errors name. Throws FormatError. */
export const readBackupCalibration = async (
  files: ReadonlyMap<string, DatasetFile>,
  folder: string,
): Promise<CalibrationFile[] | undefined> => {
  const list = `${calibrationFolder}/names.json`
  const listing = files.get(list)
  if (!listing) return undefined
  const fail = (reason: string, name = list) => new FormatError(reason, { file: folder + name })
  const names: unknown = await readText(listing).then(JSON.parse, () => {}).catch(() => {}) // biome-ignore format: one chain
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string')) throw fail('a list of file names is needed')
  const found: CalibrationFile[] = []
  let total = 0
  for (const [i, name] of names.entries()) {
    const entry = `${calibrationFolder}/${i}`
    const file = files.get(entry)
    if (!file) throw fail('This file of a backup is missing', entry)
    total += file.size
    if (total > maxCalibrationBytes) throw fail(`the calibration has more than ${maxCalibrationBytes} bytes`, entry)
    found.push({ name, text: await readText(file) })
  }
  return found.length ? found : undefined
}
