// The bar at the top: menu, save state, history, player, workspace, people, filter, settings.
import type { Editor } from '../editor'
import { t, tn } from '../i18n/message'
import { showStep } from '../i18n/step-title'
import { readCheck } from '../review/finish-job'
import type { SaveState } from '../save/saver'
import { chooseWorkspace } from '../workspaces/attach-workspaces'
import { readWorkspace, workspaceFacts, workspaces } from '../workspaces/workspace'
import { commandButton, describe, iconButton } from './button'
import { h, setAttribute, setText } from './dom'
import { icon } from './icons'
import { type MenuItem, openMenu } from './menu'
import { makePlayerBar } from './player-bar'
import { openExport, openImport } from './transfer-dialogs'

export const describeSave = (save: SaveState, pending: number): { text: string; tip: string; tone: string } => {
  switch (save.at) {
    case 'saved':
      if (pending > 0)
        return { text: t('{count} unsaved', { count: pending }), tip: t('Kept in this browser until you save'), tone: 'pending' }
      return { text: t('Saved'), tip: t('Everything is stored on the server'), tone: 'quiet' }
    case 'unsaved':
      return { text: t('{count} unsaved', { count: pending }), tip: t('Kept in this browser until you save'), tone: 'pending' }
    case 'saving':
      return { text: t('Saving…'), tip: t('Sending changes to the server'), tone: 'quiet' }
    case 'offline':
      return {
        text: t('Offline · {count}', { count: pending }),
        tip: t('{reason}. Trying again; your edits are kept in this browser', { reason: save.reason }),
        tone: 'warning',
      }
    case 'conflict':
      return { text: t('Conflict'), tip: t('Somebody else saved this job: choose what to keep'), tone: 'danger' }
    case 'refused':
      return { text: t('Not saved · {count}', { count: pending }), tip: save.reason, tone: 'danger' }
  }
}

const states = ['new', 'in progress', 'completed', 'rejected']

const listMenu = (editor: Editor): MenuItem[] => {
  const { info } = editor.job
  const setJobState = async (state: string) => {
    // A job that is checked when it is finished is so from here too.
    if (state === 'completed' && (await readCheck(editor))) return editor.screen.askFinish()
    try {
      const job = await editor.api.updateJob({ state })
      editor.store.set({ jobState: job.state })
      editor.explain(t('Job state: {state}', { state: t(job.state) }))
    } catch (error) {
      editor.explain(t('The job state was not changed: {reason}', { reason: (error as Error).message }), 'error')
    }
  }
  const action = (testId: string, title: string, run: () => void, keys?: string): MenuItem => ({
    type: 'action',
    testId,
    title: t(title),
    run,
    ...(keys && { keys }),
  })
  return [
    { type: 'link', testId: 'menu-open', title: t('Open task {id}', { id: info.task_id }), href: `/tasks/${info.task_id}` },
    action('menu-info', 'About this job', () => editor.screen.openInfo()),
    action('menu-statistics', 'Statistics', () => editor.screen.openStatistics()),
    action('menu-export', 'Export this job', () => void openExport(editor)),
    action('menu-import', 'Import annotations', () => void openImport(editor)),
    action('menu-actions', 'Change many objects', () => editor.screen.openActions()),
    action('menu-remove', 'Delete annotations…', () => editor.screen.openActions({ name: 'remove-all' })),
    { type: 'line', title: t('Job state') },
    ...states.map(
      (state): MenuItem => ({
        type: 'choice',
        testId: `menu-state-${state.replace(' ', '-')}`,
        title: t(state),
        value: state,
        checked: editor.state.jobState === state,
        run: () => void setJobState(state),
      }),
    ),
    { type: 'line' },
    action('menu-palette', 'Find any command', () => editor.screen.openPalette(), 'Ctrl+K'),
    action('menu-settings', 'Settings', () => editor.screen.toggleSettings(), 'F2'),
    action('menu-shortcuts', 'Keyboard shortcuts', () => editor.screen.toggleHelp(), 'F1'),
    { type: 'line' },
    action('menu-finish', 'Finish the job', () => editor.screen.askFinish()),
  ]
}

const makeWorkspaceSelect = (editor: Editor): HTMLElement => {
  const select = h(
    'select',
    {
      class: 'ed-select ed-workspace',
      'data-testid': 'editor-workspace',
      'aria-label': t('Workspace'),
      'data-tip': t('Workspace'),
      on: {
        change: () => {
          chooseWorkspace(editor, readWorkspace(select.value))
          select.blur()
        },
      },
    },
    ...workspaces.map((value) => h('option', { value, text: t(workspaceFacts[value].title) })),
  )
  const show = () => {
    select.value = editor.state.workspace
  }
  editor.store.subscribe(['workspace'], show)
  show()
  return select
}

