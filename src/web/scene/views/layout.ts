// The four views and the context images as tiles whose borders can be dragged, by keys too; the shares are kept with the settings.
import type { Editor } from '../../editor/editor'
import { t } from '../../editor/i18n/message'
import { type Settings, startSettings } from '../../editor/state'
import { h } from '../../editor/ui/dom'
import type { ViewName } from '../workspace'
import { divideTiles } from './divide-tiles'

type Share = 'sceneRows' | 'sceneTop' | 'sceneSide' | 'sceneContext'
const shares: readonly Share[] = ['sceneRows', 'sceneTop', 'sceneSide', 'sceneContext']

const titles: Readonly<Record<ViewName, string>> = { perspective: 'Perspective', top: 'Top', side: 'Side', front: 'Front' }

export type SceneLayout = { element: HTMLElement; views: Readonly<Record<ViewName, HTMLElement>>; reset: () => void }

/** Percent that each tile keeps at least. */
const least = 10

export const makeLayout = (editor: Editor, context: HTMLElement): SceneLayout => {
  const makeView = (name: ViewName) =>
    h(
      'div',
      { class: 'sc-view', 'data-testid': `view-${name}`, 'data-view': name, role: 'group', 'aria-label': t(titles[name]) },
      h('span', { class: 'sc-view-name', text: t(titles[name]) }),
    )
  const views = { perspective: makeView('perspective'), top: makeView('top'), side: makeView('side'), front: makeView('front') }
  const upper = h('div', { class: 'sc-upper' })
  const lower = h('div', { class: 'sc-lower' })
  const element = h('div', { class: 'sc-tiles' }, upper, lower)

  const read = (name: Share): number => editor.state.settings[name]
  const set = (part: Partial<Pick<Settings, Share | 'scenePictures'>>) =>
    editor.store.set({ settings: { ...editor.state.settings, ...part } })
  const limits: Readonly<Record<Share, () => [number, number]>> = {
    sceneRows: () => [2 * least, 100 - least],
    sceneTop: () => [least, 100 - least - read('sceneSide')],
    sceneSide: () => [least, 100 - least - read('sceneTop')],
    sceneContext: () => [least, 70],
  }
  const move = (name: Share, value: number) => {
    const [low, high] = limits[name]()
    set({ [name]: Math.round(Math.min(Math.max(value, low), high) * 10) / 10 })
  }
  const reset = () =>
    set({ ...Object.fromEntries(shares.map((name) => [name, startSettings[name]])), scenePictures: startSettings.scenePictures })

  /** A border that changes one share; `sign` −1 where the tile lies behind it. */
  const makeBorder = (name: Share, title: string, host: HTMLElement, isLevel: boolean, sign: 1 | -1) => {
    const border = h('div', {
      class: isLevel ? 'sc-border sc-level' : 'sc-border',
      role: 'separator',
      tabindex: '0',
      'data-testid': `border-${name.slice(5).toLowerCase()}`,
      'aria-label': t(title),
      'aria-orientation': isLevel ? 'horizontal' : 'vertical',
    })
    let from: { at: number; share: number } | null = null
    const at = (event: PointerEvent) => (isLevel ? event.clientY : event.clientX)
    border.addEventListener('pointerdown', (event) => {
      border.setPointerCapture(event.pointerId)
      from = { at: at(event), share: read(name) }
      event.preventDefault()
    })
    border.addEventListener('pointermove', (event) => {
      if (!from || !border.hasPointerCapture(event.pointerId)) return
      const room = isLevel ? host.clientHeight : host.clientWidth
      move(name, from.share + (sign * (at(event) - from.at) * 100) / Math.max(room, 1))
    })
    border.addEventListener('pointerup', () => {
      from = null
    })
    border.addEventListener('dblclick', () => move(name, startSettings[name]))
    border.addEventListener('keydown', (event) => {
      const keys = isLevel ? ['ArrowUp', 'ArrowDown'] : ['ArrowLeft', 'ArrowRight']
      const by = keys.indexOf(event.key)
      if (by < 0) return
      move(name, read(name) + sign * (by === 0 ? -2 : 2))
      event.stopPropagation()
      event.preventDefault()
    })
    editor.store.subscribe(['settings'], () => border.setAttribute('aria-valuenow', String(read(name))))
    border.setAttribute('aria-valuenow', String(read(name)))
    return border
  }
  upper.append(views.perspective, makeBorder('sceneContext', 'Width of the pictures', upper, false, -1), context)
  lower.append(
    views.top,
    makeBorder('sceneTop', 'Width of the top view', lower, false, 1),
    views.side,
    makeBorder('sceneSide', 'Width of the side view', lower, false, 1),
    views.front,
  )
  element.insertBefore(makeBorder('sceneRows', 'Height of the perspective view', element, true, 1), lower)
  divideTiles(editor, context)
  const apply = () => {
    for (const name of shares) element.style.setProperty(`--${name}`, String(read(name)))
  }
  editor.store.subscribe(['settings'], apply)
  apply()
  return { element, views, reset }
}
