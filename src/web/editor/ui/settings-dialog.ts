// The settings of this browser (F2): every option is one line of data.
import type { Editor } from '../editor'
import type { Settings } from '../state'
import { type OpenDialog, openDialog } from './dialog'
import { h } from './dom'

type NumberKey = 'step' | 'speed' | 'autosaveMinutes' | 'controlPoints'
type FlagKey = 'autosave' | 'smooth' | 'resetZoom' | 'showAllTracks' | 'alwaysDetails'

type Option =
  | { type: 'number'; key: NumberKey; testId: string; title: string; min: number; max: number }
  | { type: 'flag'; key: FlagKey; testId: string; title: string }
  | { type: 'choice'; key: 'theme'; testId: string; title: string; values: Settings['theme'][] }

const tabs: { name: string; testId: string; options: Option[] }[] = [
  {
    name: 'Player',
    testId: 'settings-player',
    options: [
      { type: 'number', key: 'step', testId: 'setting-step', title: 'Step of forward and back, frames', min: 2, max: 1000 },
      { type: 'number', key: 'speed', testId: 'setting-speed', title: 'Speed, frames a second', min: 1, max: 100 },
      { type: 'flag', key: 'resetZoom', testId: 'setting-reset-zoom', title: 'Fit every frame anew' },
      { type: 'flag', key: 'smooth', testId: 'setting-smooth', title: 'Smooth the enlarged picture' },
    ],
  },
  {
    name: 'Workspace',
    testId: 'settings-workspace',
    options: [
      { type: 'flag', key: 'autosave', testId: 'setting-autosave', title: 'Save automatically' },
      {
        type: 'number',
        key: 'autosaveMinutes',
        testId: 'setting-autosave-interval',
        title: 'Every so many minutes',
        min: 1,
        max: 60,
      },
      { type: 'flag', key: 'showAllTracks', testId: 'setting-show-all-tracks', title: 'List tracks that are outside' },
      { type: 'flag', key: 'alwaysDetails', testId: 'setting-always-details', title: 'Open the attributes of every object' },
      {
        type: 'number',
        key: 'controlPoints',
        testId: 'setting-control-points',
        title: 'Size of handles, pixels',
        min: 4,
        max: 14,
      },
      { type: 'choice', key: 'theme', testId: 'setting-theme', title: 'Colours', values: ['system', 'light', 'dark'] },
    ],
  },
]

const makeOption = (editor: Editor, option: Option): HTMLElement => {
  const change = (part: Partial<Settings>) => editor.store.set({ settings: { ...editor.state.settings, ...part } })
  const settings = editor.state.settings
  const common = { 'data-testid': option.testId, 'aria-label': option.title }
  let control: HTMLElement
  if (option.type === 'flag') {
    const input = h('input', {
      ...common,
      type: 'checkbox',
      checked: settings[option.key],
      on: { change: () => change({ [option.key]: input.checked }) },
    })
    control = input
  } else if (option.type === 'number') {
    const { min, max, key } = option
    const commit = () => {
      const value = Math.min(Math.max(Math.round(Number(input.value)) || min, min), max)
      input.value = String(value)
      change({ [key]: value })
    }
    const input = h('input', {
      ...common,
      class: 'ed-input',
      type: 'number',
      min,
      max,
      value: String(settings[key]),
      on: { change: commit },
    })
    control = input
  } else {
    const options = option.values.map((value) => h('option', { value, text: value }))
    const select = h(
      'select',
      { ...common, class: 'ed-select', on: { change: () => change({ theme: select.value as Settings['theme'] }) } },
      ...options,
    )
    select.value = settings.theme
    control = select
  }
  return h('label', { class: 'ed-setting' }, h('span', { text: option.title }), control)
}

export const openSettings = (editor: Editor, root: HTMLElement, onClose: () => void): OpenDialog => {
  const panels = tabs.map((tab) =>
    h('div', { role: 'tabpanel', 'aria-label': tab.name }, ...tab.options.map((one) => makeOption(editor, one))),
  )
  const buttons = tabs.map((tab, index) =>
    h(
      'button',
      { type: 'button', class: 'ed-tab', role: 'tab', 'data-testid': tab.testId, on: { click: () => choose(index) } },
      tab.name,
    ),
  )
  const choose = (index: number) => {
    for (const [i, panel] of panels.entries()) {
      panel.hidden = i !== index
      buttons[i]!.setAttribute('aria-selected', String(i === index))
    }
  }
  choose(0)
  return openDialog(root, {
    testId: 'settings-dialog',
    title: 'Settings',
    body: [h('div', { class: 'ed-tabs', role: 'tablist' }, ...buttons), ...panels],
    onDismiss: onClose,
    choices: [{ testId: 'settings-close', title: 'Close', run: onClose }],
  })
}
