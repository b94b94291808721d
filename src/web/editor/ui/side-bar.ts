// The side bar: panels in tabs or the panel of a workspace, appearance below; its width can be dragged.
import type { Editor } from '../editor'
import { t } from '../i18n/message'
import type { SidePanel } from '../kit'
import type { OwnTab } from '../state'
import { clampNumber } from '../view/geometry'
import { type Workspace, workspaceFacts } from '../workspaces/workspace'
import { makeAppearancePanel } from './appearance-panel'
import { makeAttributePanel } from './attribute-panel'
import { recallGroupColors } from './choose-color'
import { h, setAttribute } from './dom'
import { makeHistoryPanel } from './history-panel'
import { makeIssuesPanel } from './issues-panel'
import { makeLabelsPanel } from './labels-panel'
import { makeLayersPanel } from './layers-panel'
import { makeObjectsPanel } from './objects-panel'
import { makeSinglePanel } from './single-panel'
import { makeTagPanel } from './tag-panel'

const tabTitles: Record<OwnTab, string> = {
  objects: 'Objects',
  labels: 'Labels',
  issues: 'Issues',
  layers: 'Layers',
  history: 'History',
}
const ownNames = Object.keys(tabTitles) as OwnTab[]

const widthKey = 'annolith-side-width'

/** `more`: tabs that follow the usual ones. */
export const makeSideBar = (editor: Editor, more: readonly SidePanel[] = []): HTMLElement => {
  recallGroupColors(editor)
  const own: Record<OwnTab, (editor: Editor) => HTMLElement> = {
    objects: makeObjectsPanel,
    labels: makeLabelsPanel,
    issues: makeIssuesPanel,
    layers: makeLayersPanel,
    history: makeHistoryPanel,
  }
  const shown = ownNames.filter((name) => name !== 'layers' || editor.traits.layers)
  const all: readonly SidePanel[] = [...shown.map((id) => ({ id, title: tabTitles[id], element: own[id](editor) })), ...more]
  const names = all.map(({ id }) => id)
  const workPanels: Partial<Record<Workspace, HTMLElement>> = {
    attributes: makeAttributePanel(editor),
    tags: makeTagPanel(editor),
    single_shape: makeSinglePanel(editor),
  }
  const tabs = all.map(({ id: name, title, element: panel }) => {
    const choose = () => editor.store.set({ sideTab: name })
    const props = {
      type: 'button',
      class: 'ed-tab',
      role: 'tab',
      'data-testid': `side-${name}`,
      'aria-controls': `ed-panel-${name}`,
    }
    return { name, panel, element: h('button', { ...props, on: { click: choose } }, t(title)) }
  })
  const tabList = h('div', { class: 'ed-tabs', role: 'tablist', 'aria-label': t('Side bar') }, ...tabs.map((tab) => tab.element))
  tabList.addEventListener('keydown', (event) => {
    const by = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0
    if (by === 0) return
    const other = names[(names.indexOf(editor.state.sideTab) + by + names.length) % names.length]!
    editor.store.set({ sideTab: other })
    tabs.find((tab) => tab.name === other)?.element.focus()
    event.stopPropagation()
  })
  const grip = h('div', {
    class: 'ed-grip',
    role: 'separator',
    'aria-orientation': 'vertical',
    'aria-label': t('Width of the side bar'),
    'aria-valuenow': '320',
    'aria-valuemin': '240',
    'aria-valuemax': '560',
    tabindex: '0',
  })
  const element = h(
    'aside',
    { class: 'ed-side', 'aria-label': t('Side bar') },
    grip,
    tabList,
    ...all.map((panel) => panel.element),
    ...Object.values(workPanels),
    makeAppearancePanel(editor),
  )
  const setWidth = (width: number) => {
    const chosen = clampNumber(width, 240, 560)
    element.style.width = `${chosen}px`
    grip.setAttribute('aria-valuenow', String(chosen))
    try {
      localStorage.setItem(widthKey, String(chosen))
    } catch {}
  }
  try {
    const kept = Number(localStorage.getItem(widthKey))
    if (kept > 0 && window.innerWidth > 1180) setWidth(kept)
  } catch {}
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
    const { sideOpen, sideTab, workspace } = editor.state
    const isOwn = workspaceFacts[workspace].panel
    element.hidden = !sideOpen
    tabList.hidden = isOwn
    for (const { name, panel, element: tab } of tabs) {
      setAttribute(tab, 'aria-selected', String(name === sideTab))
      tab.tabIndex = name === sideTab ? 0 : -1
      panel.hidden = isOwn || name !== sideTab
    }
    for (const [name, panel] of Object.entries(workPanels)) panel.hidden = name !== workspace
  }
  editor.store.subscribe(['sideOpen', 'sideTab', 'workspace'], update)
  update()
  return element
}
