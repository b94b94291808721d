// The tab of labelled points: what is painted with, how, and how many points have which label and instance.
import { maxInstance, packValue, unpackValue } from '../../editor/document/cloud-change'
import { t, tn } from '../../editor/i18n/message'
import { describe, iconButton } from '../../editor/ui/button'
import { h, setAttribute, setText } from '../../editor/ui/dom'
import { makeCheck, makeNumber, makePush, makeSelect, makeSlider } from './controls'
import { openCloudExport, openCloudImport } from './exchange-dialogs'
import { radiusLimits, type Segmenter } from './segmenter'

/** Rows of the list that are shown; more instances than that nobody reads. */
const shownRows = 300

const makeBrushControls = (segmenter: Segmenter) => {
  const labels = segmenter.labels.map(({ id, name }) => ({ value: String(id), text: name }))
  const label = makeSelect('segment-label', t('Label'), labels, (value) => segmenter.set({ labelId: Number(value) }))
  const instance = makeNumber('segment-instance', t('Instance'), { min: 0, max: maxInstance, step: 1 }, (value) =>
    segmenter.set({ instance: Math.round(value) }),
  )
  describe(instance.input, t('Instance'), [])
  setAttribute(instance.input, 'data-tip', t('Instance 0: things of this label are not told apart'))
  const next = iconButton('plus', t('Next instance'), 'segment-next', () => segmenter.nextInstance(), ['S I'])
  const radius = makeSlider('segment-radius', t('Brush'), { min: radiusLimits.least, max: radiusLimits.most, step: 1 }, (value) =>
    segmenter.set({ radius: value }),
  )
  const surface = makeCheck('segment-surface', t('Only points that are seen'), (onSurface) => segmenter.set({ onSurface }))
  const free = makeCheck('segment-free', t('Only unlabelled points'), (onlyFree) => segmenter.set({ onlyFree }))
  const gap = makeSlider('segment-gap', t('Gap, m'), { min: 0.05, max: 2, step: 0.05 }, (value) => segmenter.set({ gap: value }))
  const heights = makeCheck('segment-heights', t('Prisms end at heights above the ground'), (on) =>
    segmenter.set({ heights: on ? { from: 0.2, to: 4 } : null }),
  )
  const limit = (key: 'from' | 'to') => (value: number) => {
    const now = segmenter.options.heights
    if (now) segmenter.set({ heights: { ...now, [key]: value } })
  }
  const range = { min: -2, max: 30, step: 0.1 }
  const from = makeSlider('segment-height-from', t('From, m'), range, limit('from'))
  const to = makeSlider('segment-height-to', t('To, m'), range, limit('to'))
  const limits = h('div', { class: 'sg-limits' }, from.element, to.element)
  const cuboids = makePush('segment-cuboids', t('Label the points in the chosen cuboids'), () => segmenter.paintCuboids())
  const update = () => {
    const { options } = segmenter
    label.select.value = String(options.labelId)
    if (document.activeElement !== instance.input) instance.input.value = String(options.instance)
    for (const [slider, value, text] of [
      [radius, options.radius, `${options.radius}`],
      [gap, options.gap, options.gap.toFixed(2)],
      [from, options.heights?.from ?? 0, (options.heights?.from ?? 0).toFixed(1)],
      [to, options.heights?.to ?? 0, (options.heights?.to ?? 0).toFixed(1)],
    ] as const) {
      slider.input.value = String(value)
      setText(slider.said, text)
    }
    surface.input.checked = options.onSurface
    free.input.checked = options.onlyFree
    heights.input.checked = options.heights !== null
    limits.hidden = options.heights === null
  }
  const element = h(
    'section',
    { class: 'sg-section' },
    label.element,
    h('div', { class: 'sg-pair' }, instance.element, next),
    radius.element,
    surface.element,
    free.element,
    gap.element,
    heights.element,
    limits,
    cuboids,
  )
  return { element, update }
}

