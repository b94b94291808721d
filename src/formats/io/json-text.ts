// Pieces of JSON text written by hand, for files too large to build as one value.

/** A number as a float is written: `7` → `7.0`. Expects a finite number. */
export function formatFloat(value: number): string {
  const text = Object.is(value, -0) ? '-0' : String(value)
  return Number.isInteger(value) && !text.includes('e') ? `${text}.0` : text
}

/** `[1.0,2.5]` */
export function formatFloats(values: readonly number[]): string {
  let text = '['
  for (let at = 0; at < values.length; at++) text += at === 0 ? formatFloat(values[at]!) : `,${formatFloat(values[at]!)}`
  return `${text}]`
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
