// Draws the points of up to four views with one WebGL context, each into its part of one canvas; only when asked.
import { Camera, Color, Matrix4, OrthographicCamera, PerspectiveCamera, Scene, WebGLRenderer } from 'three'
import type { SceneView } from '../views/scene-view'
import type { DrawnView, PointLayer } from './point-layer'

/** What lies behind the points, in both themes: they are light. */
export const backdrop = '#0d1117'

export type SceneRenderer = {
  canvas: HTMLCanvasElement
  /** Takes the layer of points that is drawn. */
  setPoints: (layer: PointLayer) => void
  /** CSS pixels of the whole area. */
  resize: (width: number, height: number) => void
  draw: (views: readonly SceneView[], isMoving: boolean) => void
  /** Told when the browser gave the canvas back after it had taken it away. */
  onRestored: (run: () => void) => void
}

const makeCamera = (view: SceneView): Camera => {
  const both = view.matrices!
  const camera = view.camera!.type === 'perspective' ? new PerspectiveCamera() : new OrthographicCamera()
  camera.matrixAutoUpdate = false
  camera.matrixWorldAutoUpdate = false
  camera.projectionMatrix.fromArray(both.projection)
  camera.projectionMatrixInverse.copy(camera.projectionMatrix).invert()
  camera.matrixWorldInverse.fromArray(both.view)
  camera.matrixWorld.copy(new Matrix4().fromArray(both.view).invert())
  camera.matrix.copy(camera.matrixWorld)
  camera.matrix.decompose(camera.position, camera.quaternion, camera.scale)
  const shown = view.camera!
  if (camera instanceof PerspectiveCamera && shown.type === 'perspective') {
    const { fov, near, far } = shown
    Object.assign(camera, { fov: (fov * 180) / Math.PI, near, far, aspect: view.box.width / view.box.height })
  }
  return camera
}

/** Throws when the browser has no WebGL. */
export const createRenderer = (): SceneRenderer => {
  const canvas = document.createElement('canvas')
  const renderer = new WebGLRenderer({
    canvas,
    antialias: false,
    powerPreference: 'high-performance',
    preserveDrawingBuffer: true,
  })
  renderer.autoClear = false
  renderer.setClearColor(new Color(backdrop), 1)
  const scene = new Scene()
  scene.matrixWorldAutoUpdate = true
  let points: PointLayer | null = null
  let height = 1

  return {
    canvas,
    setPoints: (layer) => {
      if (points) scene.remove(points.object)
      points = layer
      scene.add(layer.object)
    },
    onRestored: (run) => canvas.addEventListener('webglcontextrestored', run),
    resize: (width, tall) => {
      height = tall
      renderer.setPixelRatio(Math.min(window.devicePixelRatio, 2))
      renderer.setSize(width, tall, false)
    },
    draw: (views, isMoving) => {
      const ratio = renderer.getPixelRatio()
      renderer.setScissorTest(false)
      renderer.clear()
      const shown = views.flatMap((view): { drawn: DrawnView; view: SceneView }[] => {
        const { width, height: tall } = view.box
        if (!view.camera || width < 1 || tall < 1) return []
        const drawn = { name: view.name, camera: makeCamera(view), width: width * ratio, height: tall * ratio, ratio }
        return [{ drawn, view }]
      })
      points?.update(
        shown.map(({ drawn }) => drawn),
        isMoving,
      )
      renderer.setScissorTest(true)
      for (const { drawn, view } of shown) {
        const { left, top, width, height: tall } = view.box
        renderer.setViewport(left, height - top - tall, width, tall)
        renderer.setScissor(left, height - top - tall, width, tall)
        if (!points?.drawView?.(renderer, drawn)) renderer.render(scene, drawn.camera)
      }
    },
  }
}
