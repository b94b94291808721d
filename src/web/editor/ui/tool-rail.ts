// The rail of tools at the left, and the fly-out that asks what is drawn next.
import type { Editor } from '../editor'
import { t } from '../i18n/message'
import { makeModelFlyout } from '../models/model-flyout'
import { issueTool } from '../review/issue-tool'
import { makeDrawFlyout } from '../tools/panels/draw-flyout'
import { findTool, listRail } from '../tools/registry'
import { workspaceFacts } from '../workspaces/workspace'
import { describe } from './button'
import { h, setAttribute } from './dom'
import { type IconName, icon } from './icons'

export const makeToolRail = (editor: Editor): HTMLElement => {
  const rail = h('nav', {
    class: 'ed-rail',
    'aria-label': t('Tools'),
    'data-tip-side': 'right',
    role: 'toolbar',
    'aria-orientation': 'vertical',
  })
  const { turns, models } = editor.traits
  const buttons = new Map<string, HTMLButtonElement>()
  let flyout: HTMLElement | null = null
  let turnsLeft = false

  const addButton = (id: string, title: string, name: IconName, run: () => void, keys: string[] = []) => {
    const button = h(
      'button',
      { type: 'button', class: 'ed-button ed-tool', 'data-testid': `tool-${id}`, on: { click: run } },
      icon(name),
    )
    describe(button, t(title), keys)
    buttons.set(id, button)
    host.append(button)
  }
  /** What is only there where shapes are drawn, and what only in review. */
  const drawing = h('div', { class: 'ed-rail-part' })
  const reviewing = h('div', { class: 'ed-rail-part' })
  let host: HTMLElement = rail

  for (const group of listRail()) {
    const shown = group.filter((tool) => !tool.draws || editor.labelsFor(tool.draws).length > 0)
    if (shown.length === 0) continue
    if (rail.childElementCount > 0) host = drawing
    if (host === drawing) drawing.append(h('hr', { class: 'ed-rail-line' }))
    for (const tool of shown) {
      const run = () => {
        const open = tool.draws !== undefined && editor.state.flyout !== tool.id
        editor.stage.setTool(editor.stage.methodOf(tool.id))
        editor.store.set({ flyout: open ? tool.id : null })
      }
      addButton(tool.id, tool.title, tool.icon as IconName, run, tool.id === 'cursor' ? ['Esc'] : [])
    }
    if (group[0]?.id === 'cursor') {
      addButton(
        'fit',
        turns ? 'Fit the picture (double click on the background)' : 'Fit the view (double click on nothing)',
        'maximize',
        () => editor.viewport.fit(),
      )
      if (turns)
        addButton(
          'rotate',
          'Turn the picture; to the left with Shift',
          'rotate-right',
          () => editor.turnPicture(turnsLeft ? -90 : 90),
          ['Ctrl+R'],
        )
    }
  }
  if (models) {
    host = drawing
    drawing.append(h('hr', { class: 'ed-rail-line' }))
    addButton('model', 'Models', 'sparkles', () => {
      editor.store.set({ flyout: editor.state.flyout === 'model' ? null : 'model' })
      void editor.models.load()
    })
  }
  // What the pointer nears may be taken up: the picture is looked at ahead.
  buttons.get('model')?.addEventListener('pointerenter', () => editor.models.prepare())
  host = reviewing
  reviewing.append(h('hr', { class: 'ed-rail-line' }))
  addButton(issueTool.id, issueTool.title, 'message-square', () => editor.stage.setTool(issueTool.id), ['N'])
  rail.append(drawing, reviewing)
  buttons.get('rotate')?.addEventListener(
    'click',
    (event) => {
      turnsLeft = event.shiftKey
    },
    true,
  )
  const showParts = () => {
    const { workspace } = editor.state
    drawing.hidden = !workspaceFacts[workspace].draws
    reviewing.hidden = workspace !== 'review'
  }
  editor.store.subscribe(['workspace'], showParts)
  showParts()

  const update = () => {
    const { toolId, flyout: open } = editor.state
    const { id: own, rail: railId = own } = findTool(toolId)
    for (const [id, button] of buttons) setAttribute(button, 'aria-pressed', String(id === railId))
    if ((flyout?.dataset.tool ?? null) === open) return
    flyout?.remove()
    flyout = null
    const tool = listRail()
      .flat()
      .find((one) => one.id === open)
    const anchor = open ? buttons.get(open) : undefined
    if (!open || !anchor) return
    if (tool) flyout = makeDrawFlyout(editor, tool)
    else if (open === 'model') flyout = makeModelFlyout(editor)
    else return
    flyout.dataset.tool = open
    const frame = editor.screen.root.getBoundingClientRect()
    const { top, bottom } = anchor.getBoundingClientRect()
    // In the lower half it grows upwards, so that it stays on the screen whatever it holds.
    if (top - frame.top < frame.height / 2) flyout.style.top = `${top - frame.top - 4}px`
    else flyout.style.bottom = `${frame.bottom - bottom - 4}px`
    editor.screen.root.append(flyout)
  }
  editor.store.subscribe(['toolId', 'flyout'], update)
  setAttribute(buttons.get('cursor')!, 'aria-pressed', 'true')
  return rail
}
