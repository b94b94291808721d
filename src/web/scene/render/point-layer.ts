// What the screen asks of the layer that draws a frame's points: `CloudLayer` of render/cloud is one.
import type { Camera, Object3D, WebGLRenderer } from 'three'
import type { CloudSource, ViewName } from '../workspace'

/** One view as it is about to be drawn; the camera stands in coordinates less the cloud's `origin`. */
export type DrawnView = {
  name: ViewName
  camera: Camera
  /** Device pixels. */
  width: number
  height: number
  /** Device pixels of one CSS pixel. */
  ratio: number
}

export type PointLayer = CloudSource & {
  /** In coordinates less `origin`; added to the drawn scene once. */
  readonly object: Object3D
  /** Resolves when the first points of a frame are in memory; fails with a sentence that names the file. */
  prepare: (frame: number, signal: AbortSignal) => Promise<void>
  /** Shows a frame from now on, at once when it is prepared; resolves when its first points are there. */
  show: (frame: number) => Promise<void>
  /** Told before a picture is drawn, with the views that have something to show: the place to choose the level of detail. */
  update: (views: readonly DrawnView[], isMoving: boolean) => void
  /** Draws one view with effects of its own (the scissor is set, the target cleared); false = the screen draws it as usual. */
  drawView?: (renderer: WebGLRenderer, view: DrawnView) => boolean
  dispose: () => void
}

export type PointLayerPorts = {
  jobId: number
  /** First and last frame of the job; `has` tells those that it has in between. */
  frames: { start: number; stop: number; has?: (frame: number) => boolean }
  /** More points are there, or they look different: the views are drawn with the next picture of the browser. */
  invalidate: () => void
}

export type MakePointLayer = (ports: PointLayerPorts) => PointLayer
