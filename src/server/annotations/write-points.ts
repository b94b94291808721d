// Points as the JSON text in which they are stored and answered.

const whole = /(?<=[[,])-?\d+(?=[,\]])/g

/**
 * Clients expect coordinates that are floats also where they are whole (`12.0`); the run lengths of masks are whole by nature.
 * Only lists with a whole number in them take the slow way.
 */
export const writePoints = (type: string, points: readonly number[]): string => {
  const text = JSON.stringify(points)
  return type === 'mask' || !points.some(Number.isInteger) ? text : text.replace(whole, '$&.0')
}
