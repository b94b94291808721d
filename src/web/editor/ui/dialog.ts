// Modal dialogs on the browser's own dialog element, one at a time.
import { h } from './dom'

/** `stays`: the dialog is closed by `run`, not by the choice. */
export type DialogChoice = {
  testId: string
  title: string
  note?: string
  tone?: 'accent' | 'danger'
  stays?: boolean
  run: () => void
}

export type DialogOptions = {
  testId: string
  title: string
  body: (Node | string)[]
  choices: DialogChoice[]
  /** What Escape means; without it the dialog insists on a choice. */
  onDismiss?: () => void
  wide?: boolean
  medium?: boolean
}

export type OpenDialog = { element: HTMLDialogElement; close: () => void }

let count = 0

export const openDialog = (root: HTMLElement, options: DialogOptions): OpenDialog => {
  count += 1
  const titleId = `ed-dialog-${count}`
  const element = h('dialog', {
    class: `ed-dialog ${options.wide ? 'ed-wide' : ''} ${options.medium ? 'ed-medium' : ''}`,
    'data-testid': options.testId,
    'aria-labelledby': titleId,
  })
  const close = () => {
    if (!element.isConnected) return
    element.close()
    element.remove()
    // The keys go back to the picture.
    if (!root.querySelector('dialog[open]')) root.querySelector<HTMLElement>('.ed-canvas')?.focus({ preventScroll: true })
  }
  const actions = options.choices.map((choice) => {
    const run = () => {
      if (!choice.stays) close()
      choice.run()
    }
    const props = {
      type: 'button',
      class: `ed-push ${choice.tone ? `ed-${choice.tone}` : ''}`,
      'data-testid': choice.testId,
      on: { click: run },
    }
    return h('button', props, h('span', { text: choice.title }), choice.note ? h('small', { text: choice.note }) : null)
  })
  const stacked = options.choices.some((choice) => choice.note)
  element.append(
    h('h2', { id: titleId, text: options.title }),
    h('div', { class: 'ed-dialog-body' }, ...options.body),
    h('div', { class: stacked ? 'ed-choices' : 'ed-actions' }, ...actions),
  )
  element.addEventListener('cancel', (event) => {
    event.preventDefault()
    if (!options.onDismiss) return
    close()
    options.onDismiss()
  })
  root.append(element)
  const main = actions[options.choices.findIndex((choice) => choice.tone === 'accent')] ?? actions.at(-1)
  main?.setAttribute('autofocus', '')
  element.showModal()
  return { element, close }
}
