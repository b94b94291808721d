// Commands of models.
import type { Command } from '../commands/command'
import { openDetect } from './detect-dialog'
import { acceptFound, hasOpen, openItem, rejectFound, showLeastCertain } from './verify'

export const modelCommands: Command[] = [
  {
    id: 'model-interact',
    title: 'Let a model follow clicks',
    group: 'Drawing',
    keys: ['Alt+M'],
    run: async (editor) => {
      await editor.models.load()
      if (editor.models.interactor) editor.models.start()
      else editor.explain('No model follows clicks yet.')
    },
  },
  {
    id: 'model-detect',
    title: 'Find objects on this frame by a model',
    group: 'Objects',
    keys: ['Alt+Shift+M'],
    run: async (editor) => {
      await editor.models.load()
      if (editor.models.list('detect').length) openDetect(editor)
      else editor.explain('No model looks at whole frames yet.')
    },
  },
  {
    id: 'verify-next',
    title: 'Look at what models found, the least certain first',
    group: 'Objects',
    keys: ['Alt+Y'],
    run: showLeastCertain,
    enabled: hasOpen,
  },
  {
    id: 'verify-accept',
    title: 'Accept what the model found',
    group: 'Objects',
    keys: ['Y'],
    run: acceptFound,
    enabled: (editor) => openItem(editor) !== null,
  },
  {
    id: 'verify-reject',
    title: 'Reject what the model found',
    group: 'Objects',
    keys: ['Shift+Y'],
    run: rejectFound,
    enabled: (editor) => openItem(editor) !== null,
  },
]
