// How people voted about the objects that a merge of replicas made: read once for jobs that have such objects.
import type { Annotations } from '../../../formats/model'
import type { ObjectKind } from '../document/object'
import { call } from '../save/api'

export type Votes = {
  type: ObjectKind
  /** Of the object on the server. */
  id: number
  /** People who gave the label that won. */
  votes: number
  /** People who were asked. */
  replicas: number
  labels: { label_id: number; votes: number }[]
}

const pageSize = 500

/** Whether a merge made some of the objects. */
export const hasMerged = ({ shapes, tracks, tags }: Annotations): boolean =>
  [...shapes, ...tracks, ...tags].some(({ source }) => source === 'consensus')

export class VoteBook {
  private readonly votes = new Map<string, Votes>()

  constructor(
    private readonly jobId: number,
    /** Told when the votes are there. */
    private readonly onChange: () => void,
  ) {}

  /** Null for objects that nobody voted about. */
  get(kind: ObjectKind, serverId: number | null): Votes | null {
    return this.votes.get(`${kind} ${serverId}`) ?? null
  }

  async load(): Promise<void> {
    for (let page = 1; ; page += 1) {
      const answer = await call(`/api/consensus/jobs/${this.jobId}/votes?page_size=${pageSize}&page=${page}`)
      const { count, results } = (await answer.json()) as { count: number; results: Votes[] }
      for (const one of results) this.votes.set(`${one.type} ${one.id}`, one)
      if (results.length === 0 || page * pageSize >= count) break
    }
    this.onChange()
  }
}
