// The part of OpenCV.js that is used here, and pictures as its matrices; every matrix that is made is freed.

/** OpenCV.js has no types for half of what is called; each use is next to its name here. */
export type Cv = any
export type Mat = any

/** RGBA bytes, rows from the top. */
export type Picture = { data: Uint8ClampedArray; width: number; height: number }
/** Whole pixels. */
export type Rect = { x: number; y: number; width: number; height: number }

/** The library as soon as it can be used, from what its script leaves: itself, or a promise of it. */
export const awaitCv = async (made: unknown): Promise<Cv> => {
  const cv: Cv = await made
  if (!cv.Mat) await new Promise<void>((resolve) => Object.assign(cv, { onRuntimeInitialized: resolve }))
  return cv
}

/** Runs work with a function that notes what is to be freed afterwards. */
export const withMats = <T>(work: (own: <M extends { delete: () => void }>(mat: M) => M) => T): T => {
  const owned: { delete: () => void }[] = []
  try {
    return work((mat) => {
      owned.push(mat)
      return mat
    })
  } finally {
    for (const mat of owned) mat.delete()
  }
}

/** A part of a picture as a matrix of the wanted colours; the caller frees it. */
export const cropMat = (cv: Cv, picture: Picture, rect: Rect, colours: 'rgb' | 'grey'): Mat =>
  withMats((own) => {
    const whole = own(cv.matFromImageData(picture))
    const part = own(whole.roi(new cv.Rect(rect.x, rect.y, rect.width, rect.height)))
    const result = new cv.Mat()
    cv.cvtColor(part, result, colours === 'rgb' ? cv.COLOR_RGBA2RGB : cv.COLOR_RGBA2GRAY)
    return result
  })

/** The rectangle in whole pixels, cut to the picture; at least one pixel. */
export const clampRect = (rect: Rect, { width, height }: { width: number; height: number }): Rect => {
  const x = Math.min(Math.max(Math.floor(rect.x), 0), width - 1)
  const y = Math.min(Math.max(Math.floor(rect.y), 0), height - 1)
  return {
    x,
    y,
    width: Math.max(1, Math.min(Math.ceil(rect.x + rect.width), width) - x),
    height: Math.max(1, Math.min(Math.ceil(rect.y + rect.height), height) - y),
  }
}

/** The rectangle, larger by so many pixels on every side. */
export const growRect = ({ x, y, width, height }: Rect, by: number): Rect => ({
  x: x - by,
  y: y - by,
  width: width + 2 * by,
  height: height + 2 * by,
})

/** Fewer points along the same line; `tolerance` in pixels. x y pairs in and out. */
export const simplifyLine = (cv: Cv, points: readonly number[], tolerance: number, isClosed: boolean): number[] => {
  if (tolerance <= 0 || points.length <= 6) return [...points]
  return withMats((own) => {
    const line = own(cv.matFromArray(points.length / 2, 1, cv.CV_32SC2, points.map(Math.round)))
    const result = own(new cv.Mat())
    cv.approxPolyDP(line, result, tolerance, isClosed)
    return [...(result.data32S as Int32Array)]
  })
}
