// What the form of a new task holds: its values as the API takes them, and what is wrong with them in words.
import { t } from './i18n/message'
import { readStorages } from './storage-choice'
import { readQuality } from './task-quality'

const units = ['B', 'kB', 'MB', 'GB', 'TB']

/** `12.3 MB`. */
export const formatBytes = (bytes: number): string => {
  const power = Math.min(units.length - 1, bytes > 0 ? Math.floor(Math.log10(bytes) / 3) : 0)
  const value = bytes / 1000 ** power
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`
}

const readNumber = (form: FormData, name: string) => {
  const text = String(form.get(name) ?? '').trim()
  return text === '' ? undefined : Number(text)
}

/** Only what was filled in. */
const withoutEmpty = (values: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== ''))

/** The first thing that is wrong with the form, in words; null when it is fine. */
export const findProblem = (values: {
  name: string
  projectId: number | null
  labelCount: number
  fileCount: number
  overlap?: number | undefined
  segment?: number | undefined
  start?: number | undefined
  stop?: number | undefined
}) => {
  if (!values.name.trim()) return t('The task needs a name.')
  if (!values.projectId && !values.labelCount) return t('Add at least one label, or choose a project.')
  if (!values.fileCount) return t('Choose the files of the task.')
  if (values.overlap !== undefined && values.segment !== undefined && values.overlap >= values.segment)
    return t('The overlap must be smaller than the segment size.')
  if (values.start !== undefined && values.stop !== undefined && values.start > values.stop)
    return t('The start frame must not lie behind the stop frame.')
  return null
}

export const readForm = (form: FormData) => ({
  name: String(form.get('name') ?? '').trim(),
  qualityProblem: readQuality(form).problem,
  task: withoutEmpty({
    subset: String(form.get('subset') ?? '').trim(),
    bug_tracker: String(form.get('bug_tracker') ?? '').trim(),
    overlap: readNumber(form, 'overlap'),
    segment_size: readNumber(form, 'segment_size'),
    ...readQuality(form).task,
    ...readStorages(form),
  }),
  data: withoutEmpty({
    image_quality: readNumber(form, 'image_quality') ?? 70,
    sorting_method: String(form.get('sorting_method') ?? 'lexicographical'),
    use_zip_chunks: !form.has('sorting_method') || form.has('use_zip_chunks'),
    use_cache: !form.has('sorting_method') || form.has('use_cache'),
    chunk_size: readNumber(form, 'chunk_size'),
    start_frame: readNumber(form, 'start_frame'),
    stop_frame: readNumber(form, 'stop_frame'),
    frame_filter: readNumber(form, 'frame_step') ? `step=${readNumber(form, 'frame_step')}` : undefined,
    ...readQuality(form).data,
  }),
})

export type FormValues = ReturnType<typeof readForm>

/** Which field the browser does not accept, in words; it gets the keys. */
export const describeInvalid = (form: HTMLFormElement) => {
  const field = form.querySelector<HTMLInputElement>('input:invalid')
  const label = field?.closest('.field')?.querySelector('.label')?.textContent ?? t('A field')
  field?.closest('details')?.setAttribute('open', '')
  field?.focus()
  return `${label}: ${field?.validationMessage ?? t('not valid')}`
}
