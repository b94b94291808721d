// The side bar: objects and labels in tabs, appearance below; its width can be dragged.
import type { Editor } from '../editor'
import { clampNumber } from '../view/geometry'
import { makeAppearancePanel } from './appearance-panel'
import { h, setAttribute } from './dom'
import { makeLabelsPanel } from './labels-panel'
import { makeObjectsPanel } from './objects-panel'

export const makeSideBar = (editor: Editor): HTMLElement => {
  const panels = { objects: makeObjectsPanel(editor), labels: makeLabelsPanel(editor) }
  const titles = { objects: 'Objects', labels: 'Labels' }
  const names = ['objects', 'labels'] as const
  const tabs = names.map((name) => {
    const choose = () => editor.store.set({ sideTab: name })
    const props = {
      type: 'button',
      class: 'ed-tab',
      role: 'tab',
      'data-testid': `side-${name}`,
      'aria-controls': `ed-panel-${name}`,
    }
    return { name, element: h('button', { ...props, on: { click: choose } }, titles[name]) }
  })
  const tabList = h('div', { class: 'ed-tabs', role: 'tablist', 'aria-label': 'Side bar' }, ...tabs.map((tab) => tab.element))
  tabList.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return
    const other = editor.state.sideTab === 'objects' ? 'labels' : 'objects'
    editor.store.set({ sideTab: other })
    tabs.find((tab) => tab.name === other)?.element.focus()
    event.stopPropagation()
  })
  const grip = h('div', {
    class: 'ed-grip',
    role: 'separator',
    'aria-orientation': 'vertical',
    'aria-label': 'Width of the side bar',
    tabindex: '0',
  })
  const element = h(
    'aside',
    { class: 'ed-side', 'aria-label': 'Side bar' },
    grip,
    tabList,
    panels.objects,
    panels.labels,
    makeAppearancePanel(editor),
  )
  const setWidth = (width: number) => {
    element.style.width = `${clampNumber(width, 240, 560)}px`
  }
  grip.addEventListener('pointerdown', (event) => {
    grip.setPointerCapture(event.pointerId)
    event.preventDefault()
  })
  grip.addEventListener('pointermove', (event) => {
    if (grip.hasPointerCapture(event.pointerId)) setWidth(element.getBoundingClientRect().right - event.clientX)
  })
  grip.addEventListener('keydown', (event) => {
    const by = event.key === 'ArrowLeft' ? 16 : event.key === 'ArrowRight' ? -16 : 0
    if (by === 0) return
    setWidth(element.getBoundingClientRect().width + by)
    event.stopPropagation()
  })

  const update = () => {
    const { sideOpen, sideTab } = editor.state
    element.hidden = !sideOpen
    for (const { name, element: tab } of tabs) {
      setAttribute(tab, 'aria-selected', String(name === sideTab))
      tab.tabIndex = name === sideTab ? 0 : -1
      panels[name].hidden = name !== sideTab
    }
  }
  editor.store.subscribe(['sideOpen', 'sideTab'], update)
  update()
  return element
}
