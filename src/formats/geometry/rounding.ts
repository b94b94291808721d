// Rounding to two decimals, half to even on the decimal value, and fast text for such numbers.

const twoDigits = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0'))
/** Above this a double has no two decimals to round. */
const exactLimit = 2 ** 46

/** Rounds to hundredths; a tie as written in decimal (`192.625`) goes to the even neighbour (`192.62`). */
export function roundToHundredths(value: number): number {
  return countHundredths(value) / 100
}

/** `12.5` → `12.50`. Throws RangeError when the number is not finite. */
export function formatHundredths(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} cannot be written as a number`)
  if (Math.abs(value) >= exactLimit) return value.toFixed(2)
  const hundredths = countHundredths(value)
  const whole = Math.floor(Math.abs(hundredths) / 100)
  return `${hundredths < 0 ? '-' : ''}${whole}.${twoDigits[Math.abs(hundredths) - whole * 100]}`
}

function countHundredths(value: number): number {
  const scaled = value * 100
  if (Math.abs(value) >= exactLimit) return scaled
  const nearest = Math.round(scaled)
  if (Math.abs(scaled - nearest) < 0.499) return nearest
  return countNearTie(value)
}

/** Close to a tie the binary product misleads; the shortest decimal text of the number decides. */
function countNearTie(value: number): number {
  const text = String(Math.abs(value))
  const dot = text.indexOf('.')
  if (dot < 0 || text.includes('e')) return Math.sign(value) * Math.round(Math.abs(value) * 100)
  const fraction = text.slice(dot + 1)
  const base = Number(text.slice(0, dot)) * 100 + Number(fraction.slice(0, 2).padEnd(2, '0'))
  const rest = fraction.slice(2)
  const half = rest === '5' ? base % 2 : rest >= '5' ? 1 : 0
  return Math.sign(value) * (base + half)
}
