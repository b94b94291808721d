// The player: stepping, playing, the slider, the frame field and the file name.
import type { Editor } from '../editor'
import { commandButton, describe } from './button'
import { h, setAttribute, setText } from './dom'
import { icon } from './icons'

export const nameOfFrame = (editor: Editor, frame: number): string => {
  const { meta, info } = editor.job
  return meta.frames[meta.frames.length === 1 ? 0 : frame - info.start_frame]?.name ?? ''
}

export const makePlayerBar = (editor: Editor): HTMLElement => {
  const { frames } = editor
  const buttons = {
    first: commandButton(editor, 'frame-first', 'arrow-left-to-line', 'player-first'),
    back: commandButton(editor, 'frame-back', 'chevrons-left', 'player-back'),
    prev: commandButton(editor, 'frame-prev', 'chevron-left', 'player-prev'),
    play: commandButton(editor, 'play', 'play', 'player-play', () => (editor.state.playing ? 'Pause' : 'Play')),
    next: commandButton(editor, 'frame-next', 'chevron-right', 'player-next'),
    forward: commandButton(editor, 'frame-forward', 'chevrons-right', 'player-forward'),
    last: commandButton(editor, 'frame-last', 'arrow-right-to-line', 'player-last'),
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
  describe(slider, 'Frame')
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
  describe(field, 'Frame number', ['`'])
  const total = h('span', { class: 'ed-total', text: `/ ${frames.stop}` })
  const name = h('span', { class: 'ed-filename', 'data-testid': 'player-filename' })

  const update = () => {
    const { frame, wantedFrame, playing } = editor.state
    for (const button of Object.values(buttons)) button.update()
    if (slider.value !== String(wantedFrame)) slider.value = String(wantedFrame)
    const share = frames.stop > frames.start ? (wantedFrame - frames.start) / (frames.stop - frames.start) : 0
    slider.style.setProperty('--share', String(share))
    if (document.activeElement !== field) field.value = String(frame)
    field.style.width = `${Math.max(String(frames.stop).length, 2) + 2}ch`
    const title = nameOfFrame(editor, frame)
    setText(name, title)
    setAttribute(name, 'data-tip', title)
    const wanted = playing ? 'pause' : 'play'
    if (buttons.play.element.dataset.icon !== wanted) {
      buttons.play.element.dataset.icon = wanted
      buttons.play.element.replaceChildren(icon(wanted))
    }
  }
  editor.store.subscribe(['frame', 'wantedFrame', 'playing'], update)
  update()
  const steps = h('div', { class: 'ed-steps' }, ...Object.values(buttons).map((button) => button.element))
  return h('div', { class: 'ed-player', role: 'group', 'aria-label': 'Player' }, steps, slider, field, total, name)
}