const makeStatistics = (segmenter: Segmenter) => {
  const share = h('p', { class: 'sg-share', 'data-testid': 'segment-share' })
  const bar = h('progress', { class: 'sg-bar', max: 1, 'aria-label': t('Labelled points') })
  const list = h('div', { class: 'sg-list', role: 'list', 'aria-label': t('Labels of points'), 'data-testid': 'segment-list' })
  const colourBy = makeSelect(
    'segment-colours',
    t('Colours'),
    [
      { value: 'label', text: t('Of the labels') },
      { value: 'instance', text: t('Of the instances') },
    ],
    (value) => segmenter.set({ colourBy: value as 'label' | 'instance' }),
  )
  const alone = makeCheck('segment-alone', t('Hide other labels'), (on) => segmenter.set({ alone: on }))
  const makeRow = (value: number, count: number): HTMLElement => {
    const { labelId, instance } = unpackValue(value)
    const label = segmenter.editor.job.labels.get(labelId)
    const isHidden = segmenter.hidden.has(labelId)
    const isLocked = segmenter.locked.has(labelId)
    const name = `${label?.name ?? '?'}${instance > 0 ? ` ${instance}` : ''}`
    const swatch = h('span', { class: 'sg-swatch' })
    const [red, green, blue] = segmenter.colourOf(value)
    swatch.style.background = `rgb(${red} ${green} ${blue})`
    const choose = h(
      'button',
      {
        type: 'button',
        class: 'sg-name',
        dir: 'auto',
        'aria-pressed': String(segmenter.value === value),
        'aria-label': t('Go on with {name}', { name }),
        on: { click: () => segmenter.set({ labelId, instance }) },
      },
      swatch,
      h('span', { text: name }),
    )
    const hide = iconButton(
      isHidden ? 'eye-off' : 'eye',
      isHidden ? t('Show {name}', { name: label?.name ?? '' }) : t('Hide {name}', { name: label?.name ?? '' }),
      `segment-hide-${labelId}-${instance}`,
      () => segmenter.toggle('hidden', labelId),
    )
    const lock = iconButton(
      isLocked ? 'lock' : 'lock-open',
      isLocked
        ? t('Unlock {name}', { name: label?.name ?? '' })
        : t('Lock {name}: its points keep their label', { name: label?.name ?? '' }),
      `segment-lock-${labelId}-${instance}`,
      () => segmenter.toggle('locked', labelId),
    )
    setAttribute(hide, 'aria-pressed', String(isHidden))
    setAttribute(lock, 'aria-pressed', String(isLocked))
    const words = h('span', { class: 'sg-count', text: count.toLocaleString() })
    return h(
      'div',
      {
        class: 'sg-row',
        role: 'listitem',
        'data-label': label?.name ?? '',
        'data-instance': instance,
        'data-points': count,
      },
      choose,
      words,
      hide,
      lock,
    )
  }
  const update = () => {
    const values = segmenter.shown?.values
    const labelled = values?.labelled ?? 0
    const part = values?.count ? labelled / values.count : 0
    bar.value = part
    setText(
      share,
      values
        ? t('{percent} % of {count} points are labelled', {
            percent: (part * 100).toFixed(1),
            count: values.count.toLocaleString(),
          })
        : t('The points are being loaded'),
    )
    setAttribute(share, 'data-labelled', String(labelled))
    const order = new Map(segmenter.labels.map(({ id }, at) => [id, at]))
    const rank = (value: number) => packValue(order.get(unpackValue(value).labelId) ?? 0, unpackValue(value).instance)
    const all = [...(values?.counts ?? [])].sort(([a], [b]) => rank(a) - rank(b))
    const focused = list.contains(document.activeElement) ? document.activeElement?.getAttribute('data-testid') : null
    list.replaceChildren(...all.slice(0, shownRows).map(([value, count]) => makeRow(value, count)))
    if (focused) list.querySelector<HTMLElement>(`[data-testid="${focused}"]`)?.focus()
    if (all.length > shownRows)
      list.append(h('p', { class: 'sg-note', text: tn(all.length - shownRows, 'One more instance', '{count} more instances') }))
    colourBy.select.value = segmenter.options.colourBy
    alone.input.checked = segmenter.options.alone
  }
  return { element: h('section', { class: 'sg-section' }, share, bar, colourBy.element, alone.element, list), update }
}

export const makeSegmentsPanel = (segmenter: Segmenter, more: HTMLElement): HTMLElement => {
  const controls = makeBrushControls(segmenter)
  const statistics = makeStatistics(segmenter)
  const { editor } = segmenter
  const exchange = h(
    'section',
    { class: 'sg-section sg-buttons' },
    makePush('cloud-export', t('Export points and lines…'), () => openCloudExport(editor)),
    makePush('cloud-import', t('Import points and lines…'), () => openCloudImport(editor, segmenter.book)),
  )
  const update = () => {
    controls.update()
    statistics.update()
  }
  segmenter.subscribe(update)
  update()
  return h(
    'div',
    {
      class: 'sg-panel',
      id: 'ed-panel-part-segments',
      role: 'tabpanel',
      'aria-label': t('Points'),
      'data-testid': 'segments-panel',
    },
    controls.element,
    statistics.element,
    more,
    exchange,
  )
}
