// Reads what the page says, opens the job with a kit, and says so when that fails.
import { pickLanguage, readLanguage, setLanguage, t } from './i18n/message'
import type { EditorKit } from './kit'
import { loadPreferences } from './preferences'
import { start } from './start'
import { h } from './ui/dom'

export const boot = (kit: EditorKit): void => {
  const root = document.getElementById('annolith-editor')
  if (!root) return
  setLanguage(pickLanguage(loadPreferences().settings.language, navigator.languages))
  document.documentElement.lang = readLanguage()
  root.classList.add('ed-root')
  root.dataset.testid = 'editor'
  root.dataset.busy = 'true'
  start(root, kit).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error)
    root.dataset.busy = 'false'
    root.replaceChildren(
      h(
        'div',
        { class: 'ed-failure', role: 'alert', 'data-testid': 'editor-failure' },
        h('h1', { text: t('This job could not be opened') }),
        h('p', { text: reason }),
        h('button', { type: 'button', class: 'ed-push ed-accent', on: { click: () => location.reload() } }, t('Try again')),
      ),
    )
  })
}
