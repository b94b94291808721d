// Asks how far copies of the chosen objects go, and makes them.
import type { Shape } from '../../../../formats/model'
import { copyItem } from '../../document/copy'
import { propagateShapes } from '../../document/operations/propagate'
import type { Editor } from '../../editor'
import { t, tn } from '../../i18n/message'
import { openDialog } from '../../ui/dialog'
import { h } from '../../ui/dom'

export type Propagation = { direction: 'forward' | 'backward'; count: number }

/** Frames to which copies go: the next or previous ones of the job that are not deleted. */
export const listTargetFrames = (editor: Editor, { direction, count }: Propagation): number[] => {
  const { frame } = editor.state
  const free = editor.frames.frames.filter((one) => !editor.frames.deleted.has(one))
  const ahead = direction === 'forward' ? free.filter((one) => one > frame) : free.filter((one) => one < frame).reverse()
  return ahead.slice(0, count)
}

const sizeOf = (editor: Editor) => (frame: number) => {
  const { meta, info } = editor.job
  return meta.frames[meta.frames.length === 1 ? 0 : frame - info.start_frame] ?? editor.state.size
}

/** Copies the chosen objects as shapes to other frames, as one step; returns how many frames got them. */
export const propagate = (editor: Editor, how: Propagation): number => {
  const shapes = editor.chosenIds.flatMap((id): Shape[] => {
    const content = copyItem(editor.scene.items.get(id), editor.state.frame)
    return content?.kind === 'shape' ? [content.data] : []
  })
  const frames = listTargetFrames(editor, how)
  const adds = propagateShapes(shapes, frames, sizeOf(editor))
  if (adds.length > 0) editor.do({ type: 'rewrite', title: 'Propagate', changes: [], adds })
  return adds.length > 0 ? frames.length : 0
}

export const openPropagate = (editor: Editor): void => {
  const most = (direction: Propagation['direction']) => listTargetFrames(editor, { direction, count: Infinity }).length
  const forward = most('forward')
  if (forward === 0 && most('backward') === 0) {
    editor.explain(t('There is no other frame'))
    return
  }
  const direction = h(
    'select',
    { class: 'ed-select', 'data-testid': 'propagate-direction', 'aria-label': t('Direction'), on: { change: () => update() } },
    h('option', { value: 'forward', text: t('Forward') }),
    h('option', { value: 'backward', text: t('Backward') }),
  )
  direction.value = forward > 0 ? 'forward' : 'backward'
  const count = h('input', {
    class: 'ed-input',
    type: 'number',
    min: 1,
    'data-testid': 'propagate-count',
    'aria-label': t('Number of frames'),
    value: String(Math.min(10, most(direction.value as Propagation['direction']))),
    on: { input: () => update() },
  })
  const note = h('p', { class: 'ed-note' })
  const read = (): Propagation => ({
    direction: direction.value as Propagation['direction'],
    count: Math.max(Math.floor(Number(count.value)) || 0, 0),
  })
  const update = () => {
    const frames = listTargetFrames(editor, read())
    const objects = editor.chosenIds.length
    count.max = String(most(read().direction))
    note.textContent =
      frames.length === 0
        ? t('No frame lies in this direction')
        : t('Up to frame {frame}: {shapes} new shapes on {frames} frames', {
            frame: frames.at(-1)!,
            shapes: objects * frames.length,
            frames: frames.length,
          })
  }
  const run = () => {
    const frames = propagate(editor, read())
    editor.explain(
      frames > 0 ? tn(frames, 'Propagated to one frame', 'Propagated to {count} frames') : t('No frame lies in this direction'),
    )
  }
  const { element, close } = openDialog(editor.screen.root, {
    testId: 'propagate-dialog',
    title: t('Propagate'),
    body: [
      h('p', {
        text: t('Copies of the chosen objects as shapes of their own on other frames; tracks are copied as they are here.'),
      }),
      h('label', { class: 'ed-setting' }, h('span', { text: t('Direction') }), direction),
      h('label', { class: 'ed-setting' }, h('span', { text: t('Frames') }), count),
      note,
    ],
    onDismiss: () => {},
    choices: [
      { testId: 'dialog-cancel', title: t('Cancel'), run: () => {} },
      { testId: 'dialog-ok', title: t('Propagate'), tone: 'accent', run },
    ],
  })
  count.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return
    event.preventDefault()
    close()
    run()
  })
  update()
  element.querySelector<HTMLInputElement>('input')?.select()
}
