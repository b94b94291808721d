// How media are to be attached to a task: reads and checks what clients send, as JSON or as a form.
import { invalid } from '../http/errors'
import type { FormFields } from '../http/upload-multipart'
import { readValidationParams, type ValidationParams } from '../validation/service'

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

/** What the contract has and this server does not do yet: a value here is refused, never ignored. */
const unsupported = {
  server_files: 'Files of the connected share are not supported yet.',
  remote_files: 'Files from other servers are not supported yet.',
  cloud_storage_id: 'Cloud storages are not supported yet.',
  server_files_exclude: 'Files of the connected share are not supported yet.',
  filename_pattern: 'Cloud storages are not supported yet.',
}

const maxInteger = 2 ** 31 - 1

/** Throws 400 naming the field for anything that is wrong or not supported. */
export const readParameters = (body: Body): DataParameters => {
  for (const [name, why] of Object.entries(unsupported)) {
    const value = body[name]
    if (!isAbsent(value) && !(Array.isArray(value) && !value.length)) throw invalid({ [name]: why })
  }
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
    validation: readValidationParams(body),
  }
}
