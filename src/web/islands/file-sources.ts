// Where the files of a task come from: this computer, the share, other servers, a bucket. Tells the form around it what was chosen.

import { callApi, describeProblem } from './api'
import { createFileTree, type FileTree, type Listed, type Page, type Row } from './file-tree'
import { t } from './i18n/message'
import { readSelection } from './tree-selection'

export type SourceKind = 'computer' | 'share' | 'remote' | 'cloud'
/** `problem`: what is missing, in words. `body`: what the server is told about it. */
export type Source = {
  kind: SourceKind
  problem: string | null
  body: Record<string, unknown>
  /** For several tasks: the chosen files one by one, and what the server is told about some of them. */
  several?: { list: () => Promise<string[]>; bodyOf: (files: string[]) => Record<string, unknown> }
}
export const noSource: Source = { kind: 'computer', problem: null, body: {} }
/** Files that several tasks may be made of. */
const mostFiles = 20_000

type Storage = { id: number; display_name: string; manifests: string[]; specific_attributes: string }

export type Choice = {
  kind: SourceKind
  files: string[]
  exclude: string[]
  copy: boolean
  /** One address a line. */
  urls: string
  storageId: number | null
  manifest: string
  pattern: string
}

const readLines = (text: string) => text.split('\n').flatMap((line) => line.trim() || [])

/** What the server is told about files that are ticked, `server_files_exclude` only where there is something to leave out. */
const tellFiles = ({ files, exclude, copy }: Choice) => ({
  server_files: files,
  ...(exclude.length && { server_files_exclude: exclude }),
  copy_data: copy,
})

/** The choice as the server wants it, or what is missing. */
export const readSource = (choice: Choice): Source => {
  const { kind, files, urls, storageId, manifest, pattern } = choice
  const lacks = (problem: string): Source => ({ kind, problem, body: {} })
  if (kind === 'share')
    return files.length ? { kind, problem: null, body: tellFiles(choice) } : lacks(t('Choose files or folders of the share.'))
  if (kind === 'remote') {
    const addresses = readLines(urls)
    return addresses.length ? { kind, problem: null, body: { remote_files: addresses } } : lacks(t('Enter at least one address.'))
  }
  if (kind !== 'cloud') return noSource
  if (storageId === null) return lacks(t('Choose a cloud storage.'))
  const manifests = manifest ? [manifest] : []
  if (!files.length && !manifests.length && !pattern) return lacks(t('Choose files, a manifest, or a pattern of file names.'))
  if (files.length && pattern) return lacks(t('Choose files, or enter a pattern of file names, not both.'))
  const told = { ...tellFiles({ ...choice, files: [...files, ...manifests] }), cloud_storage_id: storageId }
  return { kind, problem: null, body: { ...told, ...(pattern && { filename_pattern: pattern }) } }
}

const prefixOf = ({ specific_attributes }: Storage) =>
  (new URLSearchParams(specific_attributes).get('prefix') ?? '').replace(/^\/+/, '')

const loadShare = async (folder: string): Promise<Page> => ({
  content: await callApi<Listed[]>('GET', `/api/server/share?directory=${encodeURIComponent(`/${folder}`)}`),
  next: null,
})

/** `search` narrows the first level to names that start with it. */
const loadBucket = (storage: Storage, manifest: string, search: string) => {
  const initial = prefixOf(storage)
  const start = search.startsWith(initial) ? search : initial + search
  const root = start.slice(0, start.lastIndexOf('/') + 1)
  const load = (folder: string, next: string | null): Promise<Page> => {
    const query = new URLSearchParams({ prefix: folder === root ? start : folder })
    if (manifest) query.set('manifest_path', manifest)
    if (next) query.set('next_token', next)
    return callApi<Page>('GET', `/api/cloudstorages/${storage.id}/content-v2?${query}`)
  }
  return { root, load }
}

