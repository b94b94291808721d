// Offers to go on at the frame where the person stopped the last time.
import type { Editor } from '../editor'
import { t } from '../i18n/message'
import { h } from './dom'
import { icon } from './icons'

export const makeResumeOffer = (editor: Editor, frame: number | null): HTMLElement => {
  const host = h('div', { class: 'ed-resume', 'data-testid': 'resume', role: 'status' })
  host.hidden = frame === null || frame === editor.state.frame || !editor.frames.has(frame)
  if (host.hidden) return host
  const close = () => {
    host.hidden = true
  }
  const stop = (event: Event) => event.stopPropagation()
  host.append(
    h('span', { text: t('You stopped at frame {frame}', { frame: frame! }) }),
    h(
      'button',
      {
        type: 'button',
        class: 'ed-push ed-tiny ed-accent',
        'data-testid': 'resume-continue',
        on: {
          click: () => {
            close()
            void editor.player.goTo(frame!)
          },
          pointerdown: stop,
        },
      },
      t('Continue'),
    ),
    h(
      'button',
      { type: 'button', class: 'ed-switch', 'aria-label': t('Close'), on: { click: close, pointerdown: stop } },
      icon('close'),
    ),
  )
  editor.store.subscribe(['frame', 'edition'], ({ frame: now }, changed) => {
    if (changed.has('frame') && now === frame) close()
  })
  return host
}
