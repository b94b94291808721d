// The server's functions (models) as the editor asks them.
import type { Shape, Tag } from '../../../formats/model'
import { type Embedding, readEmbedding } from '../../models/read-embedding'
import { call } from '../save/api'

export type ModelLabel = { name: string; type: string; attributes?: { name: string }[]; sublabels?: ModelLabel[] }

/** As /api/lambda/functions shows them; fields of interactors and trackers are missing on others. */
export type Model = {
  id: string
  kind: 'detector' | 'interactor' | 'tracker' | 'reid' | 'classifier' | 'attributes'
  name: string
  description: string
  version: number
  ready: boolean
  runs: 'server' | 'browser' | 'agent'
  threshold: number | null
  labels_v2: ModelLabel[]
  min_pos_points?: number
  min_neg_points?: number
  startswith_box?: boolean
  startswith_box_optional?: boolean
  help_message?: string
  text_prompt?: boolean
  decoder?: { url: string; family: string } | null
  supported_shape_types?: string[]
}

export type Mapping = Record<
  string,
  { name: string; attributes?: Record<string, string>; sublabels?: Record<string, { name: string }> }
>
/** left, top, right, bottom in picture pixels; null: the whole picture. */
export type Region = readonly [number, number, number, number] | null
type Pair = readonly [number, number]

export type Question = {
  frame: number
  pos_points: readonly Pair[]
  neg_points: readonly Pair[]
  obj_bbox: readonly Pair[]
  roi: Region
  text?: string
}
export type Found = { type: Shape['type']; points: number[]; score?: number }
export type Tracked = { shapes: ({ type: string; points: number[] } | null)[]; states: unknown[] }

export type ModelApi = {
  list: () => Promise<Model[]>
  proposeMapping: (id: string) => Promise<Mapping>
  interact: (id: string, question: Question) => Promise<Found[]>
  embed: (id: string, frame: number, roi: Region) => Promise<Embedding>
  detect: (
    id: string,
    wish: { frame: number; mapping: Mapping; threshold: number | null; conv_mask_to_poly: boolean; roi: Region },
  ) => Promise<{ shapes: Shape[]; tags: Tag[] }>
  startTracking: (id: string, frame: number, shape: { type: string; points: readonly number[] }) => Promise<Tracked>
  track: (id: string, frame: number, states: unknown[]) => Promise<Tracked>
}

export const openModelApi = (jobId: number): ModelApi => {
  const path = (id: string) => `/api/lambda/functions/${encodeURIComponent(id)}`
  const post = async (id: string, body: object, part = ''): Promise<Response> =>
    call(path(id) + part, { method: 'POST', body: JSON.stringify({ job: jobId, ...body }) })
  const read = async <T>(answer: Promise<Response>): Promise<T> => (await answer).json() as Promise<T>
  const askRegion = (roi: Region) => (roi ? { roi } : {})
  return {
    list: () => read(call('/api/lambda/functions')),
    proposeMapping: async (id) => (await read<{ mapping: Mapping }>(call(`${path(id)}/mapping?job_id=${jobId}`))).mapping,
    interact: async (id, { roi, ...question }) =>
      (await read<{ shapes: Found[] }>(post(id, { ...question, ...askRegion(roi), compact: true }))).shapes,
    embed: async (id, frame, roi) =>
      readEmbedding(await (await post(id, { frame, ...askRegion(roi) }, '/embedding')).arrayBuffer()),
    detect: (id, { roi, threshold, ...wish }) =>
      read(post(id, { ...wish, ...askRegion(roi), ...(threshold !== null && { threshold }) })),
    startTracking: (id, frame, shape) => read(post(id, { frame, shapes: [shape] })),
    track: (id, frame, states) => read(post(id, { frame, states })),
  }
}
