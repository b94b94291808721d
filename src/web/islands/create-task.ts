// The form of a new task: files by choosing and dropping, upload with progress, then the request that reads them.

import { describeProblem } from './api'
import { showFieldProblems } from './field-problems'
import { noSource, type Source } from './file-sources'
import { t } from './i18n/message'
import { pathOf, readDropped } from './own-files'
import { sendTask } from './send-task'
import { describeInvalid, type FormValues, findProblem, formatBytes, readForm } from './task-values'
import { showInfo } from './toast'

type Entry = { key: string; name: string; size: number; note: string; file: File }

const shownCount = 200

export const createTask = () => ({
  hasScripts: true,
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
    return t('and {hiddenCount} more', { hiddenCount: this.hiddenCount })
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
    if (this.isWaiting) return t('The connection is broken; the upload goes on when it is back.')
    if (this.phase === 'uploading') return t('Uploading')
    if (this.phase === 'queued') return t('Waiting for the server')
    return this.message || t('Reading the files')
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
    void readDropped(event.dataTransfer).then((files) => this.add(files))
  },
  choose(event: Event) {
    const input = event.target as HTMLInputElement
    this.add([...(input.files ?? [])])
    // The same file may be chosen again after it was removed.
    input.value = ''
  },
  add(files: File[]) {
    const known = new Set(this.entries.map((entry) => entry.key))
    const fresh = files.filter((file) => !known.has(pathOf(file)))
    if (fresh.length < files.length)
      showInfo(t('{count} of these files were already chosen.', { count: files.length - fresh.length }))
    this.entries.push(
      ...fresh.map((file) => ({
        key: pathOf(file),
        name: file.name,
        size: file.size,
        note: formatBytes(file.size),
        file: file,
      })),
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
    this.problem = this.judge(values, this.source.kind === 'computer' ? this.entries.length : 1) ?? this.doubled() ?? ''
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
      showInfo(t('Task “{name}” is ready.', { name: values.name }), { href: `/tasks/${id}`, label: t('Open') })
      this.entries = []
      this.root.querySelector<HTMLInputElement>('[name="name"]')!.value = ''
      this.root.querySelector<HTMLInputElement>('[name="name"]')!.focus()
    } catch (problem) {
      this.problem = describeProblem(problem)
      showFieldProblems(this.root, problem)
      this.reveal('[role="alert"]')
      for (const entry of this.entries) entry.note = formatBytes(entry.size)
    } finally {
      removeEventListener('beforeunload', guard)
      this.busy = false
      this.phase = ''
    }
  },

  /** What is wrong with the form, in words. */
  judge(values: FormValues, fileCount: number): string | null {
    return (
      findProblem({
        name: this.taskId ? 'there' : values.name,
        projectId: this.taskId ?? this.projectId,
        labelCount: this.labels.length,
        fileCount,
        overlap: values.task.overlap as number | undefined,
        segment: values.task.segment_size as number | undefined,
        start: values.data.start_frame as number | undefined,
        stop: values.data.stop_frame as number | undefined,
      }) ??
      this.source.problem ??
      values.qualityProblem ??
      (this.root.checkValidity() ? null : describeInvalid(this.root))
    )
  },
  /** Files of one task lie in one folder: two of a name have no place there. */
  doubled(): string | null {
    const seen = new Set<string>()
    const isFirst = (name: string) => !seen.has(name) && seen.add(name)
    const double = this.source.kind === 'computer' ? this.entries.find(({ name }) => !isFirst(name))?.name : undefined
    return double ? t('Two of the files are called {double}. Rename one, or make several tasks.', { double }) : null
  },
  /** Brings what is told into view, once it is drawn. */
  reveal(selector: string) {
    this.$nextTick(() => [...this.root.querySelectorAll(selector)].at(-1)?.scrollIntoView({ block: 'nearest' }))
  },
  /** Makes the task, sends the files and waits until the server has read them. */
  create(values: FormValues): Promise<number> {
    this.phase = 'uploading'
    this.progress = 0
    const arrived = new Map<File, number>()
    const total = Math.max(1, this.totalBytes)
    const entryOf = new Map(this.entries.map((entry) => [entry.file, entry]))
    const { taskId, isAppending, source } = this
    return sendTask(
      {
        taskId,
        isAppending,
        data: values.data,
        head: this.headOf(values),
        media: source.kind === 'computer' ? { files: [...entryOf.keys()] } : { body: source.body },
      },
      {
        onFile: (file, bytes) => {
          arrived.set(file, bytes)
          this.progress = [...arrived.values()].reduce((sum, part) => sum + part, 0) / total
          entryOf.get(file)!.note = bytes >= file.size ? '✓' : `${Math.round((bytes / Math.max(1, file.size)) * 100)} %`
        },
        onWait: (isWaiting) => {
          this.isWaiting = isWaiting
        },
        onSent: () => {
          this.phase = 'queued'
          this.progress = 0
        },
        onRequest: (request) => {
          this.phase = request.status === 'queued' ? 'queued' : 'creating'
          this.message = request.message
          this.progress = request.progress ?? 0
        },
      },
    )
  },
  /** What a new task is told to be. */
  headOf(values: FormValues) {
    return { name: values.name, ...values.task, ...(this.projectId ? { project_id: this.projectId } : { labels: this.labels }) }
  },
})
