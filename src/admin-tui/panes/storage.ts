// The pane of storage: what the data directory holds, how much of it, and how full its disk is.
import { opendir, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { config } from '../../server/config'
import { definePane } from '../pane'
import { showAge, showBytes, showCount } from '../show-values'

type Row = { name: string; about: string; bytes: number; files: number; changed: Date | null }

/** What lies in the data directory, in the order of the list. */
const places: Record<string, string> = {
  'annolith.db': 'People, projects, tasks and annotations (with SQLite). Back it up.',
  'events.db': 'Events and figures of analytics (with SQLite). Back it up with annolith.db.',
  'queue.db': 'Background work that waits or failed (without Redis). It may be lost: requests are then asked for again.',
  data: 'Media of tasks. Back it up.',
  uploads: 'Files that are being uploaded. Abandoned ones are removed after a while.',
  results: 'Exported datasets and backups, kept for a limited time.',
  assets: 'Pictures in guides. Back it up.',
  models: 'Models for automatic annotation.',
  secrets: 'Keys and the first password. Back it up, and keep it closed to others.',
  cache: 'Chunks and previews. It is made again when needed: it may be deleted at any time.',
}

const emptyRow = { bytes: 0, files: 0, changed: null as Date | null }
type Sum = typeof emptyRow

/** Sum over a file or all files of a folder; what is gone meanwhile counts nothing. */
const measure = async (path: string, sum: Sum = { ...emptyRow }): Promise<Sum> => {
  const found = await stat(path).catch(() => undefined)
  if (found?.isFile()) {
    sum.bytes += found.size
    sum.files++
    if (!sum.changed || found.mtime > sum.changed) sum.changed = found.mtime
  } else if (found?.isDirectory()) {
    const folder = await opendir(path).catch(() => undefined)
    for await (const entry of folder ?? []) if (!entry.isSymbolicLink()) await measure(join(path, entry.name), sum)
  }
  return sum
}

/** SQLite writes beside the database first. */
const measurePlace = async (dataDir: string, name: string) => {
  const sum = await measure(join(dataDir, name))
  return name.endsWith('.db') ? measure(join(dataDir, `${name}-wal`), sum) : sum
}

export const storage = definePane<Row>({
  name: 'storage',
  title: 'Storage',
  about: 'What lies in the data directory. Large directories take a while to measure.',
  columns: [
    { title: 'Name', width: 'rest', show: ({ name }) => name },
    { title: 'Size', width: 8, right: true, show: ({ bytes }) => showBytes(bytes) },
    { title: 'Files', width: 9, right: true, show: ({ files }) => String(files) },
    { title: 'Changed', width: 10, show: ({ changed }) => showAge(changed) },
  ],
  id: ({ name }) => name,
  label: ({ name }) => name,
  load: async () => {
    const { dataDir } = config()
    const rows: Row[] = []
    for (const [name, about] of Object.entries(places)) rows.push({ name, about, ...(await measurePlace(dataDir, name)) })
    return { rows }
  },
  details: async ({ name, about, bytes, files }) => {
    const { dataDir, disk_usage_max } = config()
    const disk = await statfs(dataDir)
    const total = disk.blocks * disk.bsize
    // As df counts: what is reserved for root is neither taken nor free.
    const taken = disk.blocks - disk.bfree
    const used = Math.round((taken / Math.max(1, taken + disk.bavail)) * 100)
    return [
      { text: about },
      { label: 'Path', value: join(dataDir, name) },
      { label: 'Holds', value: `${showBytes(bytes)} in ${showCount(files, 'file')}` },
      { heading: 'Disk' },
      { label: 'Size', value: showBytes(total) },
      { label: 'Free', value: showBytes(disk.bavail * disk.bsize) },
      { label: 'Used', value: `${used} % (warned about at ${disk_usage_max} %)`, tone: used >= disk_usage_max ? 'bad' : 'good' },
    ]
  },
  actions: [],
  empty: 'The data directory is empty.',
  refreshSeconds: 60,
})
