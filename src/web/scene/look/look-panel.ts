// The tab of the side bar with the viewing aids.
import type { Editor } from '../../editor/editor'
import { readLanguage, t } from '../../editor/i18n/message'
import { h, setAttribute, setText } from '../../editor/ui/dom'
import { makeClipFields } from './clip-fields'
import { type CloudFigures, colourModes, type RampName, rampNames } from './cloud-aids'
import { describeFigures } from './describe-figures'
import { changeLook } from './look-commands'
import { budgets, colourTitles, type LookSettings, mostFrames, rampTitles, readRange, sizeLimits } from './look-settings'
import { listStops } from './ramp-stops'

export type LookPanelPorts = {
  figures: () => CloudFigures | null
  /** Whether frames can be put together; null while that is not known. */
  showsFrames: () => boolean | null
  /** The chosen cuboid, as the typed clipping box is written. */
  takeCuboid: () => string | null
}

export type LookPanel = { element: HTMLElement; update: () => void }

type Numbers = { [K in keyof LookSettings]: LookSettings[K] extends number ? K : never }[keyof LookSettings]
type Flags = { [K in keyof LookSettings]: LookSettings[K] extends boolean ? K : never }[keyof LookSettings]

export const makeLookPanel = (editor: Editor, ports: LookPanelPorts): LookPanel => {
  const read = (): LookSettings => editor.state.settings
  const change = (part: Partial<LookSettings>) => changeLook(editor, part)
  const updates: (() => void)[] = []

  const field = (title: string, ...parts: (Node | null)[]) =>
    h('label', { class: 'ed-field' }, h('span', { text: title }), ...parts)

  const slider = (name: Numbers, testId: string, title: string, [min, max, step]: readonly number[], unit: string) => {
    const shown = h('span', { class: 'ed-mono ed-percent' })
    const input = h('input', {
      ...{ type: 'range', class: 'ed-slider', 'data-testid': testId, 'aria-label': title, min, max, step },
      on: { input: () => change({ [name]: Number(input.value) }) },
    })
    updates.push(() => {
      const value = read()[name]
      if (Number(input.value) !== value) input.value = String(value)
      input.style.setProperty('--share', String((value - min!) / (max! - min!)))
      setText(shown, `${value}${unit}`)
    })
    return { element: field(title, input, shown), input }
  }

  const check = (name: Flags, testId: string, title: string) => {
    const input = h('input', { type: 'checkbox', 'data-testid': testId, on: { change: () => change({ [name]: input.checked }) } })
    updates.push(() => {
      input.checked = read()[name]
    })
    return h('label', { class: 'ed-check' }, input, h('span', { text: title }))
  }

  const choice = <T extends string>(
    testId: string,
    title: string,
    values: readonly (readonly [T, string])[],
    get: () => string,
    set: (value: T) => void,
  ) => {
    const input = h(
      'select',
      { class: 'ed-select', 'data-testid': testId, 'aria-label': title, on: { change: () => set(input.value as T) } },
      ...values.map(([value, words]) => h('option', { value, text: words })),
    )
    updates.push(() => {
      input.value = get()
    })
    return { element: field(title, input), input }
  }

  const section = (title: string, ...children: (Node | null)[]) =>
    h('section', { class: 'sl-section' }, h('h3', { text: title }), ...children)

  // Points

  const colour = choice(
    'look-colour',
    t('Colour by'),
    colourModes.map((mode) => [mode, t(colourTitles[mode])] as const),
    () => read().sceneColour,
    (sceneColour) => change({ sceneColour, sceneRange: '' }),
  )
  const ramp = choice(
    'look-ramp',
    t('Colours'),
    rampNames.map((name) => [name, t(rampTitles[name])] as const),
    () => read().sceneRamp,
    (sceneRamp) => change({ sceneRamp }),
  )
  const legend = h('div', { class: 'sl-legend', 'data-testid': 'look-legend', 'aria-hidden': 'true' })
  const end = (testId: string, title: string) =>
    h('input', {
      ...{ type: 'number', class: 'ed-input', step: 'any', 'data-testid': testId, 'aria-label': title },
      on: {
        change: () => {
          const range = `${low.value} ${high.value}`
          if (readRange(range)) change({ sceneRange: range })
          else editor.explain('The lower end of the colours must be below the upper one')
          update()
        },
      },
    })
  const low = end('look-range-low', t('Lowest value'))
  const high = end('look-range-high', t('Highest value'))
  const auto = h('button', {
    ...{ type: 'button', class: 'ed-push ed-tiny', 'data-testid': 'look-range-auto', text: t('Automatic') },
    on: { click: () => change({ sceneRange: '' }) },
  })
  const range = h('div', { class: 'sl-range' }, low, legend, high, auto)
  updates.push(() => {
    const figures = ports.figures()
    const settings = read()
    for (const option of colour.input.options)
      option.disabled = figures !== null && !(figures.modes as readonly string[]).includes(option.value)
    // What was typed counts at once, before anything is drawn by it.
    const ends = figures?.range ? (readRange(settings.sceneRange) ?? figures.range) : null
    range.hidden = ends === null
    ramp.element.hidden = ends === null
    if (!ends) return
    for (const [input, value] of [
      [low, ends[0]],
      [high, ends[1]],
    ] as const)
      if (document.activeElement !== input) input.value = String(Math.round(value * 100) / 100)
    auto.disabled = settings.sceneRange === ''
    const stops = listStops(
      (rampNames as readonly string[]).includes(settings.sceneRamp) ? (settings.sceneRamp as RampName) : 'viridis',
    )
    legend.style.background = `linear-gradient(to right, ${stops.join(', ')})`
  })

  // What is left out

  const ground = slider('sceneGroundHeight', 'look-ground-height', t('Up to'), [0, 3, 0.05], ' m')
  const clip = makeClipFields({ read, change, choice, takeCuboid: ports.takeCuboid })
  updates.push(clip.update, () => {
    ground.element.hidden = !read().sceneGroundOff
  })

  // Frames together

  const frames = slider('sceneFrames', 'look-frames', t('Before and after'), [0, mostFrames, 1], '')
  const noFrames = h('p', {
    class: 'sl-note',
    'data-testid': 'look-frames-note',
    text: t('Without poses of the scanner frames cannot be put together: give the task calibration files'),
  })
  updates.push(() => {
    const may = ports.showsFrames()
    frames.input.disabled = may !== true
    noFrames.hidden = may !== false
  })

  const eyeDome = choice(
    'look-eye-dome',
    t('Eye-dome lighting'),
    [
      ['auto', t('With a graphics card')],
      ['on', t('On')],
      ['off', t('Off')],
    ] as const,
    () => read().sceneEyeDome,
    (sceneEyeDome) => change({ sceneEyeDome }),
  )
  const budget = choice(
    'look-budget-choice',
    t('Points while moving'),
    budgets.map(
      (value) =>
        [
          String(value),
          value === 0 ? t('As many as the machine can') : new Intl.NumberFormat(readLanguage()).format(value),
        ] as const,
    ),
    () => String(read().sceneBudget),
    (value) => change({ sceneBudget: Number(value) }),
  )
  const measure = h('button', {
    ...{ type: 'button', class: 'ed-push ed-tiny', 'data-testid': 'look-measure-start', text: t('Measure') },
    on: { click: () => editor.run('look-measure') },
  })
  const figures = describeFigures()
  const element = h(
    'div',
    {
      class: 'sl-panel',
      id: 'ed-panel-part-look',
      role: 'tabpanel',
      'aria-label': t('View'),
      'data-testid': 'look-panel',
    },
    section(
      t('Cloud points'),
      slider('scenePointSize', 'look-size', t('Size'), [...sizeLimits, 0.5], ' px').element,
      ...[colour.element, ramp.element, range, eyeDome.element],
      check('sceneGrid', 'look-grid', t('Grid on the ground')),
    ),
    section(t('Left out'), check('sceneGroundOff', 'look-ground', t('Ground')), ground.element, clip.element),
    section(t('Several frames'), frames.element, noFrames),
    section(t('Distances'), measure),
    section(t('Drawn now'), budget.element, figures.element),
  )
  const update = () => {
    for (const run of updates) run()
    const now = ports.figures()
    figures.update(now)
    if (!now) return
    // For those who wait for the picture to be complete.
    for (const name of ['drawn', 'loaded', 'budget', 'points', 'dropped', 'progress', 'bytes'] as const)
      setAttribute(element, `data-${name}`, String(now[name]))
    setAttribute(element, 'data-full', String(now.isFull))
  }
  editor.store.subscribe(['settings', 'activeId'], update)
  update()
  return { element, update }
}