export const fileSources = () => ({
  kind: 'computer' as SourceKind,
  rows: [] as Row[],
  isLoading: false,
  trouble: '',
  copy: false,
  urls: '',
  storages: [] as Storage[],
  storageId: '',
  manifest: '',
  manifests: [] as string[],
  pattern: '',
  search: '',
  prefix: '',
  tree: { share: null, cloud: null } as Record<'share' | 'cloud', FileTree | null>,
  $el: undefined as unknown as HTMLElement,
  $dispatch: undefined as unknown as (name: string, detail: unknown) => void,

  get isComputer() {
    return this.kind === 'computer'
  },
  get isShare() {
    return this.kind === 'share'
  },
  get isRemote() {
    return this.kind === 'remote'
  },
  get isCloud() {
    return this.kind === 'cloud'
  },
  get hasTree() {
    return this.isShare || (this.isCloud && this.storageId !== '')
  },
  get isEmpty() {
    return this.hasTree && !this.isLoading && !this.trouble && !this.rows.length
  },
  get emptyText() {
    return this.isShare ? t('No file share is connected to this server, or it is empty.') : t('There is nothing here.')
  },
  get hasManifests() {
    return this.manifests.length > 0
  },
  get treeName() {
    return this.isShare ? t('Files of the share') : t('Files of the bucket')
  },
  get treeId() {
    return this.isShare ? 'task-share' : 'task-cloud-files'
  },
  get noStorages() {
    return this.isCloud && !this.isLoading && !this.storages.length
  },

  async show(kind: SourceKind) {
    this.kind = kind
    this.trouble = ''
    this.draw()
    if (kind === 'share' && !this.tree.share) await this.open('share', createFileTree('', loadShare))
    if (kind === 'cloud' && !this.storages.length) await this.loadStorages()
  },
  showComputer() {
    void this.show('computer')
  },
  showShare() {
    void this.show('share')
  },
  showRemote() {
    void this.show('remote')
  },
  showCloud() {
    void this.show('cloud')
  },

  /** Does what may fail, and tells about it. */
  async attempt(work: () => Promise<unknown>) {
    this.isLoading = true
    this.trouble = ''
    try {
      await work()
    } catch (problem) {
      this.trouble = describeProblem(problem)
    } finally {
      this.isLoading = false
      this.draw()
    }
  },
  open(kind: 'share' | 'cloud', tree: FileTree) {
    this.tree[kind] = tree
    return this.attempt(() => tree.start())
  },
  loadStorages() {
    return this.attempt(async () => {
      this.storages = (await callApi<{ results: Storage[] }>('GET', '/api/cloudstorages?page_size=all')).results
    })
  },
  chooseStorage(event: Event) {
    this.storageId = (event.target as HTMLSelectElement).value
    this.manifest = ''
    this.search = ''
    this.loadBucket()
  },
  chooseManifest(event: Event) {
    this.manifest = (event.target as HTMLSelectElement).value
    this.loadBucket()
  },
  searchBucket() {
    this.loadBucket()
  },
  loadBucket() {
    const storage = this.storages.find(({ id }) => String(id) === this.storageId)
    this.manifests = storage?.manifests ?? []
    this.prefix = storage ? prefixOf(storage) : ''
    this.tree.cloud = null
    this.draw()
    if (!storage) return
    const { root, load } = loadBucket(storage, this.manifest, this.search.trim())
    void this.open('cloud', createFileTree(root, load))
  },

  takeSearch(event: Event) {
    this.search = (event.target as HTMLInputElement).value
    this.loadBucket()
  },
  takePattern(event: Event) {
    this.pattern = (event.target as HTMLInputElement).value
    this.tell()
  },
  takeUrls(event: Event) {
    this.urls = (event.target as HTMLTextAreaElement).value
    this.tell()
  },
  takeCopy(event: Event) {
    this.copy = (event.target as HTMLInputElement).checked
    this.tell()
  },
  isFile: (row: Row) => !row.isFolder && !row.isMore,
  flip(row: Row) {
    void this.attempt(() => (row.isMore ? this.current!.more(row.path) : this.current!.flip(row.path)))
  },
  tick(row: Row) {
    this.current!.tick(row.path)
    this.draw()
  },
  /** Shows a folder of which only a part is ticked as such. */
  paint(row: Row) {
    const box = this.$el as HTMLInputElement
    box.checked = row.isTicked
    box.indeterminate = row.isPartly
  },
  get current(): FileTree | null {
    return this.isShare ? this.tree.share : this.isCloud ? this.tree.cloud : null
  },
  /** Shows the tree as it is, and tells the form what is chosen. */
  draw() {
    this.rows = this.current?.rows() ?? []
    this.tell()
  },
  /** Files of a bucket are chosen one by one here: manifests and patterns stand for one task. */
  several(): Source['several'] {
    const { copy, current, urls } = this
    if (this.isRemote) return { list: async () => readLines(urls), bodyOf: (files) => ({ remote_files: files }) }
    if (!current) return undefined
    const bucket = this.isCloud ? { cloud_storage_id: Number(this.storageId) } : {}
    const manifests = this.isCloud && this.manifest ? [this.manifest] : []
    return {
      list: () => current.listTicked(mostFiles),
      bodyOf: (files) => ({ server_files: [...files, ...manifests], copy_data: copy, ...bucket }),
    }
  },
  tell() {
    const { kind, copy, urls, manifest, pattern } = this
    const { files, exclude } = this.current ? readSelection(this.current.marks()) : { files: [], exclude: [] }
    const storageId = this.storageId === '' ? null : Number(this.storageId)
    const source = readSource({ kind, files, exclude, copy, urls, storageId, manifest, pattern: pattern.trim() })
    this.$dispatch('source-changed', { ...source, several: this.several() })
  },
})
