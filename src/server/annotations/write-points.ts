// Points as the JSON text in which they are stored and answered.

/**
 * Clients expect coordinates that are floats also where they are whole (`12.0`); the run lengths of masks are whole by nature.
 * Only lists with a whole number in them take the slow way.
 */
export const writePoints = (type: string, points: readonly number[]): string =>
  type === 'mask' || !points.some(Number.isInteger)
    ? JSON.stringify(points)
    : `[${points.map((value) => (Number.isInteger(value) ? `${value}.0` : String(value))).join()}]`
