// The quick tools of one open point cloud, as commands and panels find them.
import type { Editor } from '../../editor/editor'
import { tn } from '../../editor/i18n/message'
import type { Assistant } from './assistant'
import type { PointCounts } from './point-counts'
import type { SizeLocks } from './size-lock'
import type { WorldTracks } from './world-tracks'

export class AssistTools {
  /** Told when something changed that the store does not know of. */
  onChange: () => void = () => {}
  openDuplicates: () => void = () => {}

  constructor(
    readonly assistant: Assistant,
    readonly counts: PointCounts,
    readonly sizes: SizeLocks,
    readonly world: WorldTracks,
  ) {}

  toggleSizeLock(): void {
    const ids = this.assistant.listTracks().map(({ clientId }) => clientId)
    const locks = !ids.every((id) => this.sizes.has(id))
    for (const id of ids) this.sizes.set(id, locks)
    this.assistant.editor.explain(locks ? 'The size is locked along the track' : 'The size may differ along the track')
    this.onChange()
  }

  bakeWorld(): void {
    const changed = this.world.bake()
    this.assistant.editor.explain(
      changed === 0
        ? 'All tracks move in the world already'
        : tn(
            changed,
            'One track got key frames for its way in the world',
            '{count} tracks got key frames for their way in the world',
          ),
    )
  }
}

const all = new WeakMap<Editor, AssistTools>()

export const noteTools = (tools: AssistTools): void => void all.set(tools.assistant.editor, tools)

/** Throws where no point cloud is open: commands of point clouds exist only there. */
export const toolsOf = (editor: Editor): AssistTools => {
  const found = all.get(editor)
  if (!found) throw new Error('No point cloud is open')
  return found
}
