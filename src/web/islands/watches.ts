// The watched folders of a task: shown as the server has them, added, paused and removed.

import { callApi, describeProblem } from './api'
import { t } from './i18n/message'

type Watch = {
  id: number
  origin: 'share' | 'cloud_storage'
  cloud_storage_id: number | null
  path: string
  pattern: string
  interval: number
  enabled: boolean
  waiting: number
  unusable: string[]
  last_message: string
  problem: string
}
type Storage = { id: number; display_name: string }
export type ShownWatch = { id: number; place: string; note: string; problem: string; state: string; action: string; watch: Watch }

const refreshMs = 4000

/** How a watch is shown; `names` are those of the cloud storages. */
export const describeWatch = (watch: Watch, names: ReadonlyMap<number, string>): ShownWatch => {
  const { id, origin, cloud_storage_id, path, pattern, interval, enabled, waiting, unusable } = watch
  const where = origin === 'share' ? t('Share') : (names.get(cloud_storage_id ?? 0) ?? t('Cloud storage'))
  const notes = [
    enabled ? t('every {interval} s', { interval }) : t('paused'),
    watch.last_message,
    waiting ? t('{waiting} waiting', { waiting }) : '',
    unusable.length ? t('not usable: {names}', { names: unusable.join(', ') }) : '',
  ]
  return {
    id,
    place: `${where}: /${path}${pattern ? `${path && !path.endsWith('/') ? '/' : ''}${pattern}` : ''}`,
    note: notes.filter(Boolean).join(' · '),
    problem: watch.problem,
    state: enabled ? 'on' : t('paused'),
    action: enabled ? t('Pause') : t('Go on'),
    watch,
  }
}

export const watches = () => ({
  url: '',
  rows: [] as ShownWatch[],
  storages: [] as Storage[],
  isReady: false,
  busy: false,
  problem: '',
  origin: 'share',
  timer: undefined as ReturnType<typeof setInterval> | undefined,
  root: undefined as unknown as HTMLElement,
  $el: undefined as unknown as HTMLElement,

  init() {
    this.root = this.$el
    this.url = this.root.dataset.watches!
    void this.attempt(async () => {
      if (this.root.dataset.canEdit !== undefined)
        this.storages = (await callApi<{ results: Storage[] }>('GET', '/api/cloudstorages?page_size=all')).results
      await this.load()
    })
    // What a look has found shows without a reload.
    this.timer = setInterval(() => {
      if (this.rows.length && !document.hidden) this.load().catch(() => {})
    }, refreshMs)
  },
  destroy() {
    clearInterval(this.timer)
  },
  testId: (row: ShownWatch) => `watch-${row.id}`,
  get isEmpty() {
    return this.isReady && !this.rows.length
  },

  async attempt(work: () => Promise<unknown>) {
    this.busy = true
    this.problem = ''
    try {
      await work()
    } catch (problem) {
      this.problem = describeProblem(problem)
    } finally {
      this.busy = false
    }
  },
  async load() {
    const names = new Map(this.storages.map(({ id, display_name }) => [id, display_name]))
    const { results } = await callApi<{ results: Watch[] }>('GET', this.url)
    this.rows = results.map((watch) => describeWatch(watch, names))
    this.isReady = true
  },
  add() {
    const read = (name: string) =>
      this.root.querySelector<HTMLInputElement | HTMLSelectElement>(`[data-watch-field="${name}"]`)!.value.trim()
    const origin = read('origin')
    void this.attempt(async () => {
      const place = origin === 'share' ? { origin } : { origin: 'cloud_storage', cloud_storage_id: Number(origin) }
      const interval = Number(read('interval'))
      await callApi('POST', this.url, { ...place, path: read('path'), pattern: read('pattern'), interval })
      this.root.querySelector<HTMLInputElement>('[data-watch-field="path"]')!.value = ''
      await this.load()
    })
  },
  flip(row: ShownWatch) {
    void this.attempt(async () => {
      await callApi('PATCH', `${this.url}/${row.id}`, { enabled: !row.watch.enabled })
      await this.load()
    })
  },
  remove(row: ShownWatch) {
    void this.attempt(async () => {
      await callApi('DELETE', `${this.url}/${row.id}`)
      await this.load()
    })
  },
})
