// A table of figures as data: shown on the page, and written as CSV.
import { type ChartData, type ChartUnit, makeChartFormat } from '../../web/ui/chart-data'
import { readLanguage, say } from '../../web/ui/i18n/message'
import { Icon } from '../../web/ui/icon'
import { writeRow } from '../events/service'

export type Column = {
  /** Heading of the CSV. */
  name: string
  /** Heading on the page. */
  label: string
  unit: ChartUnit | 'text'
}
/** Durations are seconds, shares are parts of 1. */
export type Cell = string | number | null
export type Sheet = {
  /** Names the CSV in addresses. */
  name: string
  title: string
  columns: Column[]
  rows: { cells: Cell[]; href?: string; testid?: string }[]
}

const round = (value: number) => Math.round(value * 1e6) / 1e6

export const writeSheet = ({ columns, rows }: Sheet): string =>
  [columns.map(({ name }) => name), ...rows.map(({ cells }) => cells)]
    .map((cells) => writeRow(cells.map((cell) => (typeof cell === 'number' ? round(cell) : cell))))
    .join('')

const toName = (text: string) => text.toLowerCase().replace(/\W+/g, '_')

/** The numbers of a chart. `names`: headings of the CSV for its series. */
export const sheetOfChart = (name: string, title: string, data: ChartData, names: string[]): Sheet => {
  const isTime = data.x.kind === 'time'
  return {
    name,
    title,
    columns: [
      { name: isTime ? 'start' : toName(data.x.name), label: data.x.name, unit: 'text' },
      ...data.series.map((series, i): Column => ({ name: names[i]!, label: series.name, unit: data.unit })),
    ],
    rows: data.x.values.map((value, at) => ({
      cells: [
        isTime ? new Date(value as number).toISOString() : String(value),
        ...data.series.map(({ values }) => values[at] ?? null),
      ],
    })),
  }
}

export const csvAnswer = (text: string | ReadableStream, name: string): Response =>
  new Response(text, {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${name}.csv"`,
      'cache-control': 'no-store',
    },
  })

export const CsvLink = ({ href, name, title }: { href: string; name: string; title: string }): JSX.Element => (
  <a class="btn btn-quiet btn-small" href={href} download="" data-testid={`csv-${name}`} aria-label={`CSV: ${title}`}>
    <Icon name="download" />
    CSV
  </a>
)

/** Rows that a page shows of a table; its CSV has all. */
const shownRows = 50

export const SheetTable = ({ sheet, csvHref }: { sheet: Sheet; csvHref: string }): JSX.Element => {
  const formats = sheet.columns.map(({ unit }) => (unit === 'text' ? null : makeChartFormat(unit, readLanguage())))
  const write = (cell: Cell, at: number) => (typeof cell === 'number' && formats[at] ? formats[at](cell) : (cell ?? '–'))
  const left = sheet.rows.length - shownRows
  return (
    <section class="card min-w-0" data-testid={`sheet-${sheet.name}`}>
      <div class="flex items-center gap-2 border-b border-line px-4 py-2">
        <h2 class="flex-1" safe>
          {sheet.title}
        </h2>
        <CsvLink href={csvHref} name={sheet.name} title={sheet.title} />
      </div>
      <div class="overflow-x-auto" tabindex="0" role="region" aria-label={sheet.title}>
        <table class="grid-table slim">
          <thead>
            <tr>
              {sheet.columns.map(({ label, unit }) => (
                <th scope="col" class={unit === 'text' ? 'whitespace-nowrap' : 'text-end! whitespace-nowrap'} safe>
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sheet.rows.slice(0, shownRows).map(({ cells, href, testid }) => (
              <tr data-testid={testid}>
                {cells.map((cell, at) =>
                  at === 0 ? (
                    <td class="max-w-64 truncate" dir="auto">
                      {href ? (
                        <a class="hover:text-accent" href={href} safe>
                          {write(cell, at)}
                        </a>
                      ) : (
                        <span safe>{write(cell, at)}</span>
                      )}
                    </td>
                  ) : (
                    <td
                      class={sheet.columns[at]!.unit === 'text' ? 'max-w-56 truncate' : 'num text-end whitespace-nowrap'}
                      dir="auto"
                      safe
                    >
                      {write(cell, at)}
                    </td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {left > 0 ? (
        <p class="hint border-t border-line px-4 py-2">{say('{count} more rows are in the CSV.', { count: left })}</p>
      ) : (
        ''
      )}
    </section>
  )
}
