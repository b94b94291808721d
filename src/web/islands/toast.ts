// Short messages at the corner: information goes by itself, errors stay until they are closed.

import { element } from './element'
import { t } from './i18n/message'

const shownMs = 5000
const maxLength = 600

const show = (kind: 'info' | 'error', text: string, link?: { href: string; label: string }) => {
  const close = () => toast.remove()
  const toast = element(
    'div',
    {
      class: 'float pointer-events-auto flex items-start gap-3 px-4 py-3',
      role: kind === 'error' ? 'alert' : 'status',
      'data-testid': `toast-${kind}`,
    },
    element('span', {
      class:
        kind === 'error' ? 'mt-1.5 size-2 flex-none rounded-full bg-danger' : 'mt-1.5 size-2 flex-none rounded-full bg-accent',
    }),
    element('span', { class: 'min-w-0 flex-1 break-words whitespace-pre-line', dir: 'auto' }, text.slice(0, maxLength)),
    link ? element('a', { class: 'link whitespace-nowrap', href: link.href }, link.label) : null,
    element('button', { type: 'button', class: 'text-muted hover:text-ink', 'aria-label': t('Close'), onclick: close }, '✕'),
  )
  document.getElementById('toasts')?.append(toast)
  if (kind === 'info') setTimeout(close, shownMs)
  return close
}

export const showInfo = (text: string, link?: { href: string; label: string }) => show('info', text, link)
export const showError = (text: string) => {
  if (text.length > maxLength) console.error(text)
  return show('error', text)
}
