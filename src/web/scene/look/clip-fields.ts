// Fields of the clipping box: none, around the chosen cuboid, or typed.
import { t } from '../../editor/i18n/message'
import { h } from '../../editor/ui/dom'
import { type LookSettings, readClipBox } from './look-settings'

export type ClipPorts = {
  read: () => LookSettings
  change: (part: Partial<LookSettings>) => void
  choice: (
    testId: string,
    title: string,
    values: readonly (readonly [LookSettings['sceneClip'], string])[],
    get: () => string,
    set: (value: LookSettings['sceneClip']) => void,
  ) => { element: HTMLElement }
  takeCuboid: () => string | null
}

const names = ['x', 'y', 'z', 'length', 'width', 'height', 'heading'] as const
const titles: Readonly<Record<(typeof names)[number], string>> = {
  x: 'X',
  y: 'Y',
  z: 'Z',
  length: 'Length',
  width: 'Width',
  height: 'Height',
  heading: 'Heading (°)',
}

export const makeClipFields = ({ read, change, choice, takeCuboid }: ClipPorts) => {
  const kind = choice(
    'look-clip',
    t('Clipping box'),
    [
      ['off', t('None')],
      ['object', t('Around the chosen cuboid')],
      ['typed', t('Typed')],
    ],
    () => read().sceneClip,
    (sceneClip) => {
      const start = sceneClip === 'typed' && !readClipBox(read().sceneClipBox) ? (takeCuboid() ?? '0 0 0 40 40 6 0') : undefined
      change({ sceneClip, ...(start && { sceneClipBox: start }) })
    },
  )
  const margin = h('input', {
    ...{ type: 'number', class: 'ed-input', min: 0, max: 100, step: 0.5, 'data-testid': 'look-clip-margin' },
    on: { change: () => change({ sceneClipMargin: Math.min(Math.max(Number(margin.value) || 0, 0), 100) }) },
  })
  const around = h('label', { class: 'ed-field' }, h('span', { text: t('Metres around it') }), margin)
  const inputs = names.map((name) => {
    const input = h('input', {
      ...{ type: 'number', class: 'ed-input', step: 'any', 'data-testid': `look-clip-${name}` },
      on: {
        change: () => {
          const text = inputs.map((one) => one.value || '0').join(' ')
          if (readClipBox(text)) change({ sceneClipBox: text })
          else update()
        },
      },
    })
    return input
  })
  const take = h('button', {
    ...{ type: 'button', class: 'ed-push ed-tiny', 'data-testid': 'look-clip-take', text: t('As the chosen cuboid') },
    on: {
      click: () => {
        const box = takeCuboid()
        if (box) change({ sceneClipBox: box })
      },
    },
  })
  const typed = h(
    'div',
    { class: 'sl-box' },
    ...names.map((name, i) => h('label', { class: 'sl-number' }, h('span', { text: t(titles[name]) }), inputs[i]!)),
    take,
  )
  const update = () => {
    const { sceneClip, sceneClipMargin, sceneClipBox } = read()
    around.hidden = sceneClip !== 'object'
    typed.hidden = sceneClip !== 'typed'
    if (document.activeElement !== margin) margin.value = String(sceneClipMargin)
    const values = sceneClipBox.split(' ')
    for (const [i, input] of inputs.entries()) if (document.activeElement !== input) input.value = values[i] ?? ''
    take.disabled = takeCuboid() === null
  }
  return { element: h('div', { class: 'sl-clip' }, kind.element, around, typed), update }
}
