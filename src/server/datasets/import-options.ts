// What an import is asked for: CVAT's parameters in the query, and ours in the query, a JSON body or fields of a form.

import { FormatError } from '../../formats/format-error'
import { readMapping } from '../../formats/inspect/mapping'
import { invalid } from '../http/errors'
import type { Finish } from '../http/upload-routes'

export type MappingJson = { files: Record<string, string | null>; labels: Record<string, string | null> }
export type ImportOptions = {
  format: string
  mode: 'replace' | 'append'
  masksToPolygons: boolean
  mapping?: MappingJson
  /** Labels that are made when the task lacks them: all, or those of these names. */
  createLabels?: boolean | string[]
}

type Query = Record<string, string | undefined>
type Given = Pick<Finish, 'body' | 'fields'>

export const readFlag = (text: string | undefined, initial: boolean) =>
  text === undefined || text === '' ? initial : /^(1|true|yes)$/i.test(text)

const modes = ['append', 'replace'] as const

/** Looks for a parameter of ours where it may be; text that should be JSON is parsed. Throws 400 naming the parameter. */
const findOwn = (name: string, query: Query, { body, fields }: Given): unknown => {
  const text = query[name] ?? fields.find(([field]) => field === name)?.[1]
  if (text === undefined || text === '') return body[name] ?? undefined
  if (!/^\s*[[{"]/.test(text)) return text
  try {
    return JSON.parse(text)
  } catch {
    throw invalid({ [name]: 'This is not JSON.' })
  }
}

const readMode = (query: Query, given: Given): ImportOptions['mode'] => {
  for (const name of ['mode', 'import_mode']) {
    const value = findOwn(name, query, given)
    if (value === undefined) continue
    const mode = modes.find((one) => one === value)
    if (!mode) throw invalid({ [name]: `"${value}" is not a valid choice.` })
    return mode
  }
  return 'replace'
}

const readNames = (value: unknown): boolean | string[] | undefined => {
  if (value === undefined || typeof value === 'boolean') return value
  if (typeof value === 'string') return readFlag(value, false)
  if (Array.isArray(value) && value.every((name) => typeof name === 'string')) return value
  throw invalid({ create_labels: 'true, false or a list of names is needed.' })
}

/** Checks a mapping and gives it back as plain JSON for the request's payload. Throws 400. */
const checkMapping = (value: unknown): MappingJson | undefined => {
  if (value === undefined) return undefined
  try {
    const { files, labels } = readMapping(value)
    return { files: Object.fromEntries(files), labels: Object.fromEntries(labels) }
  } catch (error) {
    if (error instanceof FormatError) throw invalid({ mapping: error.message })
    throw error
  }
}

/** The query of Start and Finish; TUS requests between them carry none, so everything is bound at the end. */
export const readImportOptions = (query: Query, given: Given): ImportOptions => {
  const mapping = checkMapping(findOwn('mapping', query, given))
  const createLabels = readNames(findOwn('create_labels', query, given))
  return {
    format: query.format ?? '',
    mode: readMode(query, given),
    masksToPolygons: readFlag(query.conv_mask_to_poly, true),
    ...(mapping && { mapping }),
    ...(createLabels !== undefined && { createLabels }),
  }
}
