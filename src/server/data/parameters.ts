// How media are to be attached to a task: reads and checks what clients send, as JSON or as a form.
import { invalid } from '../http/errors'
import type { FormFields } from '../http/upload-multipart'
import { checkShareName } from '../share/service'
import { isFileName } from '../storage/object-names'
import { readValidationParams, type ValidationParams } from '../validation/service'
import { compilePattern } from './sources/origins/file-pattern'
import { isManifestName } from './sources/origins/manifest'
import { checkRemoteFiles } from './sources/origins/remote'

export const sortingMethods = ['lexicographical', 'natural', 'predefined', 'random'] as const
export type SortingMethod = (typeof sortingMethods)[number]

/** Frames count in the source. Plain data: it is the payload of a chore. */
export type DataParameters = {
  imageQuality: number
  /** Frames of a chunk; null = by the size of the pictures. */
  chunkSize: number | null
  startFrame: number
  /** Last source frame; null = the last there is. */
  stopFrame: number | null
  step: number
  sortingMethod: SortingMethod
  /** Names in the wanted order; null = as they came. */
  fileOrder: string[] | null
  /** Names of the files of each job. */
  jobFiles: string[][] | null
  useZipChunks: boolean
  /** Make chunks on demand; false = ahead. */
  useCache: boolean
  /** Files and folders of the share, or objects of the bucket. */
  serverFiles: string[]
  exclude: string[]
  pattern: string | null
  /** Addresses of files on other servers. */
  remoteFiles: string[]
  cloudStorageId: number | null
  /** Copy files of the share or bucket instead of reading them where they lie. */
  copyData: boolean
  /** How the task is to be validated; null = not. */
  validation: ValidationParams | null
}

type Body = Record<string, unknown>

