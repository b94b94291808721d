// The door of searches: what is asked, checked once for API and pages.
import { invalid } from '../http/errors'
import { type Asked, listFrames, listObjects, openSearch, type Sort, type SortName, sortNames, toApiError } from './search'
import { type Shown, showHits } from './show'

export {
  type Action,
  applyChange,
  type Chosen,
  type Done,
  maxChanged,
  type Plan,
  planChange,
  type Step,
  undoChange,
} from './change'
export { type FieldInfo, fields } from './fields'
export { cropAround } from './outline'
export { maxLength } from './parse-query'
export type { Place } from './places'
export { type Asked, sortNames } from './search'
export type { Shown } from './show'
export { sendThumbnail } from './thumbnails'
export { placeLabels } from './vocabulary'

export type Results = 'objects' | 'frames'
export type Paging = { page: number; size: number }
export type Page = {
  count: number
  hits: Shown[]
  results: Results
  sort: Sort
  page: number
  size: number
  milliseconds: number
}

const fail = (error: unknown): never => {
  throw toApiError(error)
}

const allFrames = 1_000_000

/** Numbers of all frames that fit, or that have an object that fits. Errors as `find`. */
export const findFrames = async (asked: Asked): Promise<number[]> => {
  const search = await openSearch(asked, true)
  const hits = await listFrames(search, { by: 'frame', isDescending: false }, 0, allFrames).catch(fail)
  return hits.map(({ frame }) => frame)
}

const initialSize = 48
const maxSize = 100
const maxPage = 1_000_000

const readWhole = (name: string, text: string | undefined, initial: number, most: number): number => {
  if (!text) return initial
  if (!/^[1-9]\d{0,8}$/.test(text)) throw invalid({ [name]: 'A positive integer is required.' })
  return Math.min(Number(text), most)
}

/** `sort=area` or `sort=-area`; frames have their order only. */
const readSort = (text: string | undefined, results: Results): Sort => {
  const by = (text ?? '').replace(/^-/, '') || 'frame'
  if (!sortNames.includes(by as SortName))
    throw invalid({ sort: `One of ${sortNames.join(', ')}, with - for the other way round.` })
  return { by: results === 'frames' ? 'frame' : (by as SortName), isDescending: !!text?.startsWith('-') }
}

const readResults = (text: string | undefined): Results => {
  if (text && text !== 'objects' && text !== 'frames') throw invalid({ results: 'objects or frames is required.' })
  return (text as Results) || 'objects'
}

export type Options = Record<string, string | undefined>

/**
 * One page of what fits: `results` (objects, frames), `sort`, `page` from 1, `page_size` up to 100. Errors: 400 naming the place in the
 * query or the option, 403 and 404 for the place that is searched.
 */
export const find = async (asked: Asked, options: Options): Promise<Page> => {
  const results = readResults(options.results)
  const sort = readSort(options.sort, results)
  const page = readWhole('page', options.page, 1, maxPage)
  const size = readWhole('page_size', options.page_size, initialSize, maxSize)
  const started = performance.now()
  const search = await openSearch(asked, results === 'frames')
  const list = results === 'frames' ? listFrames : listObjects
  const hits = search.count > (page - 1) * size ? await list(search, sort, (page - 1) * size, size).catch(fail) : []
  const milliseconds = Math.round(performance.now() - started)
  return { count: search.count, hits: await showHits(hits), results, sort, page, size, milliseconds }
}
