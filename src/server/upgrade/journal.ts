// How far an upgrade got, on disk: whatever interrupts it, it can be gone back on.
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** In this order. `saved`: the old program and rows lie aside. `swapped`: the new program is in place. `migrated`: the tables are the new ones. */
export type Step = 'begun' | 'saved' | 'swapped' | 'migrated'
export type Journal = { step: Step; from: string; to: string /** Where the program is. */; program: string }

const fileOf = (dataDir: string) => join(dataDir, 'upgrade.json')
/** Where the old program and rows are kept meanwhile. */
export const savedFolder = (dataDir: string) => join(dataDir, 'upgrade')

export const readJournal = (dataDir: string): Journal | undefined =>
  existsSync(fileOf(dataDir)) ? (JSON.parse(readFileSync(fileOf(dataDir), 'utf8')) as Journal) : undefined

/** Lasts when it returns. */
export const writeJournal = (dataDir: string, journal: Journal): void => {
  const temporary = `${fileOf(dataDir)}.new`
  const file = openSync(temporary, 'w', 0o600)
  writeSync(file, JSON.stringify(journal))
  fsyncSync(file)
  closeSync(file)
  renameSync(temporary, fileOf(dataDir))
}

export const endJournal = (dataDir: string): void => {
  rmSync(fileOf(dataDir), { force: true })
  rmSync(savedFolder(dataDir), { recursive: true, force: true })
}
