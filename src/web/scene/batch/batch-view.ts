// The batch view: one object over many frames side by side, edited together; a dialog over the whole editor with keys of its own.
import { t } from '../../editor/i18n/message'
import { colorOf } from '../../editor/render/color'
import { h, setText } from '../../editor/ui/dom'
import { type IconName, icon } from '../../editor/ui/icons'
import type { Assistant } from '../assist/assistant'
import { openPoints } from '../assist/points'
import { BatchBook, cellLimits } from './batch-book'
import { type CellView, makeCell } from './batch-cell'
import { FramePoints } from './frame-points'

/** One thing that can be done, by its button and its key. */
type Action = { id: string; title: string; icon: IconName; keys: string; run: () => unknown }

/** As keys are shown and matched in the whole editor: `Ctrl+A`, `Shift+Left`. */
const strokeOf = (event: KeyboardEvent): string => {
  const key = event.key.startsWith('Arrow') ? event.key.slice(5) : event.key.length === 1 ? event.key.toUpperCase() : event.key
  const plain = key === ' ' ? 'Space' : key === 'Delete' ? 'Del' : key
  return `${event.ctrlKey || event.metaKey ? 'Ctrl+' : ''}${event.altKey ? 'Alt+' : ''}${event.shiftKey && key.length > 1 ? 'Shift+' : ''}${plain}`
}

