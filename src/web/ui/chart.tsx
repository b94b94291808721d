// A chart of a page: its numbers as a table, which readers of screens and browsers without scripts get, and what the browser draws from.
import { type ChartData, makeChartFormat } from './chart-data'
import { readLanguage, t } from './i18n/message'

/** Loads what draws charts, once the page is painted; once on a page that has some. */
export const ChartFiles = ({ script, style }: { script: string; style: string }): JSX.Element => (
  <div hidden data-load-later data-script={script} data-style={style}></div>
)

const makeTimeFormat = () => {
  const format = new Intl.DateTimeFormat(readLanguage(), { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })
  return (value: number) => `${format.format(value)} UTC`
}

const NumberTable = ({ data, title }: { data: ChartData; title: string }): JSX.Element => {
  const write = makeChartFormat(data.unit, readLanguage())
  const writeTime = makeTimeFormat()
  const places = data.x.values.map((value) => (data.x.kind === 'time' ? writeTime(value as number) : String(value)))
  return (
    <table class="grid-table slim">
      <caption class="sr-only" safe>
        {title}
      </caption>
      <thead>
        <tr>
          <th scope="col" safe>
            {data.x.name}
          </th>
          {data.series.map(({ name }) => (
            <th scope="col" class="text-end!" dir="auto" safe>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {places.map((place, at) => (
          <tr>
            <th scope="row" class="num font-normal!" dir="auto" safe>
              {place}
            </th>
            {data.series.map(({ values }) => (
              <td class="num text-end" safe>
                {write(values[at] ?? null)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

type ChartProps = { title: string; data: ChartData; testid: string; heightPx?: 160 | 200 | 240 | 320 }

/**
 * A chart with its numbers below. `title` says what it shows, in the language of the page. Pages that have one contain `ChartFiles`
 * too. The names of series and of the x axis are shown as they are.
 */
export const Chart = ({ title, data, testid, heightPx = 200 }: ChartProps): JSX.Element => (
  <figure
    class="chart"
    aria-label={title}
    data-chart={JSON.stringify(data)}
    data-chart-height={String(heightPx)}
    data-testid={testid}
  >
    <div class="chart-area" aria-hidden="true"></div>
    <details class="chart-numbers">
      <summary class="hint" safe>
        {t('Numbers')}
      </summary>
      <div class="max-h-72 overflow-auto">
        <NumberTable data={data} title={title} />
      </div>
    </details>
  </figure>
)
