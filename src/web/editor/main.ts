// Entry of the 2D editor: reads what the page says, loads the job, and opens the screen.
import { pickLanguage, readLanguage, setLanguage, t } from './i18n/message'
import { loadPreferences } from './preferences'
import { start } from './start'
import { h } from './ui/dom'

const root = document.getElementById('annolith-editor')

if (root) {
  setLanguage(pickLanguage(loadPreferences().settings.language, navigator.languages))
  document.documentElement.lang = readLanguage()
  root.classList.add('ed-root')
  root.dataset.testid = 'editor'
  root.dataset.busy = 'true'
  start(root).catch((error: unknown) => {
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
