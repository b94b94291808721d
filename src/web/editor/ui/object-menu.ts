// What can be done to one object, in its card's menu and by a right click on it.
import { isEnabled } from '../commands/keymap'
import { commands } from '../commands/registry'
import { shortcuts } from '../commands/shortcuts'
import { bodyOf } from '../document/scene'
import type { Editor } from '../editor'
import { t } from '../i18n/message'
import { describeConflict } from '../review/describe-conflict'
import { placeIssue } from '../review/issue-place'
import { askIssue, quickIssue } from './issue-dialog'
import { type MenuItem, openMenu } from './menu'
import { makeObjectCard } from './object-card'
import type { RowView } from './virtual-list'

const entries: { testId: string; id: string }[][] = [
  [
    { testId: 'menu-copy', id: 'copy' },
    { testId: 'menu-propagate', id: 'propagate' },
    { testId: 'menu-redraw', id: 'redraw' },
    { testId: 'menu-mask-edit', id: 'mask-edit' },
    { testId: 'menu-orientation', id: 'switch-orientation' },
    { testId: 'menu-perspective', id: 'reset-perspective' },
  ],
  [
    { testId: 'menu-to-mask', id: 'to-mask' },
    { testId: 'menu-to-polygon', id: 'to-polygon' },
    { testId: 'menu-to-rectangle', id: 'to-rectangle' },
  ],
  [
    { testId: 'menu-track-split', id: 'track-split' },
    { testId: 'menu-track-end', id: 'track-end' },
    { testId: 'menu-track-repeat', id: 'track-repeat' },
    { testId: 'menu-track-thin', id: 'track-thin' },
    { testId: 'menu-ungroup', id: 'ungroup' },
  ],
  [
    { testId: 'menu-lock', id: 'lock' },
    { testId: 'menu-hide', id: 'hide' },
    { testId: 'menu-occluded', id: 'occluded' },
    { testId: 'menu-pin', id: 'pin' },
  ],
  [
    { testId: 'menu-foreground', id: 'to-foreground' },
    { testId: 'menu-background', id: 'to-background' },
  ],
  [{ testId: 'menu-remove', id: 'delete' }],
]

/** In review: an issue about the object, with words of one's own or ready ones. */
const listIssueEntries = (editor: Editor, clientId: number): MenuItem[] => {
  const item = editor.scene.items.get(clientId)
  const body = item ? bodyOf(item) : null
  const position = body && placeIssue([body])
  if (editor.state.workspace !== 'review' || !position) return []
  const { kind } = editor.document.get(clientId)!
  const serverId = editor.document.serverId(clientId)
  const conflicts = serverId === null ? [] : editor.conflicts.listOf(editor.state.frame, kind, serverId)
  const about = conflicts.map((conflict): MenuItem => {
    const text = describeConflict(editor, conflict)
    return {
      type: 'action',
      testId: `issue-quick-conflict-${conflict.id}`,
      title: t('Issue: {text}', { text }),
      run: () => void quickIssue(editor, position, text),
    }
  })
  return [...makeIssueEntries(editor, position), ...about, { type: 'line' }]
}

/** Ways to open an issue about a place: by words, by ready words, by what was written last. */
export const makeIssueEntries = (editor: Editor, position: number[]): MenuItem[] => {
  const quick = (testId: string, text: string): MenuItem => ({
    type: 'action',
    testId,
    title: t('Issue: {text}', { text }),
    run: () => void quickIssue(editor, position, text),
  })
  return [
    { type: 'action', testId: 'menu-issue', title: t('Open an issue…'), run: () => askIssue(editor, position) },
    quick('issue-quick-position', t('Incorrect position')),
    quick('issue-quick-attribute', t('Incorrect attribute')),
    ...editor.issues.recall().map((text, i) => quick(`issue-quick-recent-${i + 1}`, text)),
  ]
}

/** The address that opens the frame and shows this object only. */
const copyLink = async (editor: Editor, clientId: number): Promise<void> => {
  const address = new URL(location.href)
  const object = editor.document.get(clientId)
  address.search = new URLSearchParams({
    frame: String(editor.state.frame),
    type: object?.kind ?? 'shape',
    serverID: String(editor.document.serverId(clientId)),
  }).toString()
  try {
    await navigator.clipboard.writeText(address.href)
    editor.explain(t('Copied: {text}', { text: address.href }))
  } catch {
    editor.explain('The browser does not let this page copy', 'error')
  }
}

/** Points of a skeleton that were hidden or locked one by one come back. */
const listPartEntries = (editor: Editor, clientId: number): MenuItem[] => {
  if (Object.keys(editor.document.get(clientId)?.parts ?? {}).length === 0) return []
  const run = () => void editor.do({ type: 'flag', clientIds: [clientId], flags: { parts: {} }, title: 'Show and unlock points' })
  return [{ type: 'action', testId: 'menu-points-free', title: t('Show and unlock all points'), run }]
}

const cards = new WeakMap<Editor, { shown: RowView }>()

/** The card of an object with its attributes open; it follows what happens to the object. */
const showCard = (editor: Editor, clientId: number): HTMLElement => {
  const card = makeObjectCard(editor, clientId, {
    isOpen: () => true,
    toggleOpen: () => {},
    openMenu: (anchor) => openObjectMenu(editor, clientId, anchor),
  })
  card.element.dataset.testid = `card-${clientId}`
  const slot = cards.get(editor)
  if (slot) slot.shown = card
  else {
    const made = { shown: card }
    cards.set(editor, made)
    editor.store.subscribe(['edition', 'appearance'], () => {
      if (made.shown.element.isConnected) made.shown.update()
    })
  }
  return card.element
}

/** Opens the menu of an object, which becomes the active one. */
export const openObjectMenu = (editor: Editor, clientId: number, anchor: HTMLElement, at?: { x: number; y: number }): void => {
  editor.activate(clientId)
  const groups = entries.map((group) =>
    group.flatMap(({ testId, id }): MenuItem[] => {
      const command = commands.find((one) => one.id === id)
      if (!command || !isEnabled(command, editor)) return []
      return [
        {
          type: 'action',
          testId,
          title: t(command.title),
          keys: shortcuts.keysOf(command)[0] ?? '',
          run: () => void command.run(editor),
        },
      ]
    }),
  )
  const items = groups
    .filter((group) => group.length > 0)
    .flatMap((group, i): MenuItem[] => (i > 0 ? [{ type: 'line' }, ...group] : group))
  const link: MenuItem = {
    type: 'action',
    testId: 'menu-copy-link',
    title: t('Copy a link to the object'),
    run: () => void copyLink(editor, clientId),
  }
  const more: MenuItem[] = editor.document.serverId(clientId) === null ? [] : [{ type: 'line' }, link]
  const parts = listPartEntries(editor, clientId)
  const all = [...listIssueEntries(editor, clientId), ...items, ...parts, ...more]
  openMenu(editor.screen.root, anchor, t('Object'), all, at, at && showCard(editor, clientId))
}
