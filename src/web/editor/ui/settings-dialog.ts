// The settings of this browser (F2): options from their list, and the keys of all commands.
import type { Editor } from '../editor'
import { t } from '../i18n/message'
import { type Settings, startSettings } from '../state'
import { type OpenDialog, openDialog } from './dialog'
import { h, setText } from './dom'
import { listTabs, type Option } from './setting-list'
import { makeShortcutList } from './shortcut-list'

const change = (editor: Editor, part: Partial<Settings>): void => {
  editor.store.set({ settings: { ...editor.state.settings, ...part } })
}

const makeNumber = (editor: Editor, option: Extract<Option, { type: 'number' }>, common: object): HTMLElement => {
  const { min, max, key } = option
  const input = h('input', {
    ...common,
    class: 'ed-input',
    type: 'number',
    min,
    max,
    value: String(editor.state.settings[key]),
    on: {
      change: () => {
        const value = Math.min(Math.max(Math.round(Number(input.value)) || min, min), max)
        input.value = String(value)
        change(editor, { [key]: value })
      },
    },
  })
  return input
}

const makeSlider = (editor: Editor, option: Extract<Option, { type: 'slider' }>, common: object): HTMLElement => {
  const { min, max, key, step = 1, unit } = option
  const shown = h('output', { class: 'ed-mono ed-percent' })
  const show = () => {
    setText(shown, `${Number(input.value)}${unit && ` ${unit}`}`)
    input.style.setProperty('--share', String((Number(input.value) - min) / (max - min)))
  }
  const input = h('input', {
    ...common,
    class: 'ed-slider',
    type: 'range',
    min,
    max,
    step,
    on: {
      input: () => {
        change(editor, { [key]: Number(input.value) })
        show()
      },
      dblclick: () => {
        input.value = String(startSettings[key])
        change(editor, { [key]: startSettings[key] })
        show()
      },
    },
  })
  input.value = String(editor.state.settings[key])
  show()
  return h('span', { class: 'ed-slider-field' }, input, shown)
}

/** Another language is read by a screen that is built anew; what is unsaved is saved before. */
const applyLanguage = async (editor: Editor, language: Settings['language']): Promise<void> => {
  change(editor, { language })
  editor.store.flush()
  await editor.save()
  if (editor.state.pending > 0) editor.explain('The language changes when the job is opened next')
  else location.reload()
}

const makeControl = (editor: Editor, option: Exclude<Option, { type: 'heading' }>): HTMLElement => {
  const { settings } = editor.state
  const common = { 'data-testid': option.testId, 'aria-label': t(option.title) }
  switch (option.type) {
    case 'flag': {
      const input = h('input', {
        ...common,
        type: 'checkbox',
        checked: settings[option.key],
        on: { change: () => change(editor, { [option.key]: input.checked }) },
      })
      return input
    }
    case 'number':
      return makeNumber(editor, option, common)
    case 'slider':
      return makeSlider(editor, option, common)
    case 'color': {
      const input = h('input', {
        ...common,
        type: 'color',
        class: 'ed-color',
        on: { input: () => change(editor, { [option.key]: input.value }) },
      })
      input.value = settings[option.key] || '#dfe3e8'
      const reset = () => {
        change(editor, { [option.key]: startSettings[option.key] })
        input.value = startSettings[option.key] || '#dfe3e8'
      }
      const back = h('button', { type: 'button', class: 'ed-push ed-tiny', on: { click: reset } }, t('Default'))
      return h('span', { class: 'ed-color-field' }, input, back)
    }
    case 'choice': {
      const select = h(
        'select',
        {
          ...common,
          class: 'ed-select',
          on: {
            change: () => {
              if (option.key === 'language') void applyLanguage(editor, select.value as Settings['language'])
              else change(editor, { [option.key]: select.value } as Partial<Settings>)
            },
          },
        },
        ...option.values.map(({ value, title }) => h('option', { value, text: t(title) })),
      )
      select.value = settings[option.key]
      return select
    }
  }
}

const makeOption = (editor: Editor, option: Option): HTMLElement => {
  if (option.type === 'heading') return h('h3', { class: 'ed-setting-title', text: t(option.title) })
  return h(
    'label',
    { class: 'ed-setting', 'data-kind': option.type },
    h('span', { text: t(option.title) }),
    makeControl(editor, option),
  )
}

export const openSettings = (editor: Editor, root: HTMLElement, onClose: () => void): OpenDialog => {
  const pages = [
    ...listTabs(editor.traits.dimension).map((tab) => ({
      name: tab.name,
      testId: tab.testId,
      make: () => tab.options.map((one) => makeOption(editor, one)),
    })),
    { name: 'Shortcuts', testId: 'settings-shortcuts', make: () => [makeShortcutList(editor)] },
  ]
  const panel = h('div', { role: 'tabpanel', class: 'ed-settings' })
  const choose = (index: number) => {
    const page = pages[index]!
    panel.replaceChildren(...page.make())
    panel.setAttribute('aria-label', t(page.name))
    for (const [i, button] of buttons.entries()) {
      button.setAttribute('aria-selected', String(i === index))
      button.tabIndex = i === index ? 0 : -1
    }
  }
  const buttons = pages.map((page, index) =>
    h(
      'button',
      { type: 'button', class: 'ed-tab', role: 'tab', 'data-testid': page.testId, on: { click: () => choose(index) } },
      t(page.name),
    ),
  )
  const bar = h('div', { class: 'ed-tabs', role: 'tablist', 'aria-label': t('Settings') }, ...buttons)
  bar.addEventListener('keydown', (event) => {
    const by = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0
    if (by === 0) return
    const at = buttons.findIndex((button) => button.getAttribute('aria-selected') === 'true')
    const next = (at + by + buttons.length) % buttons.length
    choose(next)
    buttons[next]?.focus()
  })
  choose(0)
  return openDialog(root, {
    testId: 'settings-dialog',
    title: t('Settings'),
    medium: true,
    body: [bar, panel],
    onDismiss: onClose,
    choices: [{ testId: 'settings-close', title: t('Close'), run: onClose }],
  })
}
