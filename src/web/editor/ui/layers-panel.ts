// The layers of the frame: which is topmost, hide one by one, number them without gaps, and a slider for the top one shown.
import { toggleFlag } from '../commands/object-commands'
import type { Intent } from '../document/intent'
import type { Item } from '../document/scene'
import type { Editor } from '../editor'
import { t, tn } from '../i18n/message'
import { describe, iconButton } from './button'
import { h, setAttribute, setText } from './dom'
import { icon } from './icons'
import { acceptObjects, makeLayerObjects } from './layer-objects'

const listLayers = (editor: Editor): Map<number, Item[]> => {
  const layers = new Map<number, Item[]>()
  for (const item of editor.scene.items.values()) {
    if (!item.body) continue
    layers.set(item.body.z_order, [...(layers.get(item.body.z_order) ?? []), item])
  }
  return new Map([...layers].sort(([a], [b]) => b - a))
}

/** Renumbers the layers of the frame from 0 without gaps, as one step. */
export const compactLayers = (editor: Editor): void => {
  const numbers = [...listLayers(editor).keys()].sort((a, b) => a - b)
  const intents = [...editor.scene.items.values()].flatMap((item): Intent[] => {
    const z_order = item.body ? numbers.indexOf(item.body.z_order) : -1
    if (!item.body || z_order === item.body.z_order) return []
    return [{ type: 'mark', clientId: item.clientId, mark: { z_order }, title: 'Number layers anew' }]
  })
  editor.do(...intents)
}

const setTopLayer = (editor: Editor, topLayer: number | null): void => {
  editor.store.set({ topLayer })
  editor.refilter()
}

export const makeLayersPanel = (editor: Editor): HTMLElement => {
  const count = h('span', { class: 'ed-count' })
  const list = h('div', { class: 'ed-list ed-plain', role: 'list', 'aria-label': t('Layers') })
  const slider = h('input', {
    type: 'range',
    class: 'ed-slider',
    'data-testid': 'layers-top',
    'aria-label': t('Topmost layer shown'),
    step: 1,
    on: {
      input: () => setTopLayer(editor, slider.value === slider.max ? null : Number(slider.value)),
    },
  })
  const shown = h('output', { class: 'ed-mono ed-percent' })
  const add = iconButton('plus', t('New objects on a layer above all'), 'layers-add', () => {
    const top = [...listLayers(editor).keys()][0] ?? 0
    setTopLayer(editor, top + 1)
  })
  const compact = iconButton('layers', t('Number the layers without gaps'), 'layers-compact', () => compactLayers(editor))

  const open = new Set<number>()
  const makeRow = (layer: number, items: Item[]): HTMLElement[] => {
    const hidden = items.every((item) => item.object.hidden)
    const hide = h('button', {
      type: 'button',
      class: 'ed-switch',
      'data-testid': 'layer-hide',
      'aria-pressed': hidden,
      on: {
        click: (event) => {
          // With Shift this layer and all below.
          const below = event.shiftKey ? [...listLayers(editor)].filter(([one]) => one <= layer).flatMap(([, all]) => all) : items
          toggleFlag(
            editor,
            'hidden',
            below.map((item) => item.object),
          )
        },
      },
    })
    hide.append(icon(hidden ? 'eye-off' : 'eye'))
    describe(hide, t(hidden ? 'Show layer {layer}' : 'Hide layer {layer}', { layer }))
    const fold = h('button', {
      type: 'button',
      class: 'ed-switch ed-details',
      'data-testid': 'layer-fold',
      'aria-expanded': open.has(layer),
      on: {
        click: () => {
          if (!open.delete(layer)) open.add(layer)
          update()
        },
      },
    })
    fold.append(icon('chevron-down'))
    describe(fold, t(open.has(layer) ? 'Fold layer {layer}' : 'Unfold layer {layer}, to drag its objects', { layer }))
    const row = h(
      'div',
      {
        class: 'ed-label-row',
        role: 'listitem',
        'data-testid': `layer-${layer}`,
        'data-active': editor.state.topLayer === layer,
      },
      h(
        'button',
        {
          type: 'button',
          class: 'ed-label-choose',
          on: { click: () => editor.select(items.filter((item) => !item.object.hidden).map((item) => item.clientId)) },
        },
        icon('layers'),
        h('span', { class: 'ed-label-name', text: t('Layer {layer}', { layer }) }),
      ),
      h('span', { class: 'ed-count', text: String(items.length) }),
      hide,
      fold,
    )
    acceptObjects(editor, row, layer)
    return open.has(layer) ? [row, makeLayerObjects(editor, items)] : [row]
  }

  const update = () => {
    if (editor.state.sideTab !== 'layers') return
    const layers = listLayers(editor)
    const numbers = [...layers.keys()]
    const { topLayer } = editor.state
    setText(count, tn(layers.size, 'One layer', '{count} layers'))
    slider.min = String(Math.min(...numbers, 0))
    slider.max = String(Math.max(...numbers, 0, topLayer ?? 0))
    slider.value = String(topLayer ?? slider.max)
    const span = Number(slider.max) - Number(slider.min)
    slider.style.setProperty('--share', String(span > 0 ? (Number(slider.value) - Number(slider.min)) / span : 1))
    setText(shown, topLayer === null ? t('all') : `≤ ${topLayer}`)
    list.replaceChildren(...[...layers].flatMap(([layer, items]) => makeRow(layer, items)))
    setAttribute(list, 'data-count', String(layers.size))
  }
  editor.store.subscribe(['edition', 'frame', 'sideTab', 'topLayer', 'appearance'], update)
  update()
  return h(
    'div',
    { class: 'ed-panel', id: 'ed-panel-layers', role: 'tabpanel', 'aria-label': t('Layers') },
    h('div', { class: 'ed-panel-bar' }, count, add, compact),
    h('label', { class: 'ed-field ed-inset' }, h('span', { text: t('Shown') }), slider, shown),
    list,
  )
}
