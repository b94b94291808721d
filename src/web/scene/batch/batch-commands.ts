// The command that opens the batch view.
import type { Command } from '../../editor/commands/command'
import { workspaceFacts } from '../../editor/workspaces/workspace'
import { assistantOf } from '../assist/assistant'
import { openBatch } from './batch-view'

export const batchCommands: readonly Command[] = [
  {
    id: 'cloud-batch',
    title: 'Edit the track over frames side by side',
    group: 'Objects',
    keys: ['A B'],
    run: (e) => {
      const track = assistantOf(e).listTracks()[0]
      if (track) openBatch(assistantOf(e), track.clientId)
    },
    enabled: (e) =>
      e.stage.mode === 'idle' && workspaceFacts[e.state.workspace].edits && assistantOf(e).listTracks().length === 1,
  },
]
