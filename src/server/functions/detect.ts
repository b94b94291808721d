// Asks a detector or classifier about one frame, judges its answer, and makes annotations of it.
import type { LabelTree } from '../labels/service'
import { checkFound } from './check-found'
import type { Box, FunctionInfo } from './contract'
import { loadFrameImage } from './frame-image'
import { type Mapping, matchByName, type Plan } from './match-labels'
import { askFunction } from './providers'
import { type AutoAnnotations, shiftFound, toAnnotations } from './to-annotations'

/** How a detector is asked, whatever the frame. */
export type Detection = {
  info: FunctionInfo
  taskId: number
  /** Who asks. */
  userId: number
  labels: LabelTree[]
  plan: Plan
  /** As the person gave it. */
  mapping: Mapping | undefined
  threshold: number | null
  toPolygons: boolean
  roi: Box | null
  text?: string
}

/** The mapping in full, for functions that apply it themselves. */
export const fullMapping = ({ info, labels, mapping }: Pick<Detection, 'info' | 'labels' | 'mapping'>): Mapping => {
  const given = mapping && Object.keys(mapping).length ? mapping : matchByName(info.labels, labels)
  return Object.fromEntries(Object.entries(given).map(([name, one]) => [name, { ...one, attributes: one.attributes ?? {} }]))
}

/** Throws FunctionError when the function fails or its answer cannot be used, ApiError 400 for a wrong frame or region. */
export const detectOnFrame = async (detection: Detection, frame: number, signal?: AbortSignal): Promise<AutoAnnotations> => {
  const { info, taskId, userId, plan, toPolygons, threshold: given, text } = detection
  const threshold = given ?? info.threshold ?? null
  if (info.provider === 'agent') {
    const { detectByAgent } = await import('./agent/provider')
    return detectByAgent(detection, frame, signal)
  }
  const { image, full, roi } = await loadFrameImage(taskId, frame, detection.roi, userId)
  const answer = await askFunction<'detect'>(info, { do: 'detect', image, threshold, ...(text && { text }) }, signal)
  const found = checkFound(info, image, answer).map((one) => shiftFound(one, roi))
  return toAnnotations(found, plan, { frame, size: full, toPolygons, threshold })
}
