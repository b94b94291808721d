// Draws the charts of a page with uPlot, in the colours of the theme; a bundle of its own that only pages with charts load.
import uPlot from 'uplot'
import { type ChartData, type ChartSeries, type ChartTone, chartTones, makeChartFormat } from '../ui/chart-data'

const colorNames: Record<ChartTone, string> = {
  accent: '--accent',
  success: '--success',
  warning: '--warning',
  danger: '--danger',
  info: '--info',
  muted: '--n6',
}
/** Lines are told apart by these too, not by colour alone. */
const dashes: number[][] = [[], [8, 4], [2, 3], [10, 3, 2, 3], [5, 5], [1, 4]]
const daySeconds = 86_400
const minuteSeconds = 60
const font = '12px "Inter Variable", system-ui, sans-serif'

/** A colour of the design as the theme has it now; custom properties themselves are not resolved by browsers. */
const makeReadColor = (place: HTMLElement) => {
  const probe = document.createElement('i')
  probe.hidden = true
  place.append(probe)
  const read = (name: string, share = 1, ground?: string) => {
    const under = ground ? `var(${ground})` : 'transparent'
    probe.style.color = share === 1 ? `var(${name})` : `color-mix(in srgb, var(${name}) ${share * 100}%, ${under})`
    return getComputedStyle(probe).color
  }
  return { read, end: () => probe.remove() }
}
type ReadColor = ReturnType<typeof makeReadColor>['read']

const language = document.documentElement.lang || 'en'

const writeTimes = (_: uPlot, splits: number[], _axis: number, _space: number, stepSeconds: number) => {
  const options: Intl.DateTimeFormatOptions =
    stepSeconds < daySeconds
      ? { hour: '2-digit', minute: '2-digit', ...(stepSeconds < minuteSeconds && { second: '2-digit' }) }
      : stepSeconds < 28 * daySeconds
        ? { day: 'numeric', month: 'short' }
        : { month: 'short', year: 'numeric' }
  const format = new Intl.DateTimeFormat(language, options)
  return splits.map((seconds) => format.format(seconds * 1000))
}

const readPlaces = (x: ChartData['x']): number[] =>
  x.kind === 'category' ? x.values.map((_, at) => at) : x.kind === 'time' ? x.values.map((ms) => ms / 1000) : [...x.values]

/** Each series on top of those before it. */
const stack = (series: readonly ChartSeries[]): (number | null)[][] => {
  const sums: number[] = []
  return series.map(({ values }) =>
    values.map((value, at) => {
      sums[at] = (sums[at] ?? 0) + (value ?? 0)
      return sums[at]
    }),
  )
}

const orderOf = ({ series, isStacked }: ChartData): number[] => {
  const order = series.map((_, at) => at)
  return isStacked ? order.reverse() : order
}

const drawLevels = (plot: uPlot, data: ChartData, read: ReadColor) => {
  const { ctx, bbox } = plot
  const scale = devicePixelRatio
  ctx.save()
  ctx.font = font.replace('12px', `${12 * scale}px`)
  ctx.strokeStyle = ctx.fillStyle = read('--text-muted')
  ctx.lineWidth = scale
  ctx.setLineDash([4 * scale, 4 * scale])
  for (const { name, value } of data.levels ?? []) {
    const y = Math.round(plot.valToPos(value, 'y', true))
    ctx.beginPath()
    ctx.moveTo(bbox.left, y)
    ctx.lineTo(bbox.left + bbox.width, y)
    ctx.stroke()
    ctx.textAlign = 'left'
    const isBelow = y - bbox.top < 18 * scale
    ctx.textBaseline = isBelow ? 'top' : 'bottom'
    ctx.fillText(name, bbox.left + 6 * scale, y + (isBelow ? 3 : -3) * scale)
  }
  ctx.restore()
}

const powers = Array.from({ length: 10 }, (_, at) => 10 ** at)
/** Steps of the y axis, where those of uPlot do not fit the unit. */
const stepsOf: Partial<Record<ChartData['unit'], number[]>> = {
  count: powers.flatMap((power) => [power, 2 * power, 5 * power]),
  duration: [1, 5, 10, 30, 60, 300, 600, 1800, ...powers.flatMap((power) => [3600 * power, 2 * 3600 * power, 5 * 3600 * power])],
}

/** What is shown to each side of a single place. */
const aloneRange: Record<ChartData['x']['kind'], number> = { time: daySeconds / 2, number: 1, category: 1 }

