// Values between the pixels of a plane.

/** Bilinear between pixel centres at whole numbers; beyond the border the last pixel goes on. `offset` is the plane's first value. */
export const sampleBilinear = (
  data: Float32Array,
  offset: number,
  width: number,
  height: number,
  x: number,
  y: number,
): number => {
  const u = Math.min(Math.max(x, 0), width - 1)
  const v = Math.min(Math.max(y, 0), height - 1)
  const left = Math.floor(u)
  const top = Math.floor(v)
  const right = Math.min(left + 1, width - 1)
  const upper = offset + top * width
  const lower = offset + Math.min(top + 1, height - 1) * width
  const shareX = u - left
  const shareY = v - top
  const above = data[upper + left]! * (1 - shareX) + data[upper + right]! * shareX
  const below = data[lower + left]! * (1 - shareX) + data[lower + right]! * shareX
  return above * (1 - shareY) + below * shareY
}

/** For every pixel of a side the two neighbours in the plane, and how much the second counts. */
export type Axis = { first: Int32Array; second: Int32Array; share: Float64Array }

/** @param toPlane where a pixel's centre lies on the plane, whose pixel centres are at whole numbers */
export const placeAxis = (pixels: number, size: number, toPlane: (pixel: number) => number): Axis => {
  const axis = { first: new Int32Array(pixels), second: new Int32Array(pixels), share: new Float64Array(pixels) }
  for (let pixel = 0; pixel < pixels; pixel++) {
    const at = Math.min(Math.max(toPlane(pixel), 0), size - 1)
    const first = Math.floor(at)
    axis.first[pixel] = first
    axis.second[pixel] = Math.min(first + 1, size - 1)
    axis.share[pixel] = at - first
  }
  return axis
}

/** 1 where a plane, drawn bilinearly at another size, is above 0. Rows are mixed once, so that each pixel takes one step. */
export const drawPositive = (data: Float32Array, offset: number, width: number, across: Axis, down: Axis): Uint8Array => {
  const columns = across.first.length
  const drawn = new Uint8Array(columns * down.first.length)
  const mixed = new Float64Array(width)
  for (let y = 0; y < down.first.length; y++) {
    const above = offset + down.first[y]! * width
    const below = offset + down.second[y]! * width
    const share = down.share[y]!
    let most = 0
    for (let x = 0; x < width; x++) {
      const value = data[above + x]! * (1 - share) + data[below + x]! * share
      mixed[x] = value
      if (value > most) most = value
    }
    if (most <= 0) continue
    const row = y * columns
    for (let x = 0; x < columns; x++) {
      const part = across.share[x]!
      if (mixed[across.first[x]!]! * (1 - part) + mixed[across.second[x]!]! * part > 0) drawn[row + x] = 1
    }
  }
  return drawn
}
