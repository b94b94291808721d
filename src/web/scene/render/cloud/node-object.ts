// A loaded node as it is drawn: its points as buffers of the graphics card, with the colours that parts lay over them.
import { Box3, BufferAttribute, BufferGeometry, type Material, Points, Sphere, Vector3 } from 'three'
import type { NodePoints } from './decode-node'

export type LoadedNode = NodePoints & {
  object: Points
  /** Which state of the tints its own show. */
  tinted: number
}

export const createNodeObject = (points: NodePoints, material: Material): LoadedNode => {
  const geometry = new BufferGeometry()
  geometry.setAttribute('position', new BufferAttribute(points.positions, 3))
  if (points.intensity) geometry.setAttribute('intensity', new BufferAttribute(points.intensity, 1))
  if (points.colour) geometry.setAttribute('colour', new BufferAttribute(points.colour, 4, true))
  if (points.classes) geometry.setAttribute('classes', new BufferAttribute(points.classes, 4, true))
  const { min, max } = points.box
  geometry.boundingBox = new Box3(new Vector3(...min), new Vector3(...max))
  geometry.boundingSphere = geometry.boundingBox.getBoundingSphere(new Sphere())
  const object = new Points(geometry, material)
  object.visible = false
  object.matrixAutoUpdate = false
  return { ...points, object, tinted: 0 }
}

/** Draws a share of the points, above 0 to 1: they lie in an order of which each beginning is a fair sample. */
export const showShare = ({ object, count }: LoadedNode, share: number): number => {
  const drawn = Math.max(1, Math.round(count * share))
  object.visible = true
  object.geometry.setDrawRange(0, drawn)
  return drawn
}

/** Red, green, blue and opacity of each point over its usual colour; null for none. */
export const setTint = ({ object: { geometry }, count }: LoadedNode, tint: Uint8Array | null): void => {
  const there = geometry.getAttribute('tint') as BufferAttribute | undefined
  if (!tint) {
    if (!there) return // Kept: three.js would not give the buffer of a deleted one back.
    ;(there.array as Uint8Array).fill(0)
    there.needsUpdate = true
    return
  }
  if (there && there.array.length === count * 4) {
    ;(there.array as Uint8Array).set(tint)
    there.needsUpdate = true
    return
  }
  geometry.setAttribute('tint', new BufferAttribute(tint, 4, true))
}

/** In memory and on the graphics card. */
export const bytesOf = ({ bytes, count }: NodePoints): number => 2 * (bytes + count * 4)
