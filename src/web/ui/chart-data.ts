// What a chart shows: one description for the page, which writes it as a table, and the browser, which draws it.

/** Colours of the design; series without one take them in this order. */
export const chartTones = ['accent', 'success', 'warning', 'danger', 'info', 'muted'] as const
export type ChartTone = (typeof chartTones)[number]

export type ChartSeries = {
  name: string
  /** One for each place of the x axis; null leaves a gap. */
  values: readonly (number | null)[]
  /** Default `line`. */
  draw?: 'line' | 'bar' | 'area'
  tone?: ChartTone
  /** Broken line, for what is compared with. */
  isDashed?: boolean
}

/** How numbers are written: shares of 1 as percent, whole numbers, others, seconds as hours and minutes. */
export type ChartUnit = 'share' | 'count' | 'number' | 'duration'

export type ChartData = {
  /** `time`: milliseconds since 1970, rising; `number`: rising; `category`: words. */
  x:
    | { name: string; kind: 'time' | 'number'; values: readonly number[] }
    | { name: string; kind: 'category'; values: readonly string[] }
  series: readonly ChartSeries[]
  unit: ChartUnit
  /** Ends of the y axis where the values shall not set them. */
  range?: { from?: number; to?: number }
  /** Levels that are to be reached, as horizontal lines. */
  levels?: readonly { name: string; value: number }[]
  /** Series stand on one another. */
  isStacked?: boolean
}

const minuteSeconds = 60
const hourSeconds = 3600

/** Writes numbers of a unit in a language: `85 %`, `1,234`, `2 h 05 min`. */
export const makeChartFormat = (unit: ChartUnit, language: string): ((value: number | null) => string) => {
  const styles: Record<ChartUnit, Intl.NumberFormatOptions> = {
    share: { style: 'percent', maximumFractionDigits: 1 },
    count: { maximumFractionDigits: 0 },
    number: { maximumFractionDigits: 2 },
    duration: { maximumFractionDigits: 0 },
  }
  const format = new Intl.NumberFormat(language, styles[unit])
  const writeDuration = (seconds: number) => {
    const hours = Math.floor(seconds / hourSeconds)
    const minutes = Math.floor((seconds % hourSeconds) / minuteSeconds)
    if (hours > 0) return `${format.format(hours)} h ${String(minutes).padStart(2, '0')} min`
    return minutes > 0 ? `${minutes} min` : `${Math.round(seconds)} s`
  }
  return (value) =>
    value === null || Number.isNaN(value) ? '–' : unit === 'duration' ? writeDuration(value) : format.format(value)
}
