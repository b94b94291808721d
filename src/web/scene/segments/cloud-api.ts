// Labels of points and shapes in space as the server keeps them.
import { fromRowRuns, toRowRuns } from '../../../formats/cloud-shapes/row-runs'
import { paintAll, type ValueRuns, withValue } from '../../../formats/cloud-shapes/value-runs'
import { type GroundShape, packValue, unpackValue } from '../../editor/document/cloud-change'
import { call } from '../../editor/save/api'

/** What a frame holds at a revision of the job. */
export type StoredFrame = { revision: number; runs: ValueRuns; shapes: GroundShape[] }

export type FrameChanges = {
  frame: number
  /** Values to paint with, 0 to take labels away. */
  paint: { rows: number[]; value: number }[]
  shapes: GroundShape[]
  removed: string[]
}

export type CloudApi = {
  load: (frame: number) => Promise<StoredFrame>
  /** Throws an ApiError, `stale` when the job has another revision. Answers the new one. */
  save: (frames: FrameChanges[], revision: number) => Promise<number>
}

type Answer = {
  revision: number
  frames: {
    frame: number
    segments: { label_id: number; instance: number; runs: number[] }[]
    shapes: {
      uid: string
      type: GroundShape['type']
      label_id: number
      points: number[]
      attributes: GroundShape['attributes']
    }[]
  }[]
}

export const openCloudApi = (jobId: number): CloudApi => {
  const path = `/api/jobs/${jobId}/cloud-shapes`
  return {
    load: async (frame) => {
      const { revision, frames } = (await (await call(`${path}?frame=${frame}`)).json()) as Answer
      const found = frames[0]
      return {
        revision,
        runs: paintAll(
          (found?.segments ?? []).map(({ label_id, instance, runs }) =>
            withValue(fromRowRuns(runs), packValue(label_id, instance)),
          ),
        ),
        shapes: (found?.shapes ?? []).map(({ label_id, uid, type, points, attributes }) => {
          return { uid, type, points, attributes, frame, labelId: label_id }
        }),
      }
    },
    save: async (frames, revision) => {
      const body = {
        frames: frames.map(({ frame, paint, shapes, removed }) => ({
          frame,
          operations: paint.map(({ rows, value }) => {
            const { labelId, instance } = unpackValue(value)
            return { ...(value === 0 ? { label_id: null } : { label_id: labelId, instance }), runs: toRowRuns(rows) }
          }),
          shapes: shapes.map(({ uid, type, labelId, points, attributes }) => ({
            uid,
            type,
            label_id: labelId,
            points,
            attributes,
          })),
          removed,
        })),
      }
      const headers = { 'If-Match': `"${revision}"` }
      const response = await call(path, { method: 'PATCH', headers, body: JSON.stringify(body) })
      return ((await response.json()) as { revision: number }).revision
    },
  }
}
