// The rail of tools at the left, and the fly-out that asks what is drawn next.
import type { Editor } from '../editor'
import { makeDrawFlyout } from '../tools/panels/draw-flyout'
import { toolsOnRail } from '../tools/rail'
import { findTool } from '../tools/registry'
import { describe } from './button'
import { h, setAttribute } from './dom'
import { type IconName, icon } from './icons'

export const makeToolRail = (editor: Editor): HTMLElement => {
  const rail = h('nav', {
    class: 'ed-rail',
    'aria-label': 'Tools',
    'data-tip-side': 'right',
    role: 'toolbar',
    'aria-orientation': 'vertical',
  })
  const buttons = new Map<string, HTMLButtonElement>()
  let flyout: HTMLElement | null = null

  const addButton = (id: string, title: string, name: IconName, run: () => void, keys: string[] = []) => {
    const button = h(
      'button',
      { type: 'button', class: 'ed-button ed-tool', 'data-testid': `tool-${id}`, on: { click: run } },
      icon(name),
    )
    describe(button, title, keys)
    buttons.set(id, button)
    rail.append(button)
  }

  for (const group of toolsOnRail) {
    const shown = group.filter((tool) => !tool.draws || editor.labelsFor(tool.draws).length > 0)
    if (shown.length === 0) continue
    if (rail.childElementCount > 0) rail.append(h('hr', { class: 'ed-rail-line' }))
    for (const tool of shown) {
      const run = () => {
        const open = tool.draws !== undefined && editor.state.flyout !== tool.id
        editor.stage.setTool(editor.stage.methodOf(tool.id))
        editor.store.set({ flyout: open ? tool.id : null })
      }
      addButton(tool.id, tool.title, tool.icon as IconName, run, tool.id === 'cursor' ? ['Esc'] : [])
    }
    if (group[0]?.id === 'cursor')
      addButton('fit', 'Fit the picture (double click on the background)', 'maximize', () => editor.viewport.fit())
  }

  const update = () => {
    const { toolId, flyout: open } = editor.state
    const { id: own, rail: railId = own } = findTool(toolId)
    for (const [id, button] of buttons) setAttribute(button, 'aria-pressed', String(id === railId))
    if ((flyout?.dataset.tool ?? null) === open) return
    flyout?.remove()
    flyout = null
    const tool = toolsOnRail.flat().find((one) => one.id === open)
    const anchor = open ? buttons.get(open) : undefined
    if (!tool || !anchor) return
    flyout = makeDrawFlyout(editor, tool)
    flyout.dataset.tool = tool.id
    const frame = editor.screen.root.getBoundingClientRect()
    flyout.style.top = `${anchor.getBoundingClientRect().top - frame.top - 4}px`
    editor.screen.root.append(flyout)
  }
  editor.store.subscribe(['toolId', 'flyout'], update)
  setAttribute(buttons.get('cursor')!, 'aria-pressed', 'true')
  return rail
}
