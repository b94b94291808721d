// Commands that the vision tools carry out.
import type { Command } from '../commands/command'
import { canFollow, openFollow } from './follow'

export const assistCommands: Command[] = [
  {
    id: 'follow',
    title: 'Follow the object over the next frames',
    group: 'Objects',
    keys: ['Alt+F'],
    run: openFollow,
    enabled: canFollow,
  },
]
