// The form of new tasks: one task, as `createTask` makes it, or one per video, archive or folder of pictures.
import { describeProblem } from './api'
import { createTask } from './create-task'
import type { Source } from './file-sources'
import { type ChosenFile, filesToSend, fillName, splitTasks, type Unit } from './many-tasks'
import { sendTask } from './send-task'
import { countRows, makeRows, moveRows, type TaskRow, type TaskState, workThrough } from './task-queue'
import { type FormValues, readForm } from './task-values'

type Row = TaskRow<Unit>
const nothing = { units: [] as Unit[], problem: null as string | null }

/** The texts of the page, which speaks the language of the person. */
type Words = Record<TaskState | 'one' | 'many' | 'submit' | 'example' | 'none' | 'left', string>
const fill = (text: string, values: Record<string, string | number>) =>
  text.replace(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all))

const severalTasks = () => ({
  isMany: false,
  template: '',
  split: nothing,
  rows: [] as Row[],
  isRunning: false,
  isCounting: false,
  words: {} as Words,
  counted: 0,

  get isOne() {
    return !this.isMany
  },
  get isOneBusy(): boolean {
    return !this.isMany && (this as unknown as { busy: boolean }).busy
  },
  get hasRows() {
    return this.rows.length > 0
  },
  get nameLabel() {
    return this.isMany ? this.words.many : this.words.one
  },
  get submitText() {
    return fill(this.words.submit ?? '', { count: this.split.units.length })
  },
  get exampleText() {
    return fill(this.words.example ?? '', { name: fillName(this.template, this.split.units[0]?.fileName ?? 'clip.mp4', 0) })
  },
  get leftText() {
    const done = countRows(this.rows, 'done')
    return fill(this.words.left ?? '', { done, count: this.rows.length, failed: countRows(this.rows, 'failed') })
  },
  get hasQueued() {
    return countRows(this.rows, 'queued') > 0
  },
  get hasFailed() {
    return countRows(this.rows, 'failed') > 0
  },
  get hasCancelled() {
    return countRows(this.rows, 'cancelled') > 0
  },
  stateText(row: Row) {
    const { state, progress } = row
    const word = this.words[state]
    return state === 'uploading' || (state === 'creating' && progress) ? `${word} ${Math.round(progress * 100)} %` : word
  },
  hasReason: (row: Row) => row.state === 'failed',
  isDone: (row: Row) => row.state === 'done',
  isUnderway: (row: Row) => row.state === 'uploading' || row.state === 'creating',
})

type Several = ReturnType<typeof severalTasks>
type Form = ReturnType<typeof createTask> &
  Several & { recount: () => Promise<void>; run: () => Promise<void>; values: FormValues }

/** What is chosen, as paths; files of this computer bring themselves. */
const listChosen = async ({ source, entries }: Form): Promise<ChosenFile[]> =>
  source.kind === 'computer'
    ? entries.map(({ key, file }) => ({ path: key, file }))
    : ((await source.several?.list()) ?? []).map((path) => ({ path }))

const actions = {
  init(this: Form) {
    single.init.call(this)
    this.words = JSON.parse(this.root.dataset.words ?? '{}')
    const name = this.root.querySelector<HTMLInputElement>('[name="name"]')!
    this.template = name.value
  },
  takeMany(this: Form, event: Event) {
    this.isMany = (event.target as HTMLInputElement).checked
    const name = this.root.querySelector<HTMLInputElement>('[name="name"]')!
    if (this.isMany && !name.value) name.value = '{{file_name}}'
    if (!this.isMany && name.value === '{{file_name}}') name.value = ''
    this.template = name.value
    this.problem = ''
    void this.recount()
  },
  takeName(this: Form, event: Event) {
    this.template = (event.target as HTMLInputElement).value
  },
  takeSource(this: Form, event: CustomEvent<Source>) {
    single.takeSource.call(this, event)
    void this.recount()
  },
  add(this: Form, files: File[]) {
    single.add.call(this, files)
    void this.recount()
  },
  removeFile(this: Form, entry: Form['entries'][number]) {
    single.removeFile.call(this, entry)
    void this.recount()
  },
  clear(this: Form) {
    single.clear.call(this)
    void this.recount()
  },
  /** Finds out how many tasks there will be; folders of the share and of buckets are read for that. */
  async recount(this: Form) {
    if (!this.isMany) return
    const turn = ++this.counted
    this.isCounting = true
    const found = await listChosen(this)
      .then(splitTasks)
      .catch((problem) => ({ ...nothing, problem: describeProblem(problem) }))
    if (turn !== this.counted) return
    this.split = found
    this.isCounting = false
  },

  async submit(this: Form, event: SubmitEvent) {
    if (!this.isMany) return single.submit.call(this, event)
    event.preventDefault()
    if (this.busy || this.hasRows) return
    this.busy = true
    try {
      await this.recount()
      this.values = readForm(new FormData(this.root))
      this.problem = this.split.problem ?? this.judge(this.values, this.split.units.length) ?? ''
      if (this.problem) return this.reveal('[data-testid="task-error"]')
      this.rows = makeRows(this.split.units.map((work, i) => ({ name: fillName(this.values.name, work.fileName, i), work })))
      this.reveal('[data-testid="many-list"]')
      await this.run()
    } finally {
      this.busy = false
    }
  },
  async run(this: Form) {
    if (this.isRunning) return
    this.isRunning = true
    // Once the files are there the server goes on alone.
    const guard = (unload: BeforeUnloadEvent) => countRows(this.rows, 'queued', 'uploading') > 0 && unload.preventDefault()
    addEventListener('beforeunload', guard)
    try {
      await workThrough(this.rows, (row) => makeOne(this, row))
    } finally {
      removeEventListener('beforeunload', guard)
      this.isRunning = false
    }
  },
  cancelPending(this: Form) {
    moveRows(this.rows, 'queued', 'cancelled')
  },
  retryFailed(this: Form) {
    moveRows(this.rows, 'failed', 'queued')
    void this.run()
  },
  retryCancelled(this: Form) {
    moveRows(this.rows, 'cancelled', 'queued')
    void this.run()
  },
  finish(this: Form) {
    location.assign(this.projectId ? `/projects/${this.projectId}` : '/tasks')
  },
}

const makeOne = (form: Form, row: Row): Promise<number> => {
  const { source, values } = form
  const files = filesToSend(row.work)
  const total = Math.max(
    1,
    files.reduce((sum, { size }) => sum + size, 0),
  )
  const arrived = new Map<File, number>()
  return sendTask(
    {
      head: form.headOf({ ...values, name: row.name }),
      data: values.data,
      media: files.length ? { files } : { body: source.several!.bodyOf(row.work.files.map(({ path }) => path)) },
    },
    {
      onFile: (file, bytes) => {
        arrived.set(file, bytes)
        row.progress = [...arrived.values()].reduce((sum, part) => sum + part, 0) / total
      },
      onSent: () => Object.assign(row, { state: 'creating', progress: 0 }),
      onRequest: (request) => {
        row.progress = request.progress ?? 0
      },
    },
  )
}

const single = createTask()

/** One object of several; what comes later goes before. Getters stay getters. */
export const createTasks = () =>
  [createTask(), severalTasks(), actions].reduce<object>(
    (made, part) => Object.defineProperties(made, Object.getOwnPropertyDescriptors(part)),
    {},
  )
