// Where the job and the ground truth of its task disagree, by the quality report that is looked at, and the objects of the ground truth.
import type { Annotations } from '../../../formats/model'
import { copyItem } from '../document/copy'
import { listContents } from '../document/document'
import { type Content, type EditorObject, type ObjectKind, startFlags } from '../document/object'
import { placeObject } from '../document/place'
import { call } from '../save/api'
import type { Body } from '../shapes/shape-kind'

export type ConflictRef = { obj_id: number; job_id: number; type: ObjectKind; shape_type: string | null }

export type Conflict = {
  id: number
  frame: number
  /** e.g. `missing_annotation`. */
  type: string
  severity: 'error' | 'warning'
  annotation_ids: ConflictRef[]
  attribute_names?: string[]
}

/** A report of this job; counts are missing in those of old servers. */
export type JobReport = { id: number; created_date: string; summary?: { valid_count?: number; total_count?: number } }
export type Severity = Conflict['severity']

type Page<T> = { count: number; results: T[] }
type Layout = { honeypot_frames?: number[]; honeypot_real_frames?: number[] }

const pageSize = 500
const maxReports = 100

const get = async <T>(path: string): Promise<T> => (await call(path)).json() as Promise<T>

const listAll = async <T>(path: string): Promise<T[]> => {
  const found: T[] = []
  for (let page = 1; ; page += 1) {
    const answer = await get<Page<T>>(`${path}&page_size=${pageSize}&page=${page}`)
    found.push(...answer.results)
    if (answer.results.length === 0 || found.length >= answer.count) return found
  }
}

/** An object of the ground truth as it is on a frame. */
export type Truth = { id: number; kind: ObjectKind; labelId: number; body: Body }

export class ConflictBook {
  /** All of the report. */
  conflicts: Conflict[] = []
  /** Newest first. */
  reports: JobReport[] = []
  /** When the report was made; null while there is none. */
  reported: string | null = null
  /** Number of the report; null while there is none. */
  reportId: number | null = null
  /** Conflicts of another severity are not shown; null = all are. */
  severity: Severity | null = null
  /** The conflict that was gone to last. */
  currentId: number | null = null
  private truth: { id: number; content: Content }[] = []
  /** Frames of honeypots → the frames of the ground truth that they show. */
  private realFrames = new Map<number, number>()
  private loading: Promise<void> | null = null

  constructor(
    private readonly jobId: number,
    private readonly taskId: number,
    /** Told after every change. */
    private readonly onChange: () => void,
    /** The report to begin with; null = the newest. */
    private wantedReport: number | null = null,
  ) {}

  /** Reads the reports and the conflicts of one of them; after a failure the next call tries again. */
  load(): Promise<void> {
    this.loading ??= this.read().catch((error) => {
      this.loading = null
      throw error
    })
    return this.loading
  }

  /** Looks at another report. */
  choose(reportId: number): Promise<void> {
    this.wantedReport = reportId
    this.loading = null
    return this.load()
  }

  /** Reads everything anew, and the newest report. */
  reload(): Promise<void> {
    this.wantedReport = null
    this.loading = null
    return this.load()
  }

  setSeverity(severity: Severity | null): void {
    this.severity = severity
    this.onChange()
  }

  setCurrent(id: number | null): void {
    this.currentId = id
    this.onChange()
  }

  /** Those that the choice of severity leaves over, by frame. */
  get shown(): Conflict[] {
    return this.conflicts.filter(({ severity }) => this.severity === null || severity === this.severity)
  }

  listFrame(frame: number): Conflict[] {
    return this.shown.filter((conflict) => conflict.frame === frame)
  }

  /** The conflict after (or before) the one that was gone to last, or the next one seen from a frame; null at the end. */
  findNext(frame: number, direction: 1 | -1): Conflict | null {
    const ordered = direction === 1 ? this.shown : [...this.shown].reverse()
    const at = ordered.findIndex(({ id }) => id === this.currentId)
    if (at >= 0 && ordered[at]!.frame === frame) return ordered[at + 1] ?? null
    return ordered.find((one) => (one.frame - frame) * direction >= 0) ?? null
  }

  /** Those that an object of this job is part of, by its number on the server. */
  listOf(frame: number, kind: ObjectKind, id: number): Conflict[] {
    return this.listFrame(frame).filter((conflict) =>
      conflict.annotation_ids.some((ref) => ref.job_id === this.jobId && ref.type === kind && ref.obj_id === id),
    )
  }

  refsHere(conflict: Conflict): ConflictRef[] {
    return conflict.annotation_ids.filter((ref) => ref.job_id === this.jobId)
  }

  refsOfTruth(conflict: Conflict): ConflictRef[] {
    return conflict.annotation_ids.filter((ref) => ref.job_id !== this.jobId)
  }

  /** Objects of the ground truth that lie on a frame. */
  listTruth(frame: number): Truth[] {
    return this.truth.flatMap(({ id, content }): Truth[] => {
      const placed = this.place(content, this.realFrames.get(frame) ?? frame)
      if (!placed?.body || placed.body.outside) return []
      const body = { ...placed.body, elements: placed.elements, edges: [] } as unknown as Body
      return [{ id, kind: content.kind, labelId: content.data.label_id, body }]
    })
  }

  /** The object of the ground truth that is named, as a shape of the frame that can be put into the job. */
  copyTruth(ref: ConflictRef, frame: number): Content | null {
    const found = this.truth.find(({ id, content }) => id === ref.obj_id && content.kind === ref.type)
    const placed = found && this.place(found.content, this.realFrames.get(frame) ?? frame)
    return placed ? copyItem({ ...placed, clientId: 0, box: null, edges: [] }, frame) : null
  }

  /** Next or previous frame with conflicts, going on from a frame; null when there is none. */
  findFrame(frame: number, direction: 1 | -1): number | null {
    const ahead = this.shown.map((conflict) => conflict.frame).filter((one) => (one - frame) * direction > 0)
    return ahead.sort((a, b) => (a - b) * direction)[0] ?? null
  }

  private place(content: Content, frame: number) {
    return placeObject({ ...content, ...startFlags(content), clientId: 0 } as EditorObject, frame)
  }

  private async read(): Promise<void> {
    const reports = await get<Page<JobReport>>(
      `/api/quality/reports?job_id=${this.jobId}&target=job&sort=-created_date&page_size=${maxReports}`,
    )
    const report = reports.results.find(({ id }) => id === this.wantedReport) ?? reports.results[0]
    if (!report) return
    const [conflicts, jobs] = await Promise.all([
      listAll<Conflict>(`/api/quality/conflicts?report_id=${report.id}&warnings=true`),
      get<Page<{ id: number }>>(`/api/jobs?task_id=${this.taskId}&type=ground_truth&page_size=1`),
    ])
    const truthJob = jobs.results[0]?.id
    if (truthJob !== undefined) await this.readTruth(truthJob)
    this.reports = reports.results
    this.reportId = report.id
    this.conflicts = conflicts.sort((a, b) => a.frame - b.frame || a.id - b.id)
    this.reported = report.created_date
    this.currentId = null
    this.onChange()
  }

  private async readTruth(jobId: number): Promise<void> {
    const [truth, layout] = await Promise.all([
      get<Annotations>(`/api/jobs/${jobId}/annotations`),
      get<Layout>(`/api/jobs/${this.jobId}/validation_layout`),
    ])
    const real = layout.honeypot_real_frames ?? []
    this.truth = listContents(truth)
    this.realFrames = new Map((layout.honeypot_frames ?? []).map((frame, at) => [frame, real[at]!]))
  }
}
