// What can be done to one object, in its card's menu and by a right click on it.
import { commands } from '../commands/registry'
import type { Editor } from '../editor'
import { type MenuItem, openMenu } from './menu'

const entries: { testId: string; id: string }[][] = [
  [
    { testId: 'menu-copy', id: 'copy' },
    { testId: 'menu-redraw', id: 'redraw' },
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

/** Opens the menu of an object, which becomes the active one. */
export const openObjectMenu = (editor: Editor, clientId: number, anchor: HTMLElement, at?: { x: number; y: number }): void => {
  editor.activate(clientId)
  const groups = entries.map((group) =>
    group.flatMap(({ testId, id }): MenuItem[] => {
      const command = commands.find((one) => one.id === id)
      if (!command || command.enabled?.(editor) === false) return []
      return [{ type: 'action', testId, title: command.title, keys: command.keys[0] ?? '', run: () => void command.run(editor) }]
    }),
  )
  const items = groups
    .filter((group) => group.length > 0)
    .flatMap((group, i): MenuItem[] => (i > 0 ? [{ type: 'line' }, ...group] : group))
  openMenu(editor.screen.root, anchor, 'Object', items, at)
}