const makeOptions = (data: ChartData, width: number, height: number, place: HTMLElement): uPlot.Options => {
  const { read, end } = makeReadColor(place)
  const write = makeChartFormat(data.unit, language)
  const isCategory = data.x.kind === 'category'
  const places = readPlaces(data.x)
  const alone = places.length === 1 ? places[0]! : null
  const words = isCategory ? (data.x.values as readonly string[]) : []
  const writeWhole = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
  // What stands highest is drawn first, so that the others stand before it.
  const order = orderOf(data)
  const toSeries = (at: number): uPlot.Series => {
    const one = data.series[at]!
    const name = colorNames[one.tone ?? chartTones[at % chartTones.length]!]
    const isBar = one.draw === 'bar'
    const hasPoints = !isBar && !data.isStacked
    const fill = isBar ? read(name) : data.isStacked ? read(name, 0.55, '--surface-raised') : read(name, 0.25)
    return {
      label: one.name,
      stroke: read(name),
      width: isBar ? 0 : 2,
      ...(!isBar && { dash: one.isDashed ? [6, 4] : one.draw === 'area' ? [] : dashes[at % dashes.length]! }),
      ...((isBar || one.draw === 'area') && { fill }),
      ...(isBar && { paths: uPlot.paths.bars!({ size: [0.6, 48] }) }),
      points: hasPoints ? { fill: read('--surface-raised'), size: 6 } : { show: false },
      value: (_plot, _value, _series, index) => (index === null ? '' : write(one.values[index] ?? null)),
    }
  }
  const axis = { stroke: read('--text-muted'), font, ticks: { show: false } }
  const grid = { stroke: read('--line'), width: 1 }
  const options: uPlot.Options = {
    width,
    height,
    padding: [12, 12, 0, 0],
    cursor: {
      drag: { x: data.x.kind !== 'category', y: false },
      points: { size: 8, fill: (plot, at) => (plot.series[at]!.stroke as () => string)() },
    },
    scales: {
      x: {
        time: data.x.kind === 'time',
        // A single place stands in the middle.
        range: isCategory
          ? [-0.6, Math.max(0, words.length - 1) + 0.6]
          : alone === null
            ? (_plot, min, max) => [min, max]
            : [alone - aloneRange[data.x.kind], alone + aloneRange[data.x.kind]],
      },
      y: {
        range: (_plot, min, max) => {
          const highest = Math.max(max ?? 0, ...(data.levels ?? []).map(({ value }) => value))
          const from = data.range?.from ?? Math.min(0, min ?? 0)
          const to = data.range?.to ?? (highest > from ? from + (highest - from) * 1.1 : from + 1)
          return [from, to]
        },
      },
    },
    axes: [
      {
        ...axis,
        size: 32,
        grid: { show: false },
        ...(data.x.kind === 'time' && { values: writeTimes, space: 90 }),
        ...(isCategory && {
          splits: () => words.map((_, at) => at),
          values: (_plot, splits) => splits.map((at) => words[at] ?? ''),
        }),
      },
      {
        ...axis,
        grid,
        size: data.unit === 'duration' ? 84 : 60,
        ...(stepsOf[data.unit] && { incrs: stepsOf[data.unit]! }),
        values: (_plot, splits) => splits.map((value) => write(value)),
      },
    ],
    series: [
      {
        label: data.x.name,
        value: (_plot, value) =>
          value === null ? '' : data.x.kind === 'time' ? writeWhole.format(value * 1000) : (words[value] ?? String(value)),
      },
      ...order.map(toSeries),
    ],
    hooks: {
      draw: [
        (plot) => {
          const color = makeReadColor(place)
          drawLevels(plot, data, color.read)
          color.end()
        },
      ],
    },
  }
  end()
  return options
}

/** Draws a chart and keeps it in step with its width and the theme. */
const drawChart = (figure: HTMLElement): void => {
  const data = JSON.parse(figure.dataset.chart!) as ChartData
  const area = figure.querySelector<HTMLElement>('.chart-area')!
  const height = Number(figure.dataset.chartHeight ?? 200)
  const columns = data.isStacked ? stack(data.series) : data.series.map(({ values }) => [...values])
  let plot: uPlot | null = null
  const build = () => {
    plot?.destroy()
    plot = new uPlot(
      makeOptions(data, Math.max(120, area.clientWidth), height, area),
      [readPlaces(data.x), ...orderOf(data).map((at) => columns[at]!)],
      area,
    )
    figure.dataset.drawn = 'true'
  }
  build()
  const resize = new ResizeObserver(() => {
    const width = Math.max(120, area.clientWidth)
    if (!figure.isConnected) return resize.disconnect()
    if (plot && plot.width !== width) plot.setSize({ width, height })
  })
  resize.observe(area)
  const rebuild = () => figure.isConnected && build()
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', rebuild)
  new MutationObserver(rebuild).observe(document.documentElement, { attributeFilter: ['data-theme'] })
}

const drawAll = () => {
  for (const figure of document.querySelectorAll<HTMLElement>('[data-chart]:not([data-drawn])')) drawChart(figure)
}

drawAll()
document.addEventListener('htmx:after:swap', drawAll)
