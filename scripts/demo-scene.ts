// The 3D demo: a small crossing as a scanner on a car's roof sees it, six sweeps worked out by casting rays at boxes, and what drives there.

export type Box = { position: [number, number, number]; rotation: [number, number, number]; scale: [number, number, number] }

export const sceneLabels = [
  {
    name: 'car',
    color: '#f0a13a',
    type: 'cuboid',
    attributes: [{ name: 'parked', mutable: true, input_type: 'checkbox', default_value: 'false', values: ['false'] }],
  },
  { name: 'truck', color: '#8b7bf0', type: 'cuboid', attributes: [] },
  { name: 'person', color: '#3fc48a', type: 'cuboid', attributes: [] },
  { name: 'cyclist', color: '#e0699c', type: 'cuboid', attributes: [] },
]

export const sweepCount = 6
const groundHeight = -1.8

const upright = (x: number, y: number, yaw: number, [length, width, height]: [number, number, number]): Box => ({
  position: [x, y, groundHeight + height / 2],
  rotation: [0, 0, yaw],
  scale: [length, width, height],
})

/** What moves or is parked, by its label; key frames by sweep. `parked` ones stay. */
export const roadUsers: { label: string; parked?: boolean; keys: Record<number, Box> }[] = [
  {
    label: 'car',
    keys: { 0: upright(22, 2.2, Math.PI, [4.4, 1.8, 1.5]), 5: upright(8, 2.2, Math.PI, [4.4, 1.8, 1.5]) },
  },
  {
    label: 'truck',
    keys: { 0: upright(-14, -2.4, 0, [7.5, 2.4, 3.1]), 5: upright(-9, -2.4, 0, [7.5, 2.4, 3.1]) },
  },
  {
    label: 'cyclist',
    keys: { 0: upright(9, -9, 1.5, [1.8, 0.6, 1.7]), 5: upright(9.4, -3.6, 1.5, [1.8, 0.6, 1.7]) },
  },
  { label: 'person', keys: { 0: upright(5.5, 7.5, 0.2, [0.6, 0.6, 1.75]), 5: upright(8.2, 8, 0.2, [0.6, 0.6, 1.75]) } },
  { label: 'person', keys: { 0: upright(6.3, 8.4, 0.2, [0.6, 0.6, 1.65]), 5: upright(9, 8.8, 0.2, [0.6, 0.6, 1.65]) } },
  { label: 'car', parked: true, keys: { 0: upright(-4, 6.4, 0.03, [4.2, 1.8, 1.5]) } },
  { label: 'car', parked: true, keys: { 0: upright(-10.5, 6.3, -0.04, [4.6, 1.9, 1.7]) } },
]

/** Houses, a wall and poles. */
const scenery: Box[] = [
  { position: [-8, 17, 2.2], rotation: [0, 0, 0], scale: [22, 10, 8] },
  { position: [22, 18, 1.7], rotation: [0, 0, 0], scale: [20, 10, 7] },
  { position: [-10, -17, 1.2], rotation: [0, 0, 0.05], scale: [26, 8, 6] },
  { position: [24, -14, -0.8], rotation: [0, 0, -0.1], scale: [18, 0.4, 2] },
  ...[
    [4.5, 9.8],
    [4.5, -6],
    [13, 9.8],
    [-16, 8.6],
  ].map(([x, y]): Box => ({ position: [x!, y!, 1.2], rotation: [0, 0, 0], scale: [0.25, 0.25, 6] })),
]

const mix = (a: Box, b: Box, share: number): Box => ({
  ...b,
  position: a.position.map((value, axis) => value + (b.position[axis]! - value) * share) as Box['position'],
})

export const placeUser = (keys: Record<number, Box>, sweep: number): Box => {
  const [first, last = first] = Object.keys(keys).map(Number) as [number, number?]
  return last === first ? keys[first]! : mix(keys[first]!, keys[last!]!, (sweep - first) / (last! - first))
}

/** Distance along a ray from the scanner at the origin to an upright box; Infinity when it passes by. */
const castAt = ({ position, rotation, scale }: Box, [dx, dy, dz]: [number, number, number]): number => {
  const [c, s] = [Math.cos(rotation[2]), Math.sin(rotation[2])]
  const start = [-(c * position[0] + s * position[1]), -(-s * position[0] + c * position[1]), -position[2]]
  const way = [c * dx + s * dy, -s * dx + c * dy, dz]
  let [from, to] = [0, Infinity]
  for (let axis = 0; axis < 3; axis++) {
    const half = scale[axis]! / 2
    const a = (-half - start[axis]!) / way[axis]!
    const b = (half - start[axis]!) / way[axis]!
    from = Math.max(from, Math.min(a, b))
    to = Math.min(to, Math.max(a, b))
  }
  return from < to && from > 0 ? from : Infinity
}

/** Noise that is the same on every machine: 0 to 1. */
const noise = (i: number): number => {
  const wave = Math.sin(i * 12.9898) * 43_758.5453
  return wave - Math.floor(wave)
}

const beams = 48
const steps = 1100
const reach = 70

/** One sweep in KITTI's layout: x, y, z, intensity of each point, 32-bit floats. */
export const castSweep = (sweep: number): Float32Array => {
  const boxes = [...scenery, ...roadUsers.map(({ keys }) => placeUser(keys, sweep))]
  const points: number[] = []
  for (let step = 0; step < steps; step++) {
    const yaw = (step / steps) * 2 * Math.PI
    for (let beam = 0; beam < beams; beam++) {
      // Closer together near the horizon, as real scanners have them.
      const pitch = 0.05 - 0.42 * (beam / (beams - 1)) ** 1.3
      const way: [number, number, number] = [Math.cos(yaw) * Math.cos(pitch), Math.sin(yaw) * Math.cos(pitch), Math.sin(pitch)]
      const ground = way[2] < 0 ? groundHeight / way[2] : Infinity
      let distance = ground
      let shade = 0.15 + 0.1 * noise(step)
      for (const [number, box] of boxes.entries()) {
        const hit = castAt(box, way)
        if (hit >= distance) continue
        distance = hit
        shade = 0.35 + 0.6 * noise(number + 1)
      }
      if (distance > reach) continue
      const range = distance + (noise(step * beams + beam + sweep * 7) - 0.5) * 0.03
      points.push(way[0] * range, way[1] * range, way[2] * range, shade)
    }
  }
  return Float32Array.from(points)
}
