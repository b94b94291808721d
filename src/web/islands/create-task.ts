// The form of a new task: files by choosing and dropping, upload with progress, then the request that reads them.
import { ApiFailure, callApi, describeProblem } from './api'
import { noSource, type Source } from './file-sources'
import { followRequest } from './follow-request'
import { readStorages } from './storage-choice'
import { readQuality } from './task-quality'
import { showInfo } from './toast'
import { uploadTaskFiles } from './upload'

type Entry = { key: string; name: string; size: number; note: string; file: File }

const shownCount = 200
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
  if (!values.name.trim()) return 'The task needs a name.'
  if (!values.projectId && !values.labelCount) return 'Add at least one label, or choose a project.'
  if (!values.fileCount) return 'Choose the files of the task.'
  if (values.overlap !== undefined && values.segment !== undefined && values.overlap >= values.segment)
    return 'The overlap must be smaller than the segment size.'
  if (values.start !== undefined && values.stop !== undefined && values.start > values.stop)
    return 'The start frame must not lie behind the stop frame.'
  return null
}

const readForm = (form: FormData) => ({
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

export const createTask = () => ({
  entries: [] as Entry[],
  labels: [] as unknown[],
  projectId: null as number | null,
  /** The task that there is already, when only files are missing. */
  taskId: null as number | null,
  /** Where its address differs from that of the task's data: frames are appended. */
  isAppending: false,
  source: noSource as Source,
  done: '',
  isOver: false,
  busy: false,
  isWaiting: false,
  phase: '' as '' | 'uploading' | 'queued' | 'creating',
  message: '',
  progress: 0,
  problem: '',
  root: undefined as unknown as HTMLFormElement,
  $el: undefined as unknown as HTMLElement,
  $nextTick: undefined as unknown as (run: () => void) => void,

  init() {
    this.root = this.$el as HTMLFormElement
    this.taskId = Number(this.root.dataset.taskId) || null
    this.isAppending = this.root.dataset.append !== undefined
  },
  get hasFiles() {
    return this.entries.length > 0
  },
  get shownFiles() {
    return this.entries.slice(0, shownCount)
  },
  get hiddenCount() {
    return Math.max(0, this.entries.length - shownCount)
  },
  get hiddenText() {
    return `and ${this.hiddenCount} more`
  },
  get totalBytes() {
    return this.entries.reduce((sum, entry) => sum + entry.size, 0)
  },
  get summary() {
    return `${this.entries.length} ${this.entries.length === 1 ? 'file' : 'files'}, ${formatBytes(this.totalBytes)}`
  },
  get projectSpan() {
    return this.projectId ? '' : 'col-span-full'
  },
  get progressText() {
    if (this.isWaiting) return 'The connection is broken; the upload goes on when it is back.'
    if (this.phase === 'uploading') return 'Uploading'
    if (this.phase === 'queued') return 'Waiting for the server'
    return this.message || 'Reading the files'
  },
  get percentText() {
    return this.phase === 'queued' ? '' : `${Math.round(this.progress * 100)} %`
  },

  startProject() {
    this.projectId = Number(this.$el.dataset.chosen) || null
  },
  chooseProject(event: CustomEvent<{ id: number | null }>) {
    this.projectId = event.detail.id
  },
  takeSource(event: CustomEvent<Source>) {
    this.source = event.detail
    this.problem = ''
  },
  takeLabels(event: CustomEvent<unknown[]>) {
    this.labels = event.detail
  },
  over(event: DragEvent) {
    event.preventDefault()
    this.isOver = true
  },
  out() {
    this.isOver = false
  },
  drop(event: DragEvent) {
    event.preventDefault()
    this.isOver = false
    void this.takeItems(event.dataTransfer)
  },
  async takeItems(transfer: DataTransfer | null) {
    const items = [...(transfer?.items ?? [])].flatMap((item) => item.webkitGetAsEntry() ?? [])
    this.add(items.length ? (await Promise.all(items.map(readEntry))).flat() : [...(transfer?.files ?? [])])
  },
  choose(event: Event) {
    const input = event.target as HTMLInputElement
    this.add([...(input.files ?? [])])
    // The same file may be chosen again after it was removed.
    input.value = ''
  },
  add(files: File[]) {
    const known = new Set(this.entries.map((entry) => entry.name))
    const fresh = files.filter((file) => !known.has(file.name))
    if (fresh.length < files.length) showInfo(`${files.length - fresh.length} of these files were already chosen.`)
    this.entries.push(
      ...fresh.map((file) => ({ key: file.name, name: file.name, size: file.size, note: formatBytes(file.size), file })),
    )
    this.problem = ''
  },
  removeFile(entry: Entry) {
    this.entries = this.entries.filter((other) => other.key !== entry.key)
  },
  clear() {
    this.entries = []
  },

  async submit(event: SubmitEvent) {
    event.preventDefault()
    if (this.busy) return
    const goesOn = (event.submitter as HTMLButtonElement | null)?.value === 'continue'
    const values = readForm(new FormData(this.root))
    this.problem =
      findProblem({
        name: this.taskId ? 'there' : values.name,
        projectId: this.taskId ?? this.projectId,
        labelCount: this.labels.length,
        fileCount: this.source.kind === 'computer' ? this.entries.length : 1,
        overlap: values.task.overlap as number | undefined,
        segment: values.task.segment_size as number | undefined,
        start: values.data.start_frame as number | undefined,
        stop: values.data.stop_frame as number | undefined,
      }) ??
      this.source.problem ??
      values.qualityProblem ??
      (this.root.checkValidity() ? '' : describeInvalid(this.root))
    if (this.problem) return this.reveal('[role="alert"]')
    this.busy = true
    this.reveal('[data-testid="task-progress"]')
    const guard = (unload: BeforeUnloadEvent) => unload.preventDefault()
    addEventListener('beforeunload', guard)
    try {
      const id = await this.create(values)
      removeEventListener('beforeunload', guard)
      if (this.isAppending) {
        this.done = this.message
        this.entries = []
        return
      }
      if (!goesOn) return void location.assign(`/tasks/${id}`)
      showInfo(`Task “${values.name}” is ready.`, { href: `/tasks/${id}`, label: 'Open' })
      this.entries = []
      this.root.querySelector<HTMLInputElement>('[name="name"]')!.value = ''
      this.root.querySelector<HTMLInputElement>('[name="name"]')!.focus()
    } catch (problem) {
      this.problem = describeProblem(problem)
      this.reveal('[role="alert"]')
      for (const entry of this.entries) entry.note = formatBytes(entry.size)
    } finally {
      removeEventListener('beforeunload', guard)
      this.busy = false
      this.phase = ''
    }
  },

  /** Brings what is told into view, once it is drawn. */
  reveal(selector: string) {
    this.$nextTick(() => [...this.root.querySelectorAll(selector)].at(-1)?.scrollIntoView({ block: 'nearest' }))
  },
  /** Makes the task, sends the files and waits until the server has read them. What failed leaves no half task behind. */
  async create(values: ReturnType<typeof readForm>): Promise<number> {
    this.phase = 'uploading'
    this.progress = 0
    const id = this.taskId ?? (await this.createEmpty(values))
    try {
      const rqId = await this.sendFiles(id, values)
      this.phase = 'queued'
      this.progress = 0
      await followRequest(rqId, (request) => {
        this.phase = request.status === 'queued' ? 'queued' : 'creating'
        this.message = request.message
        this.progress = request.progress ?? 0
      })
      return id
    } catch (problem) {
      if (problem instanceof ApiFailure && !this.taskId) await callApi('DELETE', `/api/tasks/${id}`).catch(() => {})
      throw problem
    }
  },
  async createEmpty(values: ReturnType<typeof readForm>): Promise<number> {
    const parent = this.projectId ? { project_id: this.projectId } : { labels: this.labels }
    return (await callApi('POST', '/api/tasks', { name: values.name, ...values.task, ...parent })).id
  },
  /** Sends what was chosen, or says where the server finds it; answers the id of the request that follows. */
  async sendFiles(taskId: number, values: ReturnType<typeof readForm>): Promise<string> {
    const url = `/api/tasks/${taskId}/data/${this.isAppending ? 'append/' : ''}`
    if (this.source.kind !== 'computer') return (await callApi('POST', url, { ...values.data, ...this.source.body })).rq_id
    return this.uploadFiles(url, values)
  },
  uploadFiles(url: string, values: ReturnType<typeof readForm>): Promise<string> {
    const arrived = new Map<File, number>()
    const total = Math.max(1, this.totalBytes)
    const entryOf = new Map(this.entries.map((entry) => [entry.file, entry]))
    const parameters = {
      ...values.data,
      ...(values.data.sorting_method === 'predefined' && { upload_file_order: this.entries.map(({ name }) => name) }),
    }
    return uploadTaskFiles(url, [...entryOf.keys()], parameters, {
      onFile: (file, bytes) => {
        arrived.set(file, bytes)
        this.progress = [...arrived.values()].reduce((sum, part) => sum + part, 0) / total
        entryOf.get(file)!.note = bytes >= file.size ? '✓' : `${Math.round((bytes / Math.max(1, file.size)) * 100)} %`
      },
      onWait: (isWaiting) => {
        this.isWaiting = isWaiting
      },
    })
  },
})

const describeInvalid = (form: HTMLFormElement) => {
  const field = form.querySelector<HTMLInputElement>('input:invalid')
  const label = field?.closest('.field')?.querySelector('.label')?.textContent ?? 'A field'
  field?.closest('details')?.setAttribute('open', '')
  field?.focus()
  return `${label}: ${field?.validationMessage ?? 'not valid'}`
}

/** The files of a dropped file or folder. */
const readEntry = async (entry: FileSystemEntry): Promise<File[]> => {
  if (entry.isFile) return [await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))]
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  const found: FileSystemEntry[] = []
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (!part.length) break
    found.push(...part)
  }
  return (await Promise.all(found.map(readEntry))).flat()
}
