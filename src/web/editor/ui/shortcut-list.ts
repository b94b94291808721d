// The keys of all commands, to be changed: click, press the keys; clashes are named before they are taken over.
import type { Command, CommandGroup } from '../commands/command'
import { showTitle } from '../commands/command-title'
import { nameKeyPress, showKeys } from '../commands/keys'
import { commands } from '../commands/registry'
import { shortcuts } from '../commands/shortcuts'
import type { Editor } from '../editor'
import { t } from '../i18n/message'
import { h, setText } from './dom'
import { icon } from './icons'

export const groups: readonly CommandGroup[] = [
  'General',
  'Frames',
  'Objects',
  'Drawing',
  'Attributes',
  'Tags',
  'Review',
  'Labels',
  'View',
]

/** Keys that only hold others. */
const modifiers = new Set(['Control', 'Shift', 'Alt', 'Meta', 'AltGraph'])
/** How long a second stroke may take to make a sequence. */
const sequenceMs = 900

/** Commands that a person may know of: labels that the job has. */
export const isOffered = (command: Command, editor: Editor): boolean => {
  const place = /^label-(?:quick-)?(\d+)$/.exec(command.id)?.[1]
  return place === undefined || Number(place) <= editor.job.labels.size
}

export const makeShortcutList = (editor: Editor): HTMLElement => {
  const host = h('div', { class: 'ed-shortcuts' })
  const notice = h('div', { class: 'ed-shortcut-conflict', role: 'alert', 'data-testid': 'shortcut-conflict', hidden: '' })
  const { labels } = editor.job
  let listening: { command: Command; stroke: string; timer: ReturnType<typeof setTimeout> | null } | null = null

  const stop = () => {
    if (listening?.timer) clearTimeout(listening.timer)
    listening = null
    render()
  }
  const accept = (command: Command, keys: string) => {
    stop()
    const clashes = shortcuts.findClashes(command, keys, commands)
    if (clashes.length === 0) {
      shortcuts.assign(command, keys, commands)
      render()
      return
    }
    const names = clashes.map((one) => `“${showTitle(one, labels)}”`).join(', ')
    const take = h(
      'button',
      { type: 'button', class: 'ed-push ed-tiny ed-accent', 'data-testid': 'shortcut-take' },
      t('Take them'),
    )
    const keep = h('button', { type: 'button', class: 'ed-push ed-tiny', 'data-testid': 'shortcut-keep' }, t('Leave as is'))
    take.addEventListener('click', () => {
      notice.hidden = true
      shortcuts.assign(command, keys, commands)
      render()
    })
    keep.addEventListener('click', () => {
      notice.hidden = true
    })
    notice.replaceChildren(h('span', { text: t('{keys} already means {names}.', { keys: showKeys(keys), names }) }), take, keep)
    notice.hidden = false
    take.focus()
  }
  const press = (event: KeyboardEvent) => {
    if (!listening) return
    event.preventDefault()
    event.stopPropagation()
    if (modifiers.has(event.key)) return
    const stroke = nameKeyPress(event)
    if (stroke === 'Esc' && listening.stroke === '' && listening.command.id !== 'cancel') {
      stop()
      return
    }
    const { command } = listening
    if (listening.timer) clearTimeout(listening.timer)
    if (listening.stroke) {
      accept(command, `${listening.stroke} ${stroke}`)
      return
    }
    // A plain letter may begin a sequence.
    listening.stroke = stroke
    if (/^[A-Z]$/.test(stroke)) listening.timer = setTimeout(() => accept(command, stroke), sequenceMs)
    else accept(command, stroke)
  }
  const makeRow = (command: Command): HTMLElement => {
    const keys = shortcuts.keysOf(command)
    const isListening = listening?.command === command
    const button = h(
      'button',
      {
        type: 'button',
        class: 'ed-shortcut-keys',
        'data-testid': `shortcut-${command.id}`,
        'data-takes-keys': '',
        'data-keys': keys.join(', '),
        'aria-pressed': isListening,
        'aria-label': t('Keys of “{title}”: {keys}', {
          title: showTitle(command, labels),
          keys: keys.map(showKeys).join(', ') || t('none'),
        }),
        on: {
          click: () => {
            notice.hidden = true
            listening = { command, stroke: '', timer: null }
            render()
          },
          keydown: press,
        },
      },
      ...(isListening ? [h('em', { text: t('Press the keys…') })] : keys.map((one) => h('kbd', { text: showKeys(one) }))),
    )
    const side = (testId: string, name: 'close' | 'undo', title: string, run: () => void) =>
      h(
        'button',
        {
          type: 'button',
          class: 'ed-switch',
          'data-testid': `${testId}-${command.id}`,
          'aria-label': t(title),
          'data-tip': t(title),
          on: { click: run },
        },
        icon(name),
      )
    const clear = side('shortcut-clear', 'close', 'No keys', () => {
      shortcuts.set(command.id, [])
      render()
    })
    const back = side('shortcut-default', 'undo', 'Default keys', () => {
      shortcuts.set(command.id, null)
      render()
    })
    clear.hidden = keys.length === 0
    back.hidden = !shortcuts.isChanged(command)
    return h('div', { class: 'ed-shortcut' }, h('span', { text: showTitle(command, labels), dir: 'auto' }), button, clear, back)
  }
  const search = h('input', {
    class: 'ed-input',
    type: 'text',
    'data-testid': 'shortcut-search',
    'aria-label': t('Find a command or a key'),
    placeholder: t('Find a command or a key'),
    on: { input: () => render() },
  })
  const reset = h(
    'button',
    {
      type: 'button',
      class: 'ed-push ed-tiny',
      'data-testid': 'shortcut-reset',
      on: {
        click: () => {
          notice.hidden = true
          shortcuts.reset()
          render()
        },
      },
    },
    t('All defaults'),
  )
  const list = h('div', { class: 'ed-shortcut-list' })
  const render = () => {
    const words = search.value.trim().toLowerCase()
    const fits = (command: Command) =>
      words === '' ||
      `${showTitle(command, labels)} ${command.title}`.toLowerCase().includes(words) ||
      shortcuts.keysOf(command).some((keys) => keys.toLowerCase() === words)
    const sections = groups.flatMap((group) => {
      const own = commands.filter((command) => command.group === group && isOffered(command, editor) && fits(command))
      return own.length === 0 ? [] : [h('section', {}, h('h3', { text: t(group) }), ...own.map(makeRow))]
    })
    list.replaceChildren(...sections)
    if (sections.length === 0) list.append(h('p', { class: 'ed-empty', text: t('No command has such a name.') }))
    if (listening) list.querySelector<HTMLElement>('[aria-pressed="true"]')?.focus()
  }
  render()
  const note = h('p', { class: 'ed-note' })
  setText(note, t('Keys are kept for you in this browser; those of labels for this project.'))
  host.append(h('div', { class: 'ed-shortcut-head' }, search, reset), notice, list, note)
  return host
}