/** The parts of a form as the JSON body would be: `name[0]`, `name[1]` … become a list. */
export const readFields = (fields: FormFields): Body => {
  const body: Body = {}
  for (const [name, value] of fields) {
    const [, list, index] = /^(\w+)\[(\d*)\]$/.exec(name) ?? []
    if (!list) {
      body[name] = /^\s*[[{]/.test(value) ? readJson(name, value) : value
      continue
    }
    const items = (Array.isArray(body[list]) ? body[list] : (body[list] = [])) as unknown[]
    const at = index === '' ? items.length : Number(index)
    if (at > fields.length) throw invalid({ [list]: `There is no element ${at - 1}.` })
    items[at] = value
  }
  return body
}

const readJson = (name: string, text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw invalid({ [name]: 'Not valid JSON.' })
  }
}

const isAbsent = (value: unknown) => value === undefined || value === null || value === ''

const readInteger = <T>(body: Body, name: string, min: number, max: number, initial: T): number | T => {
  const value = body[name]
  if (isAbsent(value)) return initial
  const number = typeof value === 'string' && /^\s*-?\d+\s*$/.test(value) ? Number(value) : value
  if (typeof number !== 'number' || !Number.isInteger(number)) throw invalid({ [name]: 'A valid integer is required.' })
  if (number < min) throw invalid({ [name]: `Ensure this value is greater than or equal to ${min}.` })
  if (number > max) throw invalid({ [name]: `Ensure this value is less than or equal to ${max}.` })
  return number
}

const readBoolean = (body: Body, name: string, initial: boolean): boolean => {
  const value = body[name]
  if (isAbsent(value)) return initial
  if (typeof value === 'boolean') return value
  if (/^(1|true|yes|on)$/i.test(String(value))) return true
  if (/^(0|false|no|off)$/i.test(String(value))) return false
  throw invalid({ [name]: 'Must be a valid boolean.' })
}

const readTexts = (body: Body, name: string): string[] | null => {
  const value = body[name]
  if (isAbsent(value)) return null
  const list = Array.isArray(value) ? value : [value]
  if (list.some((item) => typeof item !== 'string')) throw invalid({ [name]: 'A list of texts is expected.' })
  return list.length ? list : null
}

const readStep = (body: Body): number => {
  const value = body.frame_filter
  if (isAbsent(value)) return 1
  const [, step] = /^\s*step\s*=\s*(\d{1,9})\s*$/.exec(String(value)) ?? []
  if (!step || Number(step) < 1) throw invalid({ frame_filter: 'Must be "step=N" with N from 1.' })
  return Number(step)
}

const readSorting = (body: Body): SortingMethod => {
  const value = body.sorting_method
  if (isAbsent(value)) return 'lexicographical'
  const method = sortingMethods.find((one) => one === value)
  if (!method) throw invalid({ sorting_method: `"${value}" is not a valid choice.` })
  return method
}

const readJobFiles = (body: Body): string[][] | null => {
  const value = body.job_file_mapping
  if (isAbsent(value)) return null
  const isMapping =
    Array.isArray(value) &&
    value.every((job) => Array.isArray(job) && job.length > 0 && job.every((name) => typeof name === 'string'))
  if (!isMapping) throw invalid({ job_file_mapping: 'A list of lists of file names is expected.' })
  if (!(value as unknown[]).length) return null
  const seen = new Set<string>()
  const twice = (value as string[][]).flat().find((name) => seen.size === seen.add(name).size)
  if (twice !== undefined) throw invalid({ job_file_mapping: `${twice}: named more than once.` })
  for (const field of ['start_frame', 'stop_frame', 'frame_filter'])
    if (!isAbsent(body[field]) && String(body[field]) !== '0')
      throw invalid({ job_file_mapping: `Cannot be used together with ${field}.` })
  return value as string[][]
}

const maxInteger = 2 ** 31 - 1

const readPattern = (body: Body): string | null => {
  const value = body.filename_pattern
  if (isAbsent(value)) return null
  if (typeof value !== 'string' || value.length > 1024)
    throw invalid({ filename_pattern: 'A pattern of file names is expected.' })
  try {
    compilePattern(value)
  } catch {
    throw invalid({ filename_pattern: `"${value}": a range of characters runs backwards.` })
  }
  return value
}

/** Where files come from, other than from the request itself. */
const readOrigins = (body: Body) => {
  const serverFiles = readTexts(body, 'server_files') ?? []
  const exclude = readTexts(body, 'server_files_exclude') ?? []
  const remoteFiles = readTexts(body, 'remote_files') ?? []
  const pattern = readPattern(body)
  const cloudStorageId = readInteger(body, 'cloud_storage_id', 1, maxInteger, null)
  const copyData = readBoolean(body, 'copy_data', false)
  if (pattern !== null && exclude.length)
    throw invalid({ filename_pattern: 'Cannot be used together with server_files_exclude.' })
  if (pattern !== null && cloudStorageId !== null && !serverFiles.every(isManifestName))
    throw invalid({ filename_pattern: 'Can be used with a manifest alone, or without server_files.' })
  if (exclude.length && !serverFiles.length)
    throw invalid({ server_files_exclude: 'Leaves files out of server_files, which are not given.' })
  if (cloudStorageId === null) for (const name of serverFiles) checkShareName(name)
  const bad = serverFiles.find((name) => !isFileName(name.replace(/^\/+|\/+$/g, '') || 'all'))
  if (bad !== undefined) throw invalid({ server_files: `${bad}: not a name of a file.` })
  checkRemoteFiles(remoteFiles)
  return { serverFiles, exclude, pattern, remoteFiles, cloudStorageId, copyData }
}

/** Throws 400 naming the field for anything that is wrong. */
export const readParameters = (body: Body): DataParameters => {
  const startFrame = readInteger(body, 'start_frame', 0, maxInteger, 0)
  // Zero stands for "to the end", as clients that always send the field expect.
  const stopFrame = readInteger(body, 'stop_frame', 0, maxInteger, 0) || null
  if (stopFrame !== null && stopFrame < startFrame)
    throw invalid({ stop_frame: `Must not be less than start_frame (${startFrame}).` })
  const storageMethod = body.storage_method
  if (!isAbsent(storageMethod) && storageMethod !== 'cache' && storageMethod !== 'file_system')
    throw invalid({ storage_method: `"${storageMethod}" is not a valid choice.` })
  return {
    imageQuality: readInteger(body, 'image_quality', 1, 100, 70),
    chunkSize: readInteger(body, 'chunk_size', 0, maxInteger, 0) || null,
    startFrame,
    stopFrame,
    step: readStep(body),
    sortingMethod: readSorting(body),
    fileOrder: readTexts(body, 'upload_file_order'),
    jobFiles: readJobFiles(body),
    useZipChunks: readBoolean(body, 'use_zip_chunks', false),
    useCache: readBoolean(body, 'use_cache', true) || storageMethod === 'cache',
    ...readOrigins(body),
    validation: readValidationParams(body),
  }
}
