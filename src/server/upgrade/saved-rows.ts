// The rows as they were before an upgrade, kept in the data directory until the new version has shown that it works.
import { Database } from 'bun:sqlite'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config'
import { openRows } from '../db/transfer/read-rows'
import { stores, type TableShape } from '../db/transfer/tables'
import { writeRows } from '../db/transfer/write-rows'
import { readValues, writeLines } from '../snapshots/service'
import { openDisk } from '../storage/disk'

type SavedList = { migrations: string[]; tables: (TableShape & { lastId: number | null })[] }
const list = 'rows.json'

/** No server runs: SQLite's files are copied as they are, PostgreSQL's rows are written to files. */
export const saveRows = async ({ dataDir, databaseUrl }: Config, folder: string): Promise<void> => {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if (!databaseUrl) {
    for (const name of [...Object.values(stores), 'queue.db']) {
      const file = join(dataDir, name)
      if (!existsSync(file)) continue
      const db = new Database(file)
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      db.close()
      await copyFile(file, join(folder, name))
    }
    return
  }
  const target = openDisk(folder)
  const rows = await openRows({ url: databaseUrl })
  try {
    const tables: SavedList['tables'] = []
    for (const table of rows.tables) {
      await target.put(`${table.name}.jsonl.zst`, writeLines(rows.rows(table)))
      tables.push({ ...table, lastId: await rows.lastId(table) })
    }
    await target.put(list, JSON.stringify({ migrations: rows.migrations, tables } satisfies SavedList))
  } finally {
    await rows.close()
  }
}

/** Puts them back as they were; safe to repeat when it is interrupted. */
export const restoreRows = async ({ dataDir, databaseUrl }: Config, folder: string): Promise<void> => {
  if (!databaseUrl) {
    for (const name of [...Object.values(stores), 'queue.db']) {
      if (!existsSync(join(folder, name))) continue
      // Logs of the new version must not be applied to the old file.
      for (const extra of ['-wal', '-shm']) await rm(join(dataDir, name + extra), { force: true })
      await copyFile(join(folder, name), join(dataDir, `${name}.old`))
      await rename(join(dataDir, `${name}.old`), join(dataDir, name))
    }
    return
  }
  const target = openDisk(folder)
  const { migrations, tables } = JSON.parse(new TextDecoder().decode(await target.get(list))) as SavedList
  const load = async function* () {
    for (const { lastId, ...table } of tables) {
      const name = `${table.name}.jsonl.zst`
      yield { table, lastId, rows: readValues<unknown[]>(await target.stream(name), name) }
    }
  }
  await writeRows({ url: databaseUrl }, { migrations, tables: load(), replace: true })
}
