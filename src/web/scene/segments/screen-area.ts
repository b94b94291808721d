// Areas of a view that tools draw, in CSS pixels: what lies in them.

export type Place = { x: number; y: number }
export type ScreenArea = {
  bounds: { left: number; top: number; right: number; bottom: number }
  has: (x: number, y: number) => boolean
}

const boundsOf = (places: readonly Place[], margin: number): ScreenArea['bounds'] => {
  const xs = places.map(({ x }) => x)
  const ys = places.map(({ y }) => y)
  return {
    left: Math.min(...xs) - margin,
    top: Math.min(...ys) - margin,
    right: Math.max(...xs) + margin,
    bottom: Math.max(...ys) + margin,
  }
}

/** What a round brush passes over on its way. */
export const strokeArea = (path: readonly Place[], radius: number): ScreenArea => ({
  bounds: boundsOf(path, radius),
  has: (x, y) => {
    for (let i = 0; i < path.length; i++) {
      const a = path[i]!
      const b = path[i + 1] ?? a
      const [dx, dy] = [b.x - a.x, b.y - a.y]
      const length = dx * dx + dy * dy
      const along = length === 0 ? 0 : Math.min(Math.max(((x - a.x) * dx + (y - a.y) * dy) / length, 0), 1)
      const [ox, oy] = [x - a.x - along * dx, y - a.y - along * dy]
      if (ox * ox + oy * oy <= radius * radius) return true
    }
    return false
  },
})

/** The inside of a closed line (even-odd). */
export const polygonArea = (corners: readonly Place[]): ScreenArea => ({
  bounds: boundsOf(corners, 0),
  has: (x, y) => {
    let inside = false
    for (let i = 0, k = corners.length - 1; i < corners.length; k = i++) {
      const [a, b] = [corners[i]!, corners[k]!]
      if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) inside = !inside
    }
    return inside
  },
})
