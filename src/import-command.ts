// `annolith import-cvat`: moves a CVAT instance over and prints what came along and what did not.
import { ConfigError, config } from './server/config'
import { closeDb } from './server/db/open'
import { importCvat } from './server/import-cvat/service'
import { lockDataDir } from './server/lock'

/** Runs the import; refused input ends as ConfigError with one line. */
export const runImport = async ({ dump, data }: { dump?: string; data?: string }) => {
  if (!dump || !data) throw new ConfigError('annolith import-cvat --dump data.json --data DIR|TAR')
  const unlock = lockDataDir(config().dataDir)
  try {
    const { imported, files, leftOut } = await importCvat(dump, data)
    for (const { table, count } of imported) if (count) console.log(`${table}: ${count}`)
    console.log(`files: ${files}`)
    for (const { model, count, why } of leftOut) console.log(`left out: ${model}: ${count}: ${why}`)
  } finally {
    await closeDb()
    unlock()
  }
}
