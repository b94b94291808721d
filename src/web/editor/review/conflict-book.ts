// Where the job and the ground truth of its task disagree, by the newest quality report, and the objects of the ground truth.
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

type Page<T> = { count: number; results: T[] }

const pageSize = 500

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
  conflicts: Conflict[] = []
  /** When the report was made; null while there is none. */
  reported: string | null = null
  private truth: { id: number; content: Content }[] = []
  private loading: Promise<void> | null = null

  constructor(
    private readonly jobId: number,
    private readonly taskId: number,
    /** Told after every change. */
    private readonly onChange: () => void,
  ) {}

  /** Reads the newest report once; after a failure the next call tries again. */
  load(): Promise<void> {
    this.loading ??= this.read().catch((error) => {
      this.loading = null
      throw error
    })
    return this.loading
  }

  listFrame(frame: number): Conflict[] {
    return this.conflicts.filter((conflict) => conflict.frame === frame)
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
      const placed = this.place(content, frame)
      if (!placed?.body || placed.body.outside) return []
      const body = { ...placed.body, elements: placed.elements, edges: [] } as unknown as Body
      return [{ id, kind: content.kind, labelId: content.data.label_id, body }]
    })
  }

  /** The object of the ground truth that is named, as a shape of the frame that can be put into the job. */
  copyTruth(ref: ConflictRef, frame: number): Content | null {
    const found = this.truth.find(({ id, content }) => id === ref.obj_id && content.kind === ref.type)
    const placed = found && this.place(found.content, frame)
    return placed ? copyItem({ ...placed, clientId: 0, box: null, edges: [] }, frame) : null
  }

  /** Next or previous frame with conflicts, going on from a frame; null when there is none. */
  findFrame(frame: number, direction: 1 | -1): number | null {
    const ahead = this.conflicts.map((conflict) => conflict.frame).filter((one) => (one - frame) * direction > 0)
    return ahead.sort((a, b) => (a - b) * direction)[0] ?? null
  }

  private place(content: Content, frame: number) {
    return placeObject({ ...content, ...startFlags(content), clientId: 0 } as EditorObject, frame)
  }

  private async read(): Promise<void> {
    const reports = await get<Page<{ id: number; created_date: string }>>(
      `/api/quality/reports?job_id=${this.jobId}&target=job&sort=-created_date&page_size=1`,
    )
    const report = reports.results[0]
    if (!report) return
    const [conflicts, jobs] = await Promise.all([
      listAll<Conflict>(`/api/quality/conflicts?report_id=${report.id}`),
      get<Page<{ id: number }>>(`/api/jobs?task_id=${this.taskId}&type=ground_truth&page_size=1`),
    ])
    const truthJob = jobs.results[0]?.id
    const truth = truthJob === undefined ? null : await get<Annotations>(`/api/jobs/${truthJob}/annotations`)
    this.truth = truth ? listContents(truth) : []
    this.conflicts = conflicts.sort((a, b) => a.frame - b.frame || a.id - b.id)
    this.reported = report.created_date
    this.onChange()
  }
}
