// A grid on the ground around the sensor, with metres written along its axes.
import {
  BufferAttribute,
  BufferGeometry,
  CanvasTexture,
  Group,
  LineBasicMaterial,
  LineSegments,
  Matrix4,
  Sprite,
  SpriteMaterial,
  Vector3,
} from 'three'
import type { Ground } from '../../../../formats/geometry3d/ground'
import type { Vector } from '../../../../formats/geometry3d/rotation'

export type GridPlace = {
  /** The middle, on the ground. */
  middle: Vector
  normal: Vector
  /** Metres from the middle to its edges; a multiple of the step. */
  reach: number
  step: number
}

/** Metres between lines: ten to twenty of them on each side, and a number that is easily counted by. */
export const planGrid = (
  bounds: { min: Vector; max: Vector },
  sensor: Vector,
  ground: Pick<Ground, 'normal' | 'offset'> | null,
): GridPlace => {
  const isInside = [0, 1].every((axis) => sensor[axis]! >= bounds.min[axis]! && sensor[axis]! <= bounds.max[axis]!)
  const [x, y] = isInside ? sensor : [0, 1].map((axis) => (bounds.min[axis]! + bounds.max[axis]!) / 2)
  const far = Math.max(...[0, 1].flatMap((axis) => [bounds.max[axis]! - [x!, y!][axis]!, [x!, y!][axis]! - bounds.min[axis]!]))
  const rough = Math.min(far, 500) / 10
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 0.01)))
  const step = [1, 2, 5, 10].map((times) => times * power).find((one) => one >= rough * 0.999)!
  const reach = Math.max(1, Math.ceil(Math.min(far, 500) / step)) * step
  const z = ground ? -(ground.normal[0] * x! + ground.normal[1] * y! + ground.offset) / ground.normal[2] : bounds.min[2]
  return { middle: [x!, y!, z], normal: ground?.normal ?? [0, 0, 1], reach, step }
}

const lineColour = '#5b6675'
/** As those of cuboids: x red, y green. */
const axisColours = ['#ff5a52', '#3ecf6e'] as const

const makeLines = (places: number[], colour: string, opacity: number): LineSegments => {
  const geometry = new BufferGeometry()
  geometry.setAttribute('position', new BufferAttribute(Float32Array.from(places), 3))
  return new LineSegments(geometry, new LineBasicMaterial({ color: colour, transparent: true, opacity, depthWrite: false }))
}

const makeText = (words: string, colour: string): Sprite => {
  const canvas = document.createElement('canvas')
  canvas.width = 128
  canvas.height = 48
  const context = canvas.getContext('2d')!
  context.font = '600 30px "Inter Variable", system-ui, sans-serif'
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.lineWidth = 6
  context.strokeStyle = 'rgb(13 17 23 / 0.8)'
  context.strokeText(words, 64, 24)
  context.fillStyle = colour
  context.fillText(words, 64, 24)
  const sprite = new Sprite(
    new SpriteMaterial({ map: new CanvasTexture(canvas), sizeAttenuation: false, depthTest: false, depthWrite: false }),
  )
  sprite.scale.set(0.072, 0.027, 1)
  return sprite
}

const format = (metres: number): string => `${Number(metres.toFixed(2))} m`

export const createGrid = () => {
  const object = new Group()
  object.matrixAutoUpdate = false
  let shown = ''
  const clear = () => {
    object.traverse((child) => {
      if (child instanceof LineSegments) {
        child.geometry.dispose()
        child.material.dispose()
      }
      if (child instanceof Sprite) {
        child.material.map?.dispose()
        child.material.dispose()
      }
    })
    object.clear()
  }
  const build = ({ middle, normal, reach, step }: GridPlace) => {
    clear()
    const lines: number[] = []
    for (let at = -reach; at <= reach + step / 2; at += step) {
      if (Math.abs(at) < step / 2) continue
      lines.push(-reach, at, 0, reach, at, 0, at, -reach, 0, at, reach, 0)
    }
    const axes = [
      makeLines([-reach, 0, 0, reach, 0, 0], axisColours[0], 0.75),
      makeLines([0, -reach, 0, 0, reach, 0], axisColours[1], 0.75),
    ]
    object.add(makeLines(lines, lineColour, 0.45), ...axes)
    for (let at = 2 * step; at <= reach; at += 2 * step)
      for (const sign of [1, -1]) {
        const along = makeText(format(sign * at), axisColours[0])
        along.position.set(sign * at, 0, 0)
        const across = makeText(format(sign * at), axisColours[1])
        across.position.set(0, sign * at, 0)
        object.add(along, across)
      }
    const up = new Vector3(...normal)
    const ahead = new Vector3(1, 0, 0).addScaledVector(up, -up.x).normalize()
    const left = new Vector3().crossVectors(up, ahead)
    object.matrix.copy(new Matrix4().makeBasis(ahead, left, up).setPosition(...middle))
    object.matrixWorldNeedsUpdate = true
  }
  return {
    object,
    /** Null takes it away. In the coordinates of the drawn points. */
    show: (place: GridPlace | null): void => {
      object.visible = place !== null
      const key = JSON.stringify(place)
      if (!place || key === shown) return
      shown = key
      build(place)
    },
    dispose: clear,
  }
}
