// What a dry run found, and the controls that settle what does not fit: which frame or label is meant, made anew or left out.

import { element } from './element'
import { formatCount, t, tn } from './i18n/message'

/** The server's `InspectionReport`, as far as it is shown. */
export type InspectionReport = {
  format: string | null
  detected: string[]
  items: { total: number; matched: number; unmatched: number; files: { name: string; proposal: string | null }[] }
  labels: {
    matched: { name: string; count: number }[]
    unmatched: { name: string; count: number; proposal: string | null }[]
  }
  annotations: { total: number; tags: number; tracks: number; shapes: Record<string, number> }
  attributes: { label: string; name: string; count: number }[]
  problems: { message: string }[]
  ready: boolean
  /** Name by which an import takes the same upload. */
  file: string | null
}

export type Mapping = { files: Record<string, string | null>; labels: Record<string, string | null> }
export type Settled = { mapping: Mapping; create_labels: string[] }
export type Known = { labels: string[]; frames: string[] }

/** Files that are settled one by one; the others are left out together. */
const shownFiles = 50
const leftOut = ''
const created = '\0create'

/** So many of an English noun, in the language of the page. */
const plural = (count: number, noun: string) => `${formatCount(count)} ${t(count === 1 ? noun : `${noun}s`)}`

/** `12 annotations: 10 rectangles, 2 tags` */
const countKinds = ({ total, tags, tracks, shapes }: InspectionReport['annotations']) => {
  const kinds = Object.entries({ ...shapes, tag: tags, track: tracks }).filter(([, count]) => count > 0)
  const list = kinds.map(([kind, count]) => plural(count, kind)).join(', ')
  return `${plural(total, 'annotation')}${list ? `: ${list}` : ''}`
}

const line = (text: string, testid?: string) =>
  element('p', { class: 'text-[13px] [overflow-wrap:anywhere]', dir: 'auto', 'data-testid': testid }, text)

const row = (name: string, control: HTMLElement) =>
  element(
    'label',
    { class: 'grid grid-cols-2 items-center gap-2' },
    element('span', { class: 'text-[13px] [overflow-wrap:anywhere]', dir: 'auto' }, name),
    control,
  )

const labelControl = (name: string, proposal: string | null, known: string[]) => {
  const select = element('select', { class: 'select', 'data-testid': 'import-label', 'data-name': name })
  const add = (value: string, text: string) =>
    select.append(element('option', { value, selected: value === (proposal ?? created) }, text))
  add(created, t('Create this label'))
  add(leftOut, t('Leave out'))
  for (const label of known) add(label, label)
  return select
}

const fileControl = (name: string, proposal: string | null) =>
  element('input', {
    class: 'input',
    dir: 'auto',
    list: 'import-frames',
    value: proposal ?? '',
    placeholder: t('Leave out'),
    'data-testid': 'import-frame',
    'data-name': name,
  })

const describeFormat = ({ format, detected }: InspectionReport) => {
  if (!format) return t('The format of the file is not known.')
  const others = detected.filter((name) => name !== format)
  const doubt = detected.length && !detected.includes(format) ? t(' The file looks like {format}.', { format: detected[0]! }) : ''
  return `${format}${doubt || (others.length ? t(' (could also be {formats})', { formats: others.join(', ') }) : '')}`
}

const describeMatches = ({ items, labels }: InspectionReport) => {
  const names = labels.matched.map(({ name }) => name).join(', ')
  return t('{matched} of {total} pictures match frames. Labels that match: {names}.', {
    matched: formatCount(items.matched),
    total: formatCount(items.total),
    names: names || t('none'),
  })
}

/** The panel of a report; `read` tells what was settled. `known` is absent where nothing can be mapped. */
export const createReportPanel = (report: InspectionReport, known: Known | undefined) => {
  const labels = known ? report.labels.unmatched.map(({ name, proposal }) => labelControl(name, proposal, known.labels)) : []
  const listed = report.items.files.slice(0, shownFiles)
  const files = known ? listed.map(({ name, proposal }) => fileControl(name, proposal)) : []
  const frames = element('datalist', { id: 'import-frames' })
  for (const name of known?.frames ?? []) frames.append(element('option', { value: name }))
  const more = report.items.unmatched - listed.length
  const parts = [
    line(describeFormat(report), 'import-detected'),
    report.format ? line(countKinds(report.annotations), 'import-counts') : null,
    report.format && known ? line(describeMatches(report), 'import-matches') : null,
    report.problems.length
      ? element(
          'ul',
          { class: 'problem', 'data-testid': 'import-problems' },
          element('li', { dir: 'auto' }, report.problems.map(({ message }) => message).join('\n')),
        )
      : null,
    labels.length ? element('h3', {}, t('Labels that are not here')) : null,
    ...labels.map((select) => row(select.dataset.name!, select)),
    files.length ? element('h3', {}, t('Files without a frame')) : null,
    ...files.map((input) => row(input.dataset.name!, input)),
    known && more > 0
      ? line(
          tn(
            more,
            'One further file without a frame will be left out.',
            '{count} further files without a frame will be left out.',
          ),
        )
      : null,
    report.attributes.length
      ? line(
          t('Attributes that are left out: {names}', {
            names: report.attributes.map(({ label, name }) => `${label}.${name}`).join(', '),
          }),
        )
      : null,
    frames,
  ]
  const panel = element(
    'section',
    { class: 'grid gap-2', 'aria-label': t('What the file holds'), 'data-testid': 'import-report' },
    ...parts,
  )
  const read = (): Settled => {
    const entries = (controls: (HTMLSelectElement | HTMLInputElement)[]) =>
      controls.map((control) => [control.dataset.name!, control.value.trim() || null] as const)
    const chosen = entries(labels)
    return {
      create_labels: chosen.filter(([, to]) => to === created).map(([name]) => name),
      mapping: {
        labels: Object.fromEntries(chosen.filter(([, to]) => to !== created)),
        files: { ...Object.fromEntries(entries(files)), ...(more > 0 && { '*': null }) },
      },
    }
  }
  return { panel, read }
}
