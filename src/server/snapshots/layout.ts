// What a backup of the whole server looks like where it is kept.
import type { TableShape } from '../db/transfer/tables'

/**
 * Below the target: `snapshots/<id>/snapshot.json` (written last: without it there is no snapshot), `snapshots/<id>/tables/<name>.jsonl.zst`
 * (one row a line, in the order of the columns), `snapshots/<id>/files.jsonl.zst`, and `objects/ab/<sha256>`: every content once, whatever
 * snapshots have it.
 */
export const format = 1

export type SavedTable = TableShape & { lastId: number | null; rows: number }
export type Snapshot = {
  format: number
  id: string
  version: string
  created: string
  migrations: string[]
  tables: SavedTable[]
  files: number
  /** Of all files together. */
  bytes: number
  /** Files that had to be copied, the others were there already. */
  copied: number
}
/** `modified` in ms; `mode` as of the file system. */
export type SavedFile = { path: string; size: number; modified: number; mode: number; sha256: string }

export const snapshotFolder = 'snapshots'
export const manifestOf = (id: string) => `${snapshotFolder}/${id}/snapshot.json`
export const tableFile = (id: string, table: string) => `${snapshotFolder}/${id}/tables/${table}.jsonl.zst`
export const filesFile = (id: string) => `${snapshotFolder}/${id}/files.jsonl.zst`
export const objectOf = (sha256: string) => `objects/${sha256.slice(0, 2)}/${sha256}`

/** `20260102T030405678Z`: sorts by time. */
export const nameSnapshot = (at: Date) => at.toISOString().replace(/[-:.]/g, '')
export const isSnapshotId = (text: string) => /^\d{8}T\d{9}Z$/.test(text)

/** What is kept of the data directory; caches, uploads, results and background work are not. */
export const keptPlaces = ['data', 'assets', 'models', 'secrets', 'annolith.toml']
/** Those that lie in the bucket when several hosts share one. */
export const sharedPlaces = ['data', 'assets', 'models']
