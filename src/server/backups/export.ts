// Backs a task or project up: its entries stream into a zip in the results or in a cloud storage.
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type ArchiveEntry, writeZip } from '../../formats/io/zip-writer'
import { type CloudFile, putCloudFile, readCloudFile } from '../cloud-storages/service'
import { config } from '../config'
import { safeFileName } from '../http/downloads'
import { notFound, refused } from '../http/errors'
import type { Who } from '../policy/who'
import { findProject, getProject } from '../projects/service'
import { type NewRequest, type Report, type RequestRow, type Result, requestId } from '../requests/service'
import { storage } from '../storage/storage'
import { getTask } from '../tasks/service'
import { loadSource } from './source'
import { writeProject } from './write-project'
import { writeTask } from './write-task'

export type BackupTarget = 'task' | 'project'
export type ExportQuery = { location?: string; cloud_storage_id?: string; filename?: string }
type Payload = { lightweight: boolean; cloud?: CloudFile; filename?: string }

const findPlace = async (who: Who, target: BackupTarget, id: number) => {
  if (target === 'project') {
    const { organizationId: orgId, targetStorage } = await getProject(who, id, 'export')
    return { projectId: id, taskId: null, orgId, targetStorage }
  }
  const { task, data } = await getTask(who, id, 'export')
  if (!data) throw refused('Backup of a task without data is not allowed')
  return { projectId: task.projectId, taskId: id, orgId: task.organizationId, targetStorage: task.targetStorage }
}

/**
 * Checks that the person may back this up; answers the request to start.
 * @param lightweight leave out media that lie in a cloud storage
 */
export const planBackup = async (
  who: Who,
  target: BackupTarget,
  id: number,
  query: ExportQuery,
  lightweight: boolean,
): Promise<NewRequest> => {
  const { targetStorage, ...place } = await findPlace(who, target, id)
  const cloud = await readCloudFile(who, query, targetStorage)
  const payload: Payload = {
    lightweight,
    ...(cloud && { cloud }),
    ...(query.filename && !cloud && { filename: query.filename }),
  }
  return {
    id: requestId({ action: 'export', target, target_id: id, user_id: who.user.id, subresource: 'backup' }),
    action: 'export',
    target,
    subresource: 'backup',
    ...place,
    chore: 'export-backup',
    payload,
  }
}

type Backup = { name: string; entries: AsyncIterable<ArchiveEntry> }

const openBackup = async (row: RequestRow, report: Report): Promise<Backup> => {
  const { lightweight } = row.payload as Payload
  if (row.target === 'project') {
    const project = await findProject(row.projectId!)
    return { ...project, entries: writeProject(project, lightweight, (done) => report(done, 'Writing tasks')) }
  }
  const source = await loadSource(row.taskId!)
  if (!source) throw notFound('The data of the task were removed meanwhile.')
  return { ...source.task, entries: reportEntries(writeTask(source, '', lightweight), source.media.size, report) }
}

async function* reportEntries(entries: AsyncIterable<ArchiveEntry>, expected: number, report: Report) {
  let done = 0
  for await (const entry of entries) {
    yield entry
    await report(++done / (expected + 3), 'Writing files')
  }
}

const withZip = (name: string) => (/\.zip$/i.test(name) ? name : `${name}.zip`)

const stamp = (date: Date) => date.toISOString().slice(0, 19).replace(/[-T:]/g, '_')

const writeFile = async (path: string, bytes: AsyncIterable<Uint8Array>) => {
  const sink = Bun.file(path).writer({ highWaterMark: 1 << 20 })
  try {
    for await (const chunk of bytes) {
      sink.write(chunk)
      await sink.flush()
    }
  } finally {
    await sink.end()
  }
}

/** Runs a backup: writes the zip under a temporary name, then moves it to where it goes. */
export const runBackup = async (row: RequestRow, report: Report): Promise<Result> => {
  const { cloud, filename } = row.payload as Payload
  const folder = join(config().dataDir, 'cache', `backup-${row.key}`)
  await mkdir(folder, { recursive: true })
  const path = join(folder, 'backup.zip')
  try {
    const backup = await openBackup(row, report)
    await writeFile(path, writeZip(backup.entries, new Date()))
    const name = filename ? withZip(filename) : `${row.target}_${backup.name}_backup_${stamp(new Date())}.zip`.toLowerCase()
    if (cloud) {
      await putCloudFile(cloud, safeFileName(name), Bun.file(path))
      return {}
    }
    const file = `results/${row.key}.zip`
    await storage().adopt(file, path)
    return { file, name }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
