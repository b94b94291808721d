// Pieces of JSON text written by hand, for files too large to build as one value.

/** A number as a float is written: `7` → `7.0`. Throws RangeError when it is not finite. */
export function formatFloat(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} cannot be written as a number`)
  const text = Object.is(value, -0) ? '-0' : String(value)
  return Number.isInteger(value) && !text.includes('e') ? `${text}.0` : text
}

/** `[1.0,2.5]` */
export function formatFloats(values: readonly number[]): string {
  let text = '['
  for (let at = 0; at < values.length; at++) text += at === 0 ? formatShort(values[at]!) : `,${formatShort(values[at]!)}`
  return `${text}]`
}

/** Ends of numbers with at most two decimals: `.0`, `.01`, … `.5`, … */
const fractions = Array.from({ length: 100 }, (_, hundredths) => `.${String(hundredths).padStart(2, '0').replace(/0$/, '')}`)

/** As `formatFloat`, several times faster for the usual coordinates. */
function formatShort(value: number): string {
  const hundredths = Math.round(value * 100)
  if (!(value > 0 && value < 1e9) || hundredths / 100 !== value) return formatFloat(value)
  const whole = Math.floor(hundredths / 100)
  return whole + fractions[hundredths - whole * 100]!
}

/** Glues list items: gives nothing the first time it is called, then commas. */
export function createSeparator(): () => string {
  let isFirst = true
  return () => {
    const separator = isFirst ? '' : ','
    isFirst = false
    return separator
  }
}
