// The tab of the side bar with the quick tools: what can be done to the chosen cuboids and tracks, the way in the world, duplicates.
import type { Editor } from '../../editor/editor'
import { t, tn } from '../../editor/i18n/message'
import { commandButton } from '../../editor/ui/button'
import { h, setText } from '../../editor/ui/dom'
import type { IconName } from '../../editor/ui/icons'
import type { AssistTools } from './assist-tools'
import { listTwins, mergeTwins, removeTwin, type Twins } from './find-duplicates'

const onCuboid: [string, IconName][] = [
  ['cloud-fit-all', 'sparkles'],
  ['cloud-fit-size', 'maximize'],
  ['cloud-fit-place', 'scan-search'],
  ['cloud-ground', 'arrow-down-to-line'],
  ['cloud-turn-left', 'rotate-left'],
  ['cloud-turn-right', 'rotate-right'],
  ['cloud-turn-back', 'refresh'],
]
const onTrack: [string, IconName][] = [
  ['cloud-batch', 'layout-grid'],
  ['cloud-motion-yaw', 'route'],
  ['cloud-turn-track', 'refresh'],
  ['cloud-size-spread', 'copy-plus'],
  ['cloud-size-median', 'chart'],
]

const makeButtons = (editor: Editor, list: readonly [string, IconName][]) => {
  const buttons = list.map(([id, icon]) => commandButton(editor, id, icon, id))
  return {
    element: h('div', { class: 'sa-buttons' }, ...buttons.map(({ element }) => element)),
    update: () => {
      for (const button of buttons) button.update()
    },
  }
}

const makeCheck = (testId: string, words: string, change: (on: boolean) => void) => {
  const input = h('input', { type: 'checkbox', 'data-testid': testId, on: { change: () => change(input.checked) } })
  return { element: h('label', { class: 'ed-check' }, input, h('span', { text: words })), input }
}

/** Pairs that may be one object, each with what can be done about it. */
const makeDuplicates = (editor: Editor) => {
  const list = h('div', { class: 'ed-list ed-plain sa-twins', role: 'list', 'aria-label': t('Duplicates') })
  const said = h('p', { class: 'sa-note', 'data-testid': 'duplicates-count' })
  const share = h('input', {
    class: 'ed-input',
    type: 'number',
    min: 1,
    max: 100,
    value: '50',
    'data-testid': 'duplicates-threshold',
    on: { change: () => find() },
  })
  const button = (testId: string, words: string, run: () => void) =>
    h('button', { type: 'button', class: 'ed-push ed-tiny', 'data-testid': testId, on: { click: run } }, words)
  const makeRow = (twins: Twins): HTMLElement => {
    const [a, b] = twins.ids
    const names = twins.ids.map((id) =>
      `${id} ${editor.job.labels.get(editor.document.get(id)?.data.label_id ?? 0)?.name ?? ''}`.trim(),
    )
    const goTo = () => editor.select([a, b])
    return h(
      'div',
      { class: 'sa-twin', role: 'listitem', 'data-testid': `duplicate-${a}-${b}` },
      h(
        'button',
        { type: 'button', class: 'ed-link sa-twin-names', 'data-testid': 'duplicate-show', on: { click: goTo } },
        names.join(' · '),
      ),
      h('span', { class: 'ed-count', text: `${Math.round(twins.iou * 100)} %` }),
      button('duplicate-merge', t('Merge'), () => {
        mergeTwins(editor, twins)
        find()
      }),
      button('duplicate-remove', t('Remove one'), () => {
        removeTwin(editor, twins)
        find()
      }),
    )
  }
  const find = () => {
    const threshold = Math.min(100, Math.max(1, Number(share.value) || 50)) / 100
    const found = listTwins(editor, threshold)
    setText(
      said,
      found.length === 0 ? t('No duplicates on this frame') : tn(found.length, 'One pair is alike', '{count} pairs are alike'),
    )
    list.replaceChildren(...found.map(makeRow))
  }
  const element = h(
    'section',
    { class: 'sa-section' },
    h('h3', { text: t('Duplicates') }),
    h(
      'div',
      { class: 'ed-row' },
      h('label', { class: 'ed-field' }, h('span', { text: t('Alike by at least (%)') }), share),
      h('button', { type: 'button', class: 'ed-push', 'data-testid': 'duplicates-find', on: { click: find } }, t('Find')),
    ),
    said,
    list,
  )
  return { element, find }
}

export const makeAssistPanel = (editor: Editor, tools: AssistTools): HTMLElement => {
  const points = h('p', { class: 'sa-note', 'data-testid': 'assist-points' })
  const cuboid = makeButtons(editor, onCuboid)
  const track = makeButtons(editor, onTrack)
  const locked = makeCheck('assist-size-lock', t('Keep the size along the track'), (on) => {
    for (const { clientId } of tools.assistant.listTracks()) tools.sizes.set(clientId, on)
    update()
  })
  const fresh = makeCheck('assist-size-fresh', t('New tracks keep their size'), (on) => {
    tools.sizes.setFresh(on)
    update()
  })
  const world = makeCheck('assist-world', t('Tracks move in the world'), (on) => {
    tools.world.set(on)
    update()
  })
  const bake = h(
    'button',
    { type: 'button', class: 'ed-push', 'data-testid': 'assist-bake', on: { click: () => tools.bakeWorld() } },
    t('Set key frames now'),
  )
  const why = h('p', { class: 'sa-note' })
  const duplicates = makeDuplicates(editor)
  const section = (title: string, ...parts: HTMLElement[]) =>
    h('section', { class: 'sa-section' }, h('h3', { text: title }), ...parts)
  const element = h(
    'div',
    {
      class: 'ed-panel sa-panel',
      id: 'ed-panel-part-assist',
      role: 'tabpanel',
      'aria-label': t('Quick'),
      'data-testid': 'assist-panel',
    },
    section(t('Chosen cuboids'), points, cuboid.element),
    section(t('Chosen tracks'), track.element, locked.element, fresh.element),
    section(t('In the world'), world.element, bake, why),
    duplicates.element,
  )

  const update = () => {
    cuboid.update()
    track.update()
    const { activeId } = editor.state
    const count = activeId === null ? null : tools.counts.get(activeId)
    setText(
      points,
      activeId === null
        ? t('Nothing is chosen')
        : count === null
          ? t('Points are being counted…')
          : tn(count, 'One point inside', '{count} points inside'),
    )
    const tracks = tools.assistant.listTracks()
    locked.input.disabled = tracks.length === 0
    locked.input.checked = tracks.length > 0 && tracks.every(({ clientId }) => tools.sizes.has(clientId))
    fresh.input.checked = tools.sizes.fresh
    const { isPossible } = tools.world
    world.input.disabled = !isPossible
    world.input.checked = isPossible && tools.world.on
    bake.disabled = !isPossible
    setText(
      why,
      isPossible
        ? t('Between key frames a track then moves evenly in the world; key frames are set so that everybody sees the same.')
        : t('This task knows nothing of how the scanner moved: upload its poses with the calibration.'),
    )
  }
  tools.onChange = update
  tools.counts.onChange(update)
  tools.openDuplicates = () => {
    editor.store.set({ sideOpen: true, sideTab: 'part-assist' })
    duplicates.find()
  }
  editor.store.subscribe(['activeId', 'selection', 'edition', 'frame', 'toolId', 'workspace', 'sideTab'], update)
  return element
}
