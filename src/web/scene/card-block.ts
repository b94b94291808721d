// Numbers of a cuboid in its card: sizes while it is active, place and rotation too while the card is open; all can be typed.
import type { Cuboid } from '../../formats/geometry3d/cuboid'
import type { Vector } from '../../formats/geometry3d/rotation'
import type { Editor } from '../editor/editor'
import { t } from '../editor/i18n/message'
import type { CardBlocks } from '../editor/kit'
import { h } from '../editor/ui/dom'
import { workspaceFacts } from '../editor/workspaces/workspace'
import { countLinePx, makeCountLine } from './assist/card-count'
import { toBody, toCuboid } from './cuboid-body'
import { leastSize } from './views/projection'

type Row = {
  key: 'size' | 'position' | 'rotation'
  title: string
  part: 'scale' | 'position' | 'rotation'
  /** Shown number to stored one. */
  unit: number
  step: string
  least: number | null
}

const rows: readonly Row[] = [
  { key: 'size', title: 'Size (m)', part: 'scale', unit: 1, step: '0.01', least: leastSize },
  { key: 'position', title: 'Position (m)', part: 'position', unit: 1, step: '0.01', least: null },
  { key: 'rotation', title: 'Rotation (°)', part: 'rotation', unit: Math.PI / 180, step: '0.5', least: null },
]

const rowPx = 32
const restPx = 8
const axes = ['x', 'y', 'z'] as const

const cuboidOf = (editor: Editor, clientId: number): Cuboid | null => toCuboid(editor.scene.items.get(clientId)?.body)

const show = (value: number): string => String(Math.round(value * 1000) / 1000)

export const cardBlock: CardBlocks = {
  measure: (editor, clientId, { active, open }) => {
    if (!cuboidOf(editor, clientId)) return 0
    const count = open ? rows.length : active ? 1 : 0
    return count > 0 ? count * rowPx + countLinePx + restPx : 0
  },
  make: (editor, clientId, read) => {
    /** Fields that somebody is writing in: what happens meanwhile must not take it away. */
    const typed = new Set<HTMLInputElement>()
    const lines = rows.map((row) => {
      const inputs = axes.map((axis, i) => {
        const input = h('input', {
          type: 'number',
          class: 'ed-input sc-number',
          step: row.step,
          'data-testid': `object-${row.key}-${axis}`,
          'aria-label': `${t(row.title)} ${axis.toUpperCase()}`,
          on: {
            input: () => void typed.add(input),
            change: () => {
              typed.delete(input)
              change(row, i, input)
            },
            blur: () => {
              if (typed.delete(input)) update()
            },
          },
        })
        if (row.least !== null) input.min = String(row.least)
        return input
      })
      const fields = inputs.map((input, i) =>
        h('label', { class: 'sc-axis' }, h('span', { text: axes[i]!.toUpperCase() }), input),
      )
      return { row, inputs, element: h('div', { class: 'sc-numbers' }, h('span', { text: t(row.title) }), ...fields) }
    })
    const count = makeCountLine(editor, clientId)
    const element = h('div', { class: 'sc-card-block' }, ...lines.map((line) => line.element), count.element)

    const change = (row: Row, axis: number, input: HTMLInputElement) => {
      const cuboid = cuboidOf(editor, clientId)
      const given = input.value.trim() === '' ? Number.NaN : Number(input.value)
      if (!cuboid || !Number.isFinite(given) || (row.least !== null && given < row.least)) {
        if (cuboid && row.least !== null && given < row.least) editor.explain('A cuboid is at least 0.05 m long, wide and high')
        update()
        return
      }
      const values = cuboid[row.part].map((value, i) => (i === axis ? given * row.unit : value)) as unknown as Vector
      const { points, rotation } = toBody({ ...cuboid, [row.part]: values })
      const titles = { size: 'Resize cuboid', position: 'Move cuboid', rotation: 'Rotate cuboid' }
      editor.do({ type: 'place', clientId, position: { points, rotation }, title: titles[row.key] })
    }
    const update = () => {
      const { active, open } = read()
      const cuboid = cuboidOf(editor, clientId)
      const isFixed = editor.document.get(clientId)?.locked === true || !workspaceFacts[editor.state.workspace].edits
      element.hidden = !cuboid || (!active && !open)
      if (!cuboid || element.hidden) return
      count.update()
      for (const [index, { row, inputs, element: line }] of lines.entries()) {
        line.hidden = index > 0 && !open
        for (const [i, input] of inputs.entries()) {
          input.disabled = isFixed
          const shown = show(cuboid[row.part][i]! / row.unit)
          if (!typed.has(input) && input.value !== shown) input.value = shown
        }
      }
    }
    update()
    return { element, update }
  },
}