const makePeople = (editor: Editor): HTMLElement => {
  const button = h('button', { type: 'button', class: 'ed-button ed-people', 'data-testid': 'editor-people', hidden: '' })
  const update = () => {
    const { people } = editor.state
    button.hidden = people.length === 0
    button.replaceChildren(icon('users'), h('span', { text: String(people.length) }))
    describe(button, tn(people.length, '{who} is here too', '{count} others are here: {who}', { who: people.join(', ') }))
    setAttribute(button, 'data-people', people.join(','))
  }
  editor.store.subscribe(['people'], update)
  update()
  return button
}

export const makeHeader = (editor: Editor, root: HTMLElement): HTMLElement => {
  const { info } = editor.job
  const menuButton = iconButton('menu', t('Menu'), 'editor-menu', () => openMenu(root, menuButton, t('Job'), listMenu(editor)))
  menuButton.setAttribute('aria-haspopup', 'menu')

  const save = commandButton(editor, 'save', 'save', 'editor-save')
  const stepTitle = (word: 'Undo' | 'Redo', pick: 'undo' | 'redo') => () => {
    const step = editor.history.next[pick]
    const nothing = word === 'Undo' ? 'Nothing to undo' : 'Nothing to redo'
    return step ? t(`${word}: {step}, frame {frame}`, { step: showStep(step.title), frame: step.frame }) : t(nothing)
  }
  const undo = commandButton(editor, 'undo', 'undo', 'editor-undo', stepTitle('Undo', 'undo'))
  const redo = commandButton(editor, 'redo', 'redo', 'editor-redo', stepTitle('Redo', 'redo'))
  const done = commandButton(editor, 'finish', 'check', 'editor-done', () => t('Finish drawing'))
  done.element.append(t('Done'))
  done.element.classList.add('ed-primary')
  describe(done.element, t('Finish drawing'), ['N'])

  const state = h('button', {
    type: 'button',
    class: 'ed-save-state',
    'data-testid': 'editor-state',
    on: { click: () => void editor.save() },
  })
  const stateText = h('span', { 'aria-live': 'polite' })
  state.append(h('i', { class: 'ed-dot' }), stateText)

  const filter = commandButton(editor, 'filter', 'funnel', 'editor-filter')
  const guide = commandButton(editor, 'guide', 'book-open', 'editor-guide')
  guide.element.hidden = typeof info.guide_id !== 'number'
  const statistics = commandButton(editor, 'statistics', 'chart', 'editor-statistics')
  const about = commandButton(editor, 'info', 'info', 'editor-info')
  const versions = commandButton(editor, 'history', 'history', 'editor-history')
  const full = commandButton(editor, 'full-screen', 'full-screen', 'editor-fullscreen')
  const help = commandButton(editor, 'help', 'keyboard', 'editor-help')
  const settings = commandButton(editor, 'settings', 'settings', 'editor-settings')
  const side = commandButton(editor, 'side-bar', 'panel-right', 'side-toggle')
  const leave = h('a', { class: 'ed-button', href: `/tasks/${info.task_id}`, 'data-testid': 'editor-leave' }, icon('log-out'))
  describe(leave, t('Back to task {id}', { id: info.task_id }))
  for (const { element } of [statistics, about, versions]) element.classList.add('ed-lesser')
  for (const { element } of [full, help]) element.classList.add('ed-least')

  const title = h('span', { class: 'ed-title', text: t('Job {id}', { id: info.id }) })
  const element = h(
    'header',
    { class: 'ed-header', 'aria-label': t('Job') },
    h('div', { class: 'ed-group' }, menuButton, title, state, save.element, undo.element, redo.element, done.element),
    makePlayerBar(editor),
    h(
      'div',
      { class: 'ed-group ed-end' },
      makePeople(editor),
      makeWorkspaceSelect(editor),
      filter.element,
      guide.element,
      about.element,
      statistics.element,
      versions.element,
      full.element,
      help.element,
      settings.element,
      side.element,
      leave,
    ),
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
    setAttribute(filter.element, 'aria-pressed', String(current.filter !== null))
    setAttribute(versions.element, 'aria-pressed', String(current.sideOpen && current.sideTab === 'history'))
  }
  editor.store.subscribe(['save', 'pending', 'edition', 'toolState', 'toolId', 'sideOpen', 'sideTab', 'filter'], update)
  update()
  return element
}
