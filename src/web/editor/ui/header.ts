// The bar at the top: menu, save state, history, player, settings.
import type { Editor } from '../editor'
import type { SaveState } from '../save/saver'
import { commandButton, describe, iconButton } from './button'
import { h, setAttribute, setText } from './dom'
import { icon } from './icons'
import { openMenu } from './menu'
import { makePlayerBar } from './player-bar'

const plural = (count: number): string => `${count} unsaved`

export const describeSave = (save: SaveState, pending: number): { text: string; tip: string; tone: string } => {
  switch (save.at) {
    case 'saved':
      return { text: 'Saved', tip: 'Everything is stored on the server', tone: 'quiet' }
    case 'unsaved':
      return { text: plural(pending), tip: 'Kept in this browser until you save', tone: 'pending' }
    case 'saving':
      return { text: 'Saving…', tip: 'Sending changes to the server', tone: 'quiet' }
    case 'offline':
      return {
        text: `Offline · ${pending}`,
        tip: `${save.reason}. Trying again; your edits are kept in this browser`,
        tone: 'warning',
      }
    case 'conflict':
      return { text: 'Conflict', tip: 'Somebody else saved this job: choose what to keep', tone: 'danger' }
    case 'refused':
      return { text: `Not saved · ${pending}`, tip: save.reason, tone: 'danger' }
  }
}

const states = ['new', 'in progress', 'completed', 'rejected']

export const makeHeader = (editor: Editor, root: HTMLElement): HTMLElement => {
  const { info } = editor.job
  const setJobState = async (state: string) => {
    try {
      const job = await editor.api.updateJob({ state })
      editor.store.set({ jobState: job.state })
      editor.explain(`Job state: ${job.state}`)
    } catch (error) {
      editor.explain(`The job state was not changed: ${(error as Error).message}`, 'error')
    }
  }
  const menuButton = iconButton('menu', 'Menu', 'editor-menu', () =>
    openMenu(root, menuButton, 'Job', [
      { type: 'link', testId: 'menu-open', title: `Open task ${info.task_id}`, href: `/tasks/${info.task_id}` },
      { type: 'line', title: 'Job state' },
      ...states.map((state) => ({
        type: 'choice' as const,
        testId: `menu-state-${state.replace(' ', '-')}`,
        title: state,
        value: state,
        checked: editor.state.jobState === state,
        run: () => void setJobState(state),
      })),
      { type: 'line' },
      { type: 'action', testId: 'menu-settings', title: 'Settings', keys: 'F2', run: () => editor.screen.toggleSettings() },
      {
        type: 'action',
        testId: 'menu-shortcuts',
        title: 'Keyboard shortcuts',
        keys: 'F1',
        run: () => editor.screen.toggleHelp(),
      },
      { type: 'line' },
      { type: 'action', testId: 'menu-finish', title: 'Finish the job', run: () => editor.screen.askFinish() },
    ]),
  )
  menuButton.setAttribute('aria-haspopup', 'menu')

  const save = commandButton(editor, 'save', 'save', 'editor-save')
  const stepTitle = (word: string, pick: 'undo' | 'redo') => () => {
    const step = editor.history.next[pick]
    return step ? `${word}: ${step.title}, frame ${step.frame}` : `${word}: nothing to ${pick}`
  }
  const undo = commandButton(editor, 'undo', 'undo', 'editor-undo', stepTitle('Undo', 'undo'))
  const redo = commandButton(editor, 'redo', 'redo', 'editor-redo', stepTitle('Redo', 'redo'))
  const done = commandButton(editor, 'finish', 'check', 'editor-done', () => 'Finish drawing')
  done.element.append('Done')
  done.element.classList.add('ed-primary')
  describe(done.element, 'Finish drawing', ['N'])

  const state = h('button', {
    type: 'button',
    class: 'ed-save-state',
    'data-testid': 'editor-state',
    on: { click: () => void editor.save() },
  })
  const stateText = h('span', { 'aria-live': 'polite' })
  state.append(h('i', { class: 'ed-dot' }), stateText)

  const help = commandButton(editor, 'help', 'keyboard', 'editor-help')
  const settings = commandButton(editor, 'settings', 'settings', 'editor-settings')
  const side = commandButton(editor, 'side-bar', 'panel-right', 'side-toggle')
  const leave = h('a', { class: 'ed-button', href: `/tasks/${info.task_id}`, 'data-testid': 'editor-leave' }, icon('log-out'))
  describe(leave, `Back to task ${info.task_id}`)

  const title = h('span', { class: 'ed-title', text: `Job ${info.id}` })
  const element = h(
    'header',
    { class: 'ed-header', 'aria-label': 'Job' },
    h('div', { class: 'ed-group' }, menuButton, title, state, save.element, undo.element, redo.element, done.element),
    makePlayerBar(editor),
    h('div', { class: 'ed-group ed-end' }, help.element, settings.element, side.element, leave),
  )

  const update = () => {
    const current = editor.state
    const shown = describeSave(current.save, current.pending)
    setText(stateText, shown.text)
    setAttribute(state, 'data-state', current.save.at)
    setAttribute(state, 'data-tone', shown.tone)
    setAttribute(state, 'data-tip', shown.tip)
    setAttribute(save.element, 'aria-disabled', String(current.pending === 0 || current.save.at === 'saving'))
    setAttribute(save.element, 'aria-busy', String(current.save.at === 'saving'))
    undo.update()
    redo.update()
    done.update()
    const idle = done.element.getAttribute('aria-disabled') === 'true' && !editor.stage.tool.canFinish
    setAttribute(done.element, 'data-idle', String(idle))
    setAttribute(side.element, 'aria-pressed', String(current.sideOpen))
  }
  editor.store.subscribe(['save', 'pending', 'edition', 'toolState', 'toolId', 'sideOpen'], update)
  update()
  return element
}
