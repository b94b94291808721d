// The file names of Market-1501, which say who was seen by which camera and when.

export const marketLabel = 'market-1501'

/** Values as texts; the camera is counted from 0 here and from 1 in names. */
export type PersonName = { person_id: string; camera_id: number; track_id: number; frame_id: number; bbox_id: number }

const pattern = /^(-?\d+(?:\.\d+)?)_c(\d{1,9})s(\d{1,9})_(\d{1,9})_(\d{1,9})(.*)$/

/** What a base name without extension says; `rest` is what follows, the name of its own that some pictures have. */
export function parsePersonName(base: string): (PersonName & { rest: string }) | undefined {
  const match = pattern.exec(base)
  if (!match) return undefined
  const [, person_id = '', camera, track, frame, box, rest = ''] = match
  return {
    person_id,
    camera_id: Number(camera) - 1,
    track_id: Number(track),
    frame_id: Number(frame),
    bbox_id: Number(box),
    rest,
  }
}

export function formatPersonName({ person_id, camera_id, track_id, frame_id, bbox_id }: PersonName): string {
  const [frame, box] = [String(frame_id).padStart(6, '0'), String(bbox_id).padStart(2, '0')]
  return `${person_id}_c${camera_id + 1}s${track_id}_${frame}_${box}`
}