export const openBatch = (assistant: Assistant, clientId: number): void => {
  const { editor, scene } = assistant
  const root = editor.screen.root
  const object = editor.document.get(clientId)
  if (!object || root.querySelector('dialog[open]')) return
  const worker = openPoints(scene.root.dataset.points ?? '')
  const cells = new Map<number, CellView>()
  const points = new FramePoints(scene.cloud, (frame) => cells.get(frame)?.draw())
  const book = new BatchBook(clientId, assistant, worker, points)
  const colour = colorOf(object, editor.job.labels, editor.state.appearance.colorBy)
  const grid = h('div', { class: 'sb-grid', role: 'list', 'aria-label': t('Frames'), 'data-testid': 'batch-grid' })
  const scope = h('span', { class: 'ed-count', 'data-testid': 'batch-scope' })
  const said = h('span', { class: 'sb-said', role: 'status', 'data-testid': 'batch-said' })
  const say = (words: string) => setText(said, words)

  const refresh = () => {
    const shown = new Set(book.cells.map(({ frame }) => frame))
    for (const [frame, view] of cells)
      if (!shown.has(frame)) {
        view.element.remove()
        cells.delete(frame)
      }
    for (const cell of book.cells) {
      let view = cells.get(cell.frame)
      if (!view) {
        const { frame } = cell
        view = makeCell(cell, {
          colour,
          fetched: () => points.get(frame),
          isLocked: () => editor.document.get(clientId)?.locked ?? true,
          onFocus: () => {
            book.focus = frame
            refresh()
          },
          onToggle: () => {
            book.toggle(frame)
            refresh()
          },
          onPlace: (cuboid, title) => {
            book.put(title, new Map([[frame, cuboid]]))
            refresh()
          },
        })
        cells.set(frame, view)
      }
    }
    // In the order of frames; what stands right already is left alone, so that a drag keeps its pointer.
    book.cells.forEach(({ frame }, i) => {
      const { element } = cells.get(frame)!
      if (grid.children[i] !== element) grid.insertBefore(element, grid.children[i] ?? null)
    })
    for (const cell of book.cells)
      cells.get(cell.frame)!.update(cell, { focused: cell.frame === book.focus, chosen: book.chosen.has(cell.frame) })
    const { size } = book.chosen
    setText(
      scope,
      size === 0
        ? t('Frame {frame}', { frame: book.focus })
        : t('{count} of {all} chosen', { count: size, all: book.cells.length }),
    )
    dialog.dataset.chosen = String(size)
    dialog.dataset.focus = String(book.focus)
  }
  const attempt = async (work: () => Promise<number>, none: string) => {
    dialog.dataset.busy = 'true'
    try {
      say((await work()) === 0 ? none : '')
    } catch (error) {
      say(t('The points could not be read: {reason}', { reason: (error as Error).message }))
    }
    dialog.dataset.busy = 'false'
  }
  const tooFew = () => t('There are too few points to fit to')
  const go = (by: number) => {
    book.moveFocus(by)
    cells.get(book.focus)?.element.scrollIntoView({ block: 'nearest' })
  }

  const actions: Action[][] = [
    [
      {
        id: 'fit-all',
        title: t('Fit to the points'),
        icon: 'sparkles',
        keys: 'A',
        run: () => attempt(() => book.fit('all'), tooFew()),
      },
      { id: 'fit-size', title: t('Fit the size, keep the heading'), icon: 'maximize', keys: 'S', run: () => attempt(() => book.fit('size'), tooFew()) }, // biome-ignore format: rows
      { id: 'fit-place', title: t('Fit the place, keep size and heading'), icon: 'scan-search', keys: 'P', run: () => attempt(() => book.fit('place'), tooFew()) }, // biome-ignore format: rows
      { id: 'ground', title: t('Put the cuboid on the ground'), icon: 'arrow-down-to-line', keys: 'G', run: () => attempt(() => book.snapToGround(), t('No ground was found in this cloud')) }, // biome-ignore format: rows
    ],
    [
      {
        id: 'turn-left',
        title: t('Turn the heading a quarter to the left'),
        icon: 'rotate-left',
        keys: 'L',
        run: () => book.turn(1),
      },
      {
        id: 'turn-right',
        title: t('Turn the heading a quarter to the right'),
        icon: 'rotate-right',
        keys: 'R',
        run: () => book.turn(3),
      },
      { id: 'turn-back', title: t('Turn the heading round'), icon: 'refresh', keys: 'T', run: () => book.turn(2) },
      { id: 'motion', title: t('Headings from the motion of the track'), icon: 'route', keys: 'M', run: () => {
        if (book.alignToMotion() === 0) say(t('The track does not move enough to tell where it looks'))
      } }, // biome-ignore format: rows
    ],
    [
      { id: 'copy-size', title: t('Copy the size to the others'), icon: 'copy-plus', keys: 'Z', run: () => book.copy('size') },
      {
        id: 'copy-yaw',
        title: t('Copy the heading to the others'),
        icon: 'arrow-right-to-line',
        keys: 'Y',
        run: () => book.copy('yaw'),
      },
      {
        id: 'copy-place',
        title: t('Copy the place to the others'),
        icon: 'clipboard-paste',
        keys: 'X',
        run: () => book.copy('place'),
      },
      { id: 'straighten', title: t('Straight between the chosen frames'), icon: 'timeline', keys: 'I', run: () => {
        if (!book.straighten()) say(t('Choose two frames or more'))
      } }, // biome-ignore format: rows
    ],
    [
      { id: 'keyframe', title: t('Key frame or not'), icon: 'diamond', keys: 'K', run: () => book.toggleKeys() },
      { id: 'outside', title: t('Outside or not'), icon: 'log-out', keys: 'O', run: () => book.mark('outside') },
      { id: 'occluded', title: t('Occluded or not'), icon: 'square-dashed', keys: 'Q', run: () => book.mark('occluded') },
    ],
    [
      { id: 'undo', title: t('Undo'), icon: 'undo', keys: 'Ctrl+Z', run: () => book.undo() },
      { id: 'redo', title: t('Redo'), icon: 'redo', keys: 'Ctrl+Y', run: () => book.redo() },
    ],
  ]
  const hidden: Pick<Action, 'keys' | 'run'>[] = [
    { keys: 'Left', run: () => go(-1) },
    { keys: 'Right', run: () => go(1) },
    { keys: 'Home', run: () => go(-cellLimits.most) },
    { keys: 'End', run: () => go(cellLimits.most) },
    { keys: 'Space', run: () => book.toggle(book.focus) },
    { keys: 'Ctrl+A', run: () => book.chooseAll() },
    { keys: 'Enter', run: () => close() },
  ]
  const perform = async ({ run }: Pick<Action, 'run'>) => {
    say('')
    await run()
    if (dialog.isConnected) refresh()
  }
  const buttons = actions.map((group) =>
    h(
      'div',
      { class: 'sb-group' },
      ...group.map((action) =>
        h(
          'button',
          {
            type: 'button',
            class: 'ed-button',
            'data-testid': `batch-${action.id}`,
            'aria-label': action.title,
            title: `${action.title} (${action.keys})`,
            on: { click: () => void perform(action) },
          },
          icon(action.icon),
        ),
      ),
    ),
  )
  const makeNumber = (id: string, words: string, value: number, least: number, most: number) => {
    const input = h('input', {
      class: 'ed-input sb-number',
      type: 'number',
      min: least,
      max: most,
      value: String(value),
      'data-testid': id,
      on: {
        change: () => {
          book.setRange(Number(count.input.value), Number(step.input.value))
          const { range } = book
          count.input.value = String(range.count)
          step.input.value = String(range.step)
          refresh()
        },
      },
    })
    return { input, element: h('label', { class: 'sb-field' }, h('span', { text: words }), input) }
  }
  const count = makeNumber('batch-count', t('Frames'), cellLimits.usual, cellLimits.least, cellLimits.most)
  const step = makeNumber('batch-step', t('Every'), 1, 1, 100)
  const push = (id: string, words: string, tone: string, run: () => void) =>
    h('button', { type: 'button', class: `ed-push ${tone}`, 'data-testid': id, on: { click: run } }, words)
  const label = editor.job.labels.get(object.data.label_id)?.name ?? ''
  const close = () => {
    if (!dialog.isConnected) return
    dialog.close()
    dialog.remove()
    points.close()
    worker.close()
    root.querySelector<HTMLElement>('.ed-canvas')?.focus({ preventScroll: true })
  }
  const dialog: HTMLDialogElement = h(
    'dialog',
    { class: 'ed-dialog sb-dialog', 'data-testid': 'batch-view', 'aria-labelledby': 'sb-title', 'data-busy': 'false' },
    h(
      'div',
      { class: 'sb-bar' },
      h('h2', { id: 'sb-title', text: t('{label} {id} over frames', { label, id: clientId }) }),
      count.element,
      step.element,
      push('batch-all', t('Choose all'), 'ed-tiny', () => {
        book.chooseAll()
        refresh()
      }),
      scope,
      ...buttons,
      h(
        'div',
        { class: 'sb-end' },
        push('batch-discard', t('Discard'), '', () => {
          book.discard()
          close()
        }),
        push('batch-accept', t('Accept and close'), 'ed-accent', close),
      ),
    ),
    grid,
    h(
      'div',
      { class: 'sb-foot' },
      said,
      h('span', {
        text: t(
          'Drag in any picture; arrows go to other frames, Space chooses, Ctrl+A chooses all; what is done counts for the chosen ones',
        ),
      }),
    ),
  )
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault()
    close()
  })
  dialog.addEventListener('keydown', (event) => {
    const inField = event.target instanceof HTMLInputElement && event.target.type !== 'checkbox'
    const stroke = strokeOf(event)
    const isPress = event.target instanceof HTMLButtonElement && (stroke === 'Enter' || stroke === 'Space')
    if (inField || isPress) return
    const action = [...actions.flat(), ...hidden].find(({ keys }) => keys === stroke) ?? null
    // Nothing of it reaches the editor below.
    event.stopPropagation()
    if (!action) return
    event.preventDefault()
    if (dialog.dataset.busy !== 'true') void perform(action)
  })
  root.append(dialog)
  dialog.showModal()
  const observer = new ResizeObserver(() => {
    for (const view of cells.values()) view.draw()
  })
  observer.observe(grid)
  refresh()
  grid.tabIndex = 0
  grid.focus({ preventScroll: true })
}
