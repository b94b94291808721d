// Actions over many objects: which, on which frames, how many it would be, and then all as one step of undo.
import { type Action, type ActionName, type ActionOptions, actions, countAction } from '../actions/actions'
import type { Editor } from '../editor'
import { t, tn } from '../i18n/message'
import { type OpenDialog, openDialog } from './dialog'
import { h, setText } from './dom'

export const openActions = (
  editor: Editor,
  root: HTMLElement,
  onClose: () => void,
  start: { name?: ActionName; clientId?: number | null } = {},
): OpenDialog => {
  const { frames, state } = editor
  const labels = [...editor.job.labels.values()]
  const clientId = start.clientId ?? null
  const select = h(
    'select',
    { class: 'ed-select', 'data-testid': 'action-name', 'aria-label': t('Action'), on: { change: () => update() } },
    ...actions.map((action) => h('option', { value: action.name, text: t(action.title) })),
  )
  select.value = start.name ?? 'remove-filtered'
  const number = (testId: string, title: string, value: number) =>
    h('input', {
      class: 'ed-input',
      type: 'number',
      min: frames.start,
      max: frames.stop,
      value: String(value),
      'data-testid': testId,
      'aria-label': t(title),
      on: { input: () => update() },
    })
  const from = number('action-from', 'First frame', start.name || clientId === null ? frames.start : state.frame)
  const to = number('action-to', 'Last frame', frames.stop)
  const label = h(
    'select',
    { class: 'ed-select', 'data-testid': 'action-label', 'aria-label': t('Label'), on: { change: () => update() } },
    ...labels.map((one) => h('option', { value: one.name, text: one.name })),
  )
  const labelRow = h('label', { class: 'ed-setting' }, h('span', { text: t('Label') }), label)
  const count = h('p', { class: 'ed-action-count', role: 'status', 'data-testid': 'action-count' })
  const set = (first: number, last: number) => {
    from.value = String(first)
    to.value = String(last)
    update()
  }
  const preset = (testId: string, title: string, first: () => number, last: () => number) =>
    h(
      'button',
      { type: 'button', class: 'ed-push ed-tiny', 'data-testid': testId, on: { click: () => set(first(), last()) } },
      t(title),
    )
  const presets = h(
    'div',
    { class: 'ed-chips' },
    preset(
      'action-here',
      'This frame',
      () => state.frame,
      () => state.frame,
    ),
    preset(
      'action-all',
      'All frames',
      () => frames.start,
      () => frames.stop,
    ),
    preset(
      'action-onward',
      'From here on',
      () => state.frame,
      () => frames.stop,
    ),
    preset(
      'action-up-to',
      'Up to here',
      () => frames.start,
      () => state.frame,
    ),
  )
  const read = (): { action: Action; options: ActionOptions } => {
    const [a, b] = [Number(from.value), Number(to.value)]
    return {
      action: actions.find((one) => one.name === select.value) ?? actions[0]!,
      options: {
        range: { from: Math.min(a, b), to: Math.max(a, b) },
        filter: editor.state.filter,
        clientId,
        labelId: labels.find((one) => one.name === label.value)?.id ?? 0,
      },
    }
  }
  const update = () => {
    const { action, options } = read()
    labelRow.hidden = !action.needsLabel
    setText(count, tn(countAction(editor, action, options), 'One object', '{count} objects'))
  }
  const run = () => {
    const { action, options } = read()
    const edit = editor.do(...action.plan(editor, options))
    editor.explain(
      tn(edit?.patches.length ?? 0, 'One object changed; undo takes it back', '{count} objects changed; undo takes it back'),
    )
    onClose()
  }
  update()
  return openDialog(root, {
    testId: 'action-dialog',
    title: clientId === null ? t('Change many objects') : t('Change object {id}', { id: clientId }),
    body: [
      h('label', { class: 'ed-setting ed-wide-setting' }, h('span', { text: t('Action') }), select),
      h('label', { class: 'ed-setting' }, h('span', { text: t('First frame') }), from),
      h('label', { class: 'ed-setting' }, h('span', { text: t('Last frame') }), to),
      presets,
      labelRow,
      count,
    ],
    onDismiss: onClose,
    choices: [
      { testId: 'dialog-cancel', title: t('Cancel'), run: onClose },
      { testId: 'action-run', title: t('Run'), tone: 'accent', run },
    ],
  })
}
