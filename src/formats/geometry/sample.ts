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
  const [u, v] = [Math.min(Math.max(x, 0), width - 1), Math.min(Math.max(y, 0), height - 1)]
  const [left, top] = [Math.floor(u), Math.floor(v)]
  const [right, bottom] = [Math.min(left + 1, width - 1), Math.min(top + 1, height - 1)]
  const [shareX, shareY] = [u - left, v - top]
  const [upper, lower] = [offset + top * width, offset + bottom * width]
  const above = data[upper + left]! * (1 - shareX) + data[upper + right]! * shareX
  const below = data[lower + left]! * (1 - shareX) + data[lower + right]! * shareX
  return above * (1 - shareY) + below * shareY
}
