// The issues of a job with their comments: read once, changed through the API, told to the screen by a count.
import { call, type Person } from '../save/api'

export type Comment = { id: number; issue: number; owner: Person | null; message: string; created_date: string }

export type Issue = {
  id: number
  frame: number
  /** x y pairs, picture pixels: two pairs are opposite corners of a box. */
  position: number[]
  resolved: boolean
  owner: Person | null
  created_date: string
}

export type NewIssue = { frame: number; position: number[]; message: string }

type Page<T> = { count: number; results: T[]; next: string | null }

const pageSize = 500

const listAll = async <T>(path: string): Promise<T[]> => {
  const found: T[] = []
  for (let page = 1; ; page += 1) {
    const answer = (await (await call(`${path}&page_size=${pageSize}&page=${page}`)).json()) as Page<T>
    found.push(...answer.results)
    if (answer.results.length === 0 || found.length >= answer.count) return found
  }
}

const send = async <T>(method: string, path: string, body: object): Promise<T> =>
  (await (await call(path, { method, body: JSON.stringify(body) })).json()) as T

const memoryKey = 'annolith-issue-words'
const rememberedWords = 3

export class IssueBook {
  issues: Issue[] = []
  comments = new Map<number, Comment[]>()
  loaded = false
  hideAll = false
  hideResolved = false
  private loading: Promise<void> | null = null

  constructor(
    private readonly jobId: number,
    /** Told after every change. */
    private readonly onChange: () => void,
  ) {}

  /** Reads all issues once; after a failure the next call tries again. */
  load(): Promise<void> {
    this.loading ??= this.read().catch((error) => {
      this.loading = null
      throw error
    })
    return this.loading
  }

  /** Reads all issues anew. */
  reload(): Promise<void> {
    this.loading = null
    return this.load()
  }

  listFrame(frame: number): Issue[] {
    return this.issues.filter((issue) => issue.frame === frame)
  }

  /** Those that the switches leave over. */
  isShown(issue: Issue): boolean {
    return !this.hideAll && !(this.hideResolved && issue.resolved)
  }

  setHidden(part: { hideAll?: boolean; hideResolved?: boolean }): void {
    Object.assign(this, part)
    this.onChange()
  }

  get(id: number): Issue | null {
    return this.issues.find((issue) => issue.id === id) ?? null
  }

  commentsOf(id: number): Comment[] {
    return this.comments.get(id) ?? []
  }

  async create(issue: NewIssue): Promise<Issue> {
    const made = await send<Issue>('POST', '/api/issues', { ...issue, job: this.jobId })
    const comments = await listAll<Comment>(`/api/comments?issue_id=${made.id}`)
    this.issues = [...this.issues, made]
    this.comments.set(made.id, comments)
    this.remember(issue.message)
    this.onChange()
    return made
  }

  async comment(id: number, message: string): Promise<void> {
    const made = await send<Comment>('POST', '/api/comments', { issue: id, message })
    this.comments.set(id, [...this.commentsOf(id), made])
    this.onChange()
  }

  async setResolved(id: number, resolved: boolean): Promise<void> {
    const changed = await send<Issue>('PATCH', `/api/issues/${id}`, { resolved })
    this.issues = this.issues.map((issue) => (issue.id === id ? changed : issue))
    this.onChange()
  }

  async remove(id: number): Promise<void> {
    await call(`/api/issues/${id}`, { method: 'DELETE' })
    this.issues = this.issues.filter((issue) => issue.id !== id)
    this.comments.delete(id)
    this.onChange()
  }

  /** Next or previous frame with issues that are shown, going on from a frame; null when there is none. */
  findFrame(frame: number, direction: 1 | -1): number | null {
    const frames = this.issues.filter((issue) => this.isShown(issue)).map((issue) => issue.frame)
    const ahead = frames.filter((one) => (one - frame) * direction > 0).sort((a, b) => (a - b) * direction)
    return ahead[0] ?? null
  }

  /** What was written last, newest first. */
  recall(): string[] {
    try {
      const saved = JSON.parse(localStorage.getItem(memoryKey) ?? '[]')
      return Array.isArray(saved) ? saved.filter((one) => typeof one === 'string').slice(0, rememberedWords) : []
    } catch {
      return []
    }
  }

  private remember(message: string): void {
    const words = [message, ...this.recall().filter((one) => one !== message)].slice(0, rememberedWords)
    try {
      localStorage.setItem(memoryKey, JSON.stringify(words))
    } catch {}
  }

  private async read(): Promise<void> {
    const [issues, comments] = await Promise.all([
      listAll<Issue>(`/api/issues?job_id=${this.jobId}`),
      listAll<Comment>(`/api/comments?job_id=${this.jobId}`),
    ])
    this.issues = issues
    this.comments = new Map()
    for (const comment of comments.sort((a, b) => a.id - b.id))
      this.comments.set(comment.issue, [...this.commentsOf(comment.issue), comment])
    this.loaded = true
    this.onChange()
  }
}
