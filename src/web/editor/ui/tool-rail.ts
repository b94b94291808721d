// The rail of tools at the left, and the fly-out that asks what is drawn next.
import type { Editor } from '../editor'
import { toolsOnRail } from '../tools/rail'
import type { Tool } from '../tools/tool'
import { describe } from './button'
import { h, setAttribute } from './dom'
import { type IconName, icon } from './icons'

const makeFlyout = (editor: Editor, tool: Tool): HTMLElement => {
  const kind = tool.draws!
  const labels = editor.labelsFor(kind)
  const select = h(
    'select',
    {
      class: 'ed-select',
      'data-testid': 'draw-label',
      'aria-label': 'Label',
      on: {
        change: () => {
          const label = labels.find((one) => one.name === select.value)
          if (label) editor.store.set({ drawLabelId: label.id })
        },
      },
    },
    ...labels.map((label) => h('option', { value: label.name, text: label.name })),
  )
  select.value = editor.job.labels.get(editor.stage.labelFor(kind))?.name ?? ''
  const count = h('input', {
    class: 'ed-input',
    type: 'number',
    min: 0,
    placeholder: 'any',
    'data-testid': 'draw-count',
    'aria-label': 'Number of points',
    value: editor.state.drawCount > 0 ? String(editor.state.drawCount) : '',
    on: { input: () => editor.store.set({ drawCount: Math.max(Math.floor(Number(count.value)) || 0, 0) }) },
  })
  const hasPoints = kind === 'polygon' || kind === 'polyline' || kind === 'points'
  const start = (drawAs: 'shape' | 'track') => () => {
    editor.store.set({ drawAs, flyout: null })
    editor.stage.setTool(tool.id)
  }
  return h(
    'div',
    { class: 'ed-flyout', role: 'dialog', 'aria-label': `Draw: ${tool.title}` },
    h('div', { class: 'ed-flyout-title' }, icon(tool.icon as IconName), tool.title),
    h('label', { class: 'ed-field' }, h('span', { text: 'Label' }), select),
    hasPoints ? h('label', { class: 'ed-field' }, h('span', { text: 'Points' }), count) : null,
    h(
      'div',
      { class: 'ed-row' },
      h(
        'button',
        { type: 'button', class: 'ed-push ed-accent', 'data-testid': 'draw-shape', on: { click: start('shape') } },
        'Shape',
      ),
      h('button', { type: 'button', class: 'ed-push', 'data-testid': 'draw-track', on: { click: start('track') } }, 'Track'),
    ),
    h('p', { class: 'ed-note' }, 'Draw at once, or choose first. ', h('kbd', { text: 'N' }), ' draws the same again.'),
  )
}

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
        editor.stage.setTool(tool.id)
        editor.store.set({ flyout: open ? tool.id : null })
      }
      addButton(tool.id, tool.title, tool.icon as IconName, run, tool.id === 'cursor' ? ['Esc'] : [])
    }
    if (group[0]?.id === 'cursor')
      addButton('fit', 'Fit the picture (double click on the background)', 'maximize', () => editor.viewport.fit())
  }

  const update = () => {
    const { toolId, flyout: open } = editor.state
    for (const [id, button] of buttons) setAttribute(button, 'aria-pressed', String(id === toolId))
    if ((flyout?.dataset.tool ?? null) === open) return
    flyout?.remove()
    flyout = null
    const tool = toolsOnRail.flat().find((one) => one.id === open)
    const anchor = open ? buttons.get(open) : undefined
    if (!tool || !anchor) return
    flyout = makeFlyout(editor, tool)
    flyout.dataset.tool = tool.id
    const frame = editor.screen.root.getBoundingClientRect()
    flyout.style.top = `${anchor.getBoundingClientRect().top - frame.top - 4}px`
    editor.screen.root.append(flyout)
  }
  editor.store.subscribe(['toolId', 'flyout'], update)
  setAttribute(buttons.get('cursor')!, 'aria-pressed', 'true')
  return rail
}
