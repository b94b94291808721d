// The models of the server in the editor: which there are, which one follows clicks, and who asks it.

import type { Editor } from '../editor'
import { t } from '../i18n/message'
import type { ToolContext } from '../tools/tool'
import { clampNumber } from '../view/geometry'
import type { Model, ModelApi, Region } from './model-api'
import { Prompter } from './prompter'

/** Kinds of models for each tab of the fly-out. */
export const kindsOf = {
  interact: ['interactor'],
  detect: ['detector', 'classifier'],
  track: ['tracker'],
} as const satisfies Record<string, readonly Model['kind'][]>
export type ModelTab = keyof typeof kindsOf

export class ModelBook {
  readonly prompter: Prompter
  private loading: Promise<readonly Model[]> | null = null

  constructor(
    private readonly editor: Editor,
    readonly api: ModelApi,
  ) {
    this.prompter = new Prompter({
      api,
      chosen: () => {
        const model = this.interactor
        return (
          model && {
            model,
            frame: editor.state.frame,
            region: this.region,
            text: model.text_prompt ? editor.state.modelChoice.text : '',
          }
        )
      },
      openDecoder: async (url) => (await import('../../models/decoder')).createDecoder(url),
      onAnswer: (found) => {
        if (!found) editor.explain('The model found nothing there')
        editor.stage.send({ type: 'prompted', found })
      },
      onFailure: (reason) => {
        editor.stage.send({ type: 'prompted', found: null })
        editor.explain(t('The model failed: {reason}', { reason }), 'error')
      },
    })
  }

  /** Asks the server once which models there are; again after a failure. */
  load(): Promise<readonly Model[]> {
    this.loading ??= this.api.list().then(
      (models) => {
        this.editor.store.set({ models })
        return models
      },
      (error: Error) => {
        this.loading = null
        this.editor.explain(t('The models cannot be listed: {reason}', { reason: error.message }), 'error')
        return []
      },
    )
    return this.loading
  }

  list(tab: ModelTab): Model[] {
    const kinds: readonly string[] = kindsOf[tab]
    return (this.editor.state.models ?? []).filter((model) => kinds.includes(model.kind) && model.runs !== 'browser')
  }

  /** The chosen interactor, else the first that is ready. */
  get interactor(): Model | null {
    const all = this.list('interact')
    return all.find(({ id }) => id === this.editor.state.modelChoice.id) ?? all.find(({ ready }) => ready) ?? all[0] ?? null
  }

  get facts(): ToolContext['model'] {
    const model = this.interactor
    if (!model) return null
    const { labels } = this.editor.job
    const label = labels.get(this.editor.state.drawLabelId)
    // A label of one kind decides what becomes of a mask.
    const as = label?.type === 'polygon' || label?.type === 'mask' ? label.type : this.editor.state.modelChoice.as
    return {
      minPoints: model.min_pos_points ?? 1,
      takesNegative: (model.min_neg_points ?? -1) >= 0,
      takesBox: Boolean(model.startswith_box || model.startswith_box_optional),
      as,
    }
  }

  /** What is on the screen, when models shall see no more; whole pixels. */
  get region(): Region {
    const { modelChoice, view, area, size } = this.editor.state
    if (!modelChoice.onlyVisible) return null
    const left = clampNumber(Math.floor(-view.left / view.scale), 0, size.width - 1)
    const top = clampNumber(Math.floor(-view.top / view.scale), 0, size.height - 1)
    const right = clampNumber(Math.ceil((area.width - view.left) / view.scale), left + 1, size.width)
    const bottom = clampNumber(Math.ceil((area.height - view.top) / view.scale), top + 1, size.height)
    return left === 0 && top === 0 && right === size.width && bottom === size.height ? null : [left, top, right, bottom]
  }

  /** Looks at the picture ahead, once an interactor was used in this session. */
  prepare(): void {
    if (this.editor.state.models) this.prompter.prepare()
  }

  /** Takes the interactor in hand. */
  start(): void {
    this.editor.store.set({ flyout: null })
    this.editor.stage.setTool('model')
    this.prompter.prepare()
  }
}
