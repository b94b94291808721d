// The fly-out of models: those that follow clicks, those that look at the whole frame, those that follow tracks.

import { openFollow } from '../assist/follow'
import type { Editor } from '../editor'
import { t } from '../i18n/message'
import { h } from '../ui/dom'
import { icon } from '../ui/icons'
import { openDetect } from './detect-dialog'
import type { Model } from './model-api'
import type { ModelTab } from './model-book'

const titles: Record<ModelTab, string> = { interact: 'Clicks', detect: 'Frame', track: 'Tracks' }

const describe = (model: Model): string => (model.ready ? model.name : t('{name} (not running)', { name: model.name }))

const makeField = (title: string, control: HTMLElement) => h('label', { class: 'ed-field' }, h('span', { text: title }), control)

const makeChoice = (testId: string, title: string, models: readonly Model[], chosen: string, onChange: (id: string) => void) => {
  const select = h(
    'select',
    { class: 'ed-select', 'data-testid': testId, 'aria-label': title, on: { change: () => onChange(select.value) } },
    ...models.map((model) => h('option', { value: model.id, text: describe(model) })),
  )
  select.value = chosen
  return select
}

const push = (testId: string, title: string, run: () => void) =>
  h('button', { type: 'button', class: 'ed-push ed-accent', 'data-testid': testId, on: { click: run } }, title)

/** Labels that masks or polygons may have. */
const makeLabels = (editor: Editor) => {
  const labels = [...new Set([...editor.labelsFor('mask'), ...editor.labelsFor('polygon')])]
  const select = h(
    'select',
    {
      class: 'ed-select',
      'data-testid': 'model-label',
      'aria-label': t('Label'),
      on: { change: () => editor.store.set({ drawLabelId: Number(select.value) }) },
    },
    ...labels.map((label) => h('option', { value: String(label.id), text: label.name })),
  )
  const chosen = labels.find(({ id }) => id === editor.state.drawLabelId) ?? labels[0]
  if (chosen) {
    select.value = String(chosen.id)
    editor.store.set({ drawLabelId: chosen.id })
  }
  return { select, isEmpty: labels.length === 0 }
}

const tick = (testId: string, title: string, checked: boolean, onChange: (on: boolean) => void) => {
  const box = h('input', { type: 'checkbox', 'data-testid': testId, on: { change: () => onChange(box.checked) } })
  box.checked = checked
  return h('label', { class: 'ed-check' }, box, h('span', { text: title }))
}

const panels: Record<ModelTab, (editor: Editor) => (Node | null)[]> = {
  interact: (editor) => {
    const { models, state } = editor
    const list = models.list('interact')
    const labels = makeLabels(editor)
    if (!list.length || labels.isEmpty)
      return [h('p', { class: 'ed-note' }, t(list.length ? 'No label takes masks or polygons.' : 'No model follows clicks yet.'))]
    const choose = (part: Partial<typeof state.modelChoice>) =>
      editor.store.set({ modelChoice: { ...editor.state.modelChoice, ...part } })
    const text = h('input', {
      class: 'ed-input',
      'data-testid': 'model-text',
      placeholder: t('what to look for'),
      'aria-label': t('Words for the model'),
      value: state.modelChoice.text,
      on: { input: () => choose({ text: text.value }) },
    })
    const help = h('p', { class: 'ed-note' })
    const words = makeField(t('Words'), text)
    const showModel = () => {
      const model = models.interactor
      help.textContent = model?.help_message || model?.description || ''
      words.hidden = !model?.text_prompt
    }
    showModel()
    return [
      makeField(
        t('Model'),
        makeChoice('model-interactor', t('Model'), list, models.interactor?.id ?? '', (id) => {
          choose({ id })
          showModel()
          models.prompter.prepare()
        }),
      ),
      makeField(t('Label'), labels.select),
      words,
      tick('model-polygon', t('Polygons instead of masks'), state.modelChoice.as === 'polygon', (on) =>
        choose({ as: on ? 'polygon' : 'mask' }),
      ),
      tick('model-visible', t('The model sees only what is on the screen'), state.modelChoice.onlyVisible, (onlyVisible) =>
        choose({ onlyVisible }),
      ),
      help,
      push('model-start', t('Start'), () => models.start()),
    ]
  },
  detect: (editor) => {
    const list = editor.models.list('detect')
    if (!list.length) return [h('p', { class: 'ed-note' }, t('No model looks at whole frames yet.'))]
    return [
      h('p', { class: 'ed-note' }, t('A model looks at this frame; what it finds can be undone in one step.')),
      push('model-detect', t('Choose and run…'), () => {
        editor.store.set({ flyout: null })
        openDetect(editor)
      }),
    ]
  },
  track: (editor) => {
    const active = editor.activeItem?.object.kind === 'track'
    return [
      h(
        'p',
        { class: 'ed-note' },
        t(
          active
            ? 'The active track is followed over the next frames, by a model or without one.'
            : 'Choose a track first: it is followed over the next frames.',
        ),
      ),
      active
        ? push('model-track', t('Choose and follow…'), () => {
            editor.store.set({ flyout: null })
            openFollow(editor)
          })
        : null,
    ]
  },
}

export const makeModelFlyout = (editor: Editor): HTMLElement => {
  const body = h('div', { class: 'ed-flyout-body' })
  const tabs = (Object.keys(titles) as ModelTab[]).map((tab) => {
    const button = h(
      'button',
      { type: 'button', class: 'ed-tab', role: 'tab', 'data-testid': `model-tab-${tab}`, on: { click: () => show(tab) } },
      t(titles[tab]),
    )
    return { tab, button }
  })
  const show = (wanted: ModelTab) => {
    for (const { tab, button } of tabs) button.setAttribute('aria-selected', String(tab === wanted))
    const parts = editor.state.models ? panels[wanted](editor) : [h('p', { class: 'ed-note' }, t('Asking the server…'))]
    body.replaceChildren(...parts.filter((part) => part !== null))
  }
  show('interact')
  void editor.models.load().then(() => body.isConnected && show('interact'))
  return h(
    'div',
    { class: 'ed-flyout', role: 'dialog', 'aria-label': t('Models'), 'data-testid': 'model-flyout' },
    h('div', { class: 'ed-flyout-title' }, icon('sparkles'), t('Models')),
    h('div', { class: 'ed-tabs', role: 'tablist' }, ...tabs.map(({ button }) => button)),
    body,
  )
}
