// The panel of the single-shape workspace: what is to be drawn, how it goes on, how many frames remain.
import type { ShapeType } from '../../../formats/model'
import type { Editor } from '../editor'
import { t, tn } from '../i18n/message'
import { finishJob, readCheck } from '../review/finish-job'
import { shapeKinds } from '../shapes/registry'
import {
  beginDrawing,
  countRemaining,
  goOn,
  listSingleLabels,
  listTypes,
  type SingleOptions,
  setSingle,
} from '../workspaces/single-shape'
import { openDialog } from './dialog'
import { h, setText } from './dom'

/** After the last frame: saves and finishes the job, or lets one look again. */
export const askSubmit = (editor: Editor): void => {
  const { saveAtEnd } = editor.state.single
  const finish = async () => {
    await editor.save()
    if (editor.state.pending > 0) {
      editor.explain('The job is not finished: its changes are not saved yet', 'error')
      return
    }
    await finishJob(editor, editor.screen.root, await readCheck(editor))
  }
  openDialog(editor.screen.root, {
    testId: 'dialog',
    title: t('That was the last frame'),
    body: [h('p', { text: t(saveAtEnd ? 'Save everything and finish the job?' : 'Finish the job?') })],
    onDismiss: () => {},
    choices: [
      { testId: 'dialog-cancel', title: t('Not yet'), run: () => {} },
      { testId: 'dialog-ok', title: t('Submit'), tone: 'accent', run: () => void finish() },
    ],
  })
}

export const makeSinglePanel = (editor: Editor): HTMLElement => {
  const labels = listSingleLabels(editor)
  const again = () => {
    if (editor.state.workspace === 'single_shape') beginDrawing(editor)
  }
  const prompt = h('p', { class: 'ed-prompt', role: 'status', 'data-testid': 'single-prompt' })
  const remaining = h('span', { class: 'ed-count', 'data-testid': 'single-remaining' })
  const label = h(
    'select',
    {
      class: 'ed-select',
      'data-testid': 'single-label',
      'aria-label': t('Label'),
      on: {
        change: () => {
          setSingle(editor, { labelId: labels.find((one) => one.name === label.value)?.id ?? 0 })
          again()
          label.blur()
        },
      },
    },
    ...labels.map((one) => h('option', { value: one.name, text: one.name })),
  )
  const type = h('select', {
    class: 'ed-select',
    'data-testid': 'single-type',
    'aria-label': t('Shape'),
    on: {
      change: () => {
        setSingle(editor, { type: type.value as ShapeType })
        again()
        type.blur()
      },
    },
  })
  const points = h('input', {
    class: 'ed-input',
    type: 'number',
    min: 0,
    placeholder: t('any'),
    'data-testid': 'single-points',
    'aria-label': t('Number of points'),
    on: {
      change: () => {
        setSingle(editor, { points: Math.max(Math.floor(Number(points.value)) || 0, 0) })
        again()
      },
    },
  })
  const flag = (key: 'autoNext' | 'saveAtEnd' | 'onlyEmpty', testId: string, title: string) => {
    const input = h('input', {
      type: 'checkbox',
      'data-testid': testId,
      on: { change: () => setSingle(editor, { [key]: input.checked } as Partial<SingleOptions>) },
    })
    return { key, input, element: h('label', { class: 'ed-check' }, input, h('span', { text: t(title) })) }
  }
  const flags = [
    flag('autoNext', 'single-auto-next', 'Go to the next frame by itself'),
    flag('saveAtEnd', 'single-save', 'Save at the end'),
    flag('onlyEmpty', 'single-only-empty', 'Only frames without objects'),
  ]
  const skip = h(
    'button',
    { type: 'button', class: 'ed-push', 'data-testid': 'single-skip', on: { click: () => void goOn(editor) } },
    t('Skip this frame'),
  )
  const submit = h(
    'button',
    { type: 'button', class: 'ed-push', 'data-testid': 'single-submit', on: { click: () => askSubmit(editor) } },
    t('Finish…'),
  )

  const update = () => {
    if (editor.state.workspace !== 'single_shape') return
    const { single } = editor.state
    const chosen = editor.job.labels.get(single.labelId)
    const types = listTypes(editor, single.labelId)
    if (type.dataset.types !== types.join()) {
      type.dataset.types = types.join()
      type.replaceChildren(...types.map((one) => h('option', { value: one, text: t(shapeKinds[one].title) })))
    }
    label.value = chosen?.name ?? ''
    type.value = single.type
    type.disabled = types.length < 2
    if (document.activeElement !== points) points.value = single.points > 0 ? String(single.points) : ''
    for (const { key, input } of flags) input.checked = single[key]
    setText(
      prompt,
      chosen
        ? t('Draw “{label}” as {shape}', { label: chosen.name, shape: t(single.type) })
        : t('No label of this job can be drawn.'),
    )
    setText(remaining, tn(countRemaining(editor), 'One more frame', '{count} more frames'))
  }
  editor.store.subscribe(['workspace', 'single', 'frame', 'edition'], update)
  update()
  return h(
    'div',
    { class: 'ed-panel ed-work-panel', role: 'region', 'aria-label': t('Single shape') },
    prompt,
    remaining,
    h('label', { class: 'ed-field' }, h('span', { text: t('Label') }), label),
    h('label', { class: 'ed-field' }, h('span', { text: t('Shape') }), type),
    h('label', { class: 'ed-field' }, h('span', { text: t('Points') }), points),
    ...flags.map((one) => one.element),
    h('div', { class: 'ed-row' }, skip, submit),
    h(
      'p',
      { class: 'ed-note' },
      h('kbd', { text: 'N' }),
      ` ${t('draws again or finishes,')} `,
      h('kbd', { text: 'Esc' }),
      ` ${t('drops what is drawn.')}`,
    ),
  )
}
