// The switches of an object's card: occluded, pinned, locked, hidden, and those of tracks.
import { toggleFlag, toggleMark } from '../commands/object-commands'
import type { Item } from '../document/scene'
import type { Editor } from '../editor'
import type { IconName } from './icons'

export type Switch = {
  id: string
  on: IconName
  off: IconName
  title: [string, string]
  keys: string
  read: (item: Item) => boolean
  run: () => void
}

/** Those that fit the kind of the object, in the order of the card. */
export const listSwitches = (editor: Editor, clientId: number): Switch[] => {
  const flag = (name: 'locked' | 'hidden' | 'pinned') => () => {
    const current = editor.document.get(clientId)
    if (current) toggleFlag(editor, name, [current])
  }
  const switches: Switch[] = [
    {
      id: 'occluded',
      on: 'square-dashed',
      off: 'square',
      title: ['Occluded', 'Not occluded'],
      keys: 'Q',
      read: (one) => one.body?.occluded ?? false,
      run: () => toggleMark(editor, 'occluded', [clientId]),
    },
    {
      id: 'pin',
      on: 'pin',
      off: 'pin-off',
      title: ['Pinned', 'Not pinned'],
      keys: 'P',
      read: (one) => one.object.pinned,
      run: flag('pinned'),
    },
    {
      id: 'lock',
      on: 'lock',
      off: 'lock-open',
      title: ['Unlock', 'Lock'],
      keys: 'L',
      read: (one) => one.object.locked,
      run: flag('locked'),
    },
    {
      id: 'hide',
      on: 'eye-off',
      off: 'eye',
      title: ['Show', 'Hide'],
      keys: 'H',
      read: (one) => one.object.hidden,
      run: flag('hidden'),
    },
  ]
  const trackSwitches: Switch[] = [
    {
      id: 'outside',
      on: 'log-out',
      off: 'log-out',
      title: ['Outside', 'Set outside from here'],
      keys: 'O',
      read: (one) => one.body?.outside ?? false,
      run: () => toggleMark(editor, 'outside', [clientId]),
    },
    {
      id: 'keyframe',
      on: 'diamond',
      off: 'diamond',
      title: ['Remove key frame', 'Add key frame'],
      keys: 'K',
      read: (one) => one.keyframe,
      run: () => void editor.do({ type: 'key-frame', clientId, on: !editor.scene.items.get(clientId)?.keyframe }),
    },
  ]
  const kind = editor.document.get(clientId)?.kind
  // A tag lies nowhere on the picture: it can only be locked.
  if (kind === 'tag') return switches.filter((one) => one.id === 'lock')
  return [...(kind === 'track' ? trackSwitches : []), ...switches]
}
