// The player: stepping, playing, the slider with chapters, the frame field, the file name, deleting and restoring the frame.
import type { Editor } from '../editor'
import { listChapters, titleOf } from '../frames/chapters'
import { t } from '../i18n/message'
import { commandButton, describe, iconButton } from './button'
import { openDialog } from './dialog'
import { h, setAttribute, setText } from './dom'
import { icon } from './icons'
import { openMenu } from './menu'
import { openPlayerModes } from './player-modes'

export const nameOfFrame = (editor: Editor, frame: number): string => {
  const { meta, info } = editor.job
  return meta.frames[meta.frames.length === 1 ? 0 : frame - info.start_frame]?.name ?? ''
}

const copyText = async (editor: Editor, text: string): Promise<void> => {
  try {
    await navigator.clipboard.writeText(text)
    editor.explain(t('Copied: {text}', { text }))
  } catch {
    editor.explain('The browser does not let this page copy', 'error')
  }
}

const askDelete = (editor: Editor): void => {
  const { frame } = editor.state
  openDialog(editor.screen.root, {
    testId: 'dialog',
    title: t('Delete frame {frame}?', { frame }),
    body: [h('p', { text: t('It is left out of playing and exports, with what is drawn on it. It can be restored.') })],
    onDismiss: () => {},
    choices: [
      { testId: 'dialog-cancel', title: t('Cancel'), run: () => {} },
      { testId: 'dialog-ok', title: t('Delete'), tone: 'danger', run: () => editor.setFrameDeleted(frame, true) },
    ],
  })
}

const makeChapters = (editor: Editor): HTMLElement | null => {
  const { start, stop } = editor.frames
  const chapters = listChapters(editor.job.meta)
  if (chapters.length === 0 || stop === start) return null
  const marks = chapters.map((chapter) => {
    const mark = h('span', { class: 'ed-chapter', 'data-tip': titleOf(chapter) })
    mark.style.left = `${((chapter.start - start) / (stop - start)) * 100}%`
    return mark
  })
  return h('div', { class: 'ed-chapters', 'aria-hidden': 'true' }, ...marks)
}

export const makePlayerBar = (editor: Editor): HTMLElement => {
  const { frames } = editor
  const buttons = {
    first: commandButton(editor, 'frame-first', 'arrow-left-to-line', 'player-first'),
    back: commandButton(editor, 'frame-back', 'chevrons-left', 'player-back'),
    prev: commandButton(editor, 'frame-prev', 'chevron-left', 'player-prev'),
    play: commandButton(editor, 'play', 'play', 'player-play', () => t(editor.state.playing ? 'Pause' : 'Play')),
    next: commandButton(editor, 'frame-next', 'chevron-right', 'player-next'),
    forward: commandButton(editor, 'frame-forward', 'chevrons-right', 'player-forward'),
    last: commandButton(editor, 'frame-last', 'arrow-right-to-line', 'player-last'),
  }
  for (const { element } of [buttons.prev, buttons.next]) {
    element.addEventListener('contextmenu', (event) => {
      event.preventDefault()
      openPlayerModes(editor, element)
    })
    element.setAttribute('aria-haspopup', 'menu')
  }
  const slider = h('input', {
    type: 'range',
    class: 'ed-slider',
    'data-testid': 'player-slider',
    min: frames.start,
    max: frames.stop,
    step: 1,
    value: String(editor.state.frame),
    on: {
      input: () => void editor.player.goTo(Number(slider.value)),
      change: () => slider.blur(),
    },
  })
  describe(slider, t('Frame'))
  const field = h('input', {
    type: 'text',
    inputmode: 'numeric',
    class: 'ed-frame-field',
    'data-testid': 'player-frame',
    autocomplete: 'off',
    on: {
      focus: () => field.select(),
      change: () => {
        const wanted = Number.parseInt(field.value, 10)
        if (Number.isFinite(wanted)) void editor.player.goTo(wanted)
        update()
      },
    },
  })
  describe(field, t('Frame number'), ['`'])
  const total = h('span', { class: 'ed-total', text: `/ ${frames.stop}` })
  // Its end is what tells frames apart, so the beginning gives way: the box runs from right to left, the name in it does not.
  const words = h('bdi', { dir: 'ltr' })
  const name = h('button', { type: 'button', class: 'ed-filename', 'data-testid': 'player-filename' }, words)
  name.addEventListener('click', () =>
    openMenu(editor.screen.root, name, t('This frame'), [
      {
        type: 'action',
        testId: 'frame-copy-name',
        title: t('Copy the file name'),
        run: () => void copyText(editor, nameOfFrame(editor, editor.state.frame)),
      },
      {
        type: 'action',
        testId: 'frame-copy-link',
        title: t('Copy a link to this frame'),
        run: () => void copyText(editor, location.href),
      },
      {
        type: 'action',
        testId: 'frame-search-open',
        title: t('Find a frame by its file name'),
        run: () => editor.screen.openFrameSearch(),
      },
    ]),
  )
  name.setAttribute('aria-haspopup', 'menu')
  const remove = iconButton('trash', t('Delete the frame'), 'player-delete-frame', () => askDelete(editor), ['Alt+Del'])
  const timeline = commandButton(editor, 'timeline', 'timeline', 'player-timeline')
  timeline.element.hidden = frames.stop === frames.start || editor.job.info.mode !== 'interpolation'
  const restore = commandButton(editor, 'frame-restore', 'restore', 'player-restore-frame')

  const update = () => {
    const { frame, wantedFrame, playing, deletedFrames, playerMode } = editor.state
    for (const button of Object.values(buttons)) button.update()
    for (const { element } of [buttons.prev, buttons.next]) setAttribute(element, 'data-player-mode', playerMode)
    if (slider.value !== String(wantedFrame)) slider.value = String(wantedFrame)
    const share = frames.stop > frames.start ? (wantedFrame - frames.start) / (frames.stop - frames.start) : 0
    slider.style.setProperty('--share', String(share))
    if (document.activeElement !== field) field.value = String(frame)
    field.style.width = `${Math.max(String(frames.stop).length, 2) + 2}ch`
    const title = nameOfFrame(editor, frame)
    setText(words, title)
    setAttribute(name, 'data-tip', title)
    const wanted = playing ? 'pause' : 'play'
    if (buttons.play.element.dataset.icon !== wanted) {
      buttons.play.element.dataset.icon = wanted
      buttons.play.element.replaceChildren(icon(wanted))
    }
    remove.hidden = deletedFrames.has(frame)
    restore.element.hidden = !deletedFrames.has(frame)
    restore.update()
    timeline.update()
    setAttribute(timeline.element, 'aria-pressed', String(editor.state.settings.timeline))
  }
  editor.store.subscribe(['frame', 'wantedFrame', 'playing', 'deletedFrames', 'playerMode', 'settings'], update)
  update()
  const steps = h('div', { class: 'ed-steps' }, ...Object.values(buttons).map((button) => button.element))
  return h(
    'div',
    { class: 'ed-player', role: 'group', 'aria-label': t('Player') },
    steps,
    h('div', { class: 'ed-track' }, slider, makeChapters(editor)),
    field,
    total,
    name,
    remove,
    restore.element,
    timeline.element,
  )
}
