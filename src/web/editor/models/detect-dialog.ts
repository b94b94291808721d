// Runs a detector or classifier on the shown frame: which model, which of its labels become which of ours, how sure it must be.
import type { Label } from '../../../formats/model'
import type { Content } from '../document/object'
import type { Editor } from '../editor'
import { t, tn } from '../i18n/message'
import { openDialog } from '../ui/dialog'
import { h } from '../ui/dom'
import type { Mapping, Model, ModelLabel } from './model-api'

type Wish = { model: Model; mapping: Mapping; threshold: number | null; toPolygons: boolean }

/** One row for each label of the model; an empty choice leaves it out. */
const makeRows = (labels: readonly ModelLabel[], ours: readonly Label[], proposed: Mapping) =>
  labels.map(({ name }) => {
    const select = h(
      'select',
      {
        class: 'ed-select ed-small',
        'data-testid': 'detect-label',
        'data-label': name,
        'aria-label': t('What {name} becomes', { name }),
      },
      h('option', { value: '', text: t('— leave out —') }),
      ...ours.map((label) => h('option', { value: label.name, text: label.name })),
    )
    select.value = proposed[name]?.name ?? ''
    // Attributes and points of skeletons are as proposed as long as the label is.
    const read = (): Mapping[string] | null => {
      const own = proposed[name]
      if (!select.value) return null
      return own?.name === select.value ? own : { name: select.value }
    }
    return { name, read, row: h('tr', {}, h('td', { text: name }), h('td', {}, select)) }
  })

/** What was found becomes objects of this frame in one step. Resolves with their number. */
export const detect = async (editor: Editor, { model, mapping, threshold, toPolygons }: Wish): Promise<number> => {
  const { frame } = editor.state
  const { shapes, tags } = await editor.models.api.detect(model.id, {
    frame,
    mapping,
    threshold,
    conv_mask_to_poly: toPolygons,
    roi: editor.models.region,
  })
  if (editor.state.frame !== frame) throw new Error(t('another frame is shown by now'))
  const z_order = editor.state.topLayer ?? 0
  const contents: Content[] = [
    ...shapes.map((data): Content => ({ kind: 'shape', data: { ...data, z_order } })),
    ...tags.map((data): Content => ({ kind: 'tag', data })),
  ]
  if (contents.length) editor.do({ type: 'put', contents, title: 'Detect objects' })
  return contents.length
}

const run = async (editor: Editor, wish: Wish): Promise<void> => {
  editor.store.set({ working: editor.state.working + 1 })
  editor.explain(t('{name} looks at the frame…', { name: wish.model.name }))
  try {
    const count = await detect(editor, wish)
    editor.explain(
      count
        ? tn(count, 'One object was found', '{count} objects were found')
        : t('{name} found nothing', { name: wish.model.name }),
    )
  } catch (error) {
    editor.explain(t('The model failed: {reason}', { reason: (error as Error).message }), 'error')
  } finally {
    editor.store.set({ working: editor.state.working - 1 })
  }
}

export const openDetect = (editor: Editor): void => {
  const models = editor.models.list('detect')
  const ours = [...editor.job.labels.values()].filter((label) => !('parent_id' in label && label.parent_id))
  const choice = h(
    'select',
    { class: 'ed-select', 'data-testid': 'detect-model', 'aria-label': t('Model'), on: { change: () => void showModel() } },
    ...models.map((model) => h('option', { value: model.id, text: model.name })),
  )
  const threshold = h('input', {
    class: 'ed-input',
    type: 'number',
    min: 0,
    max: 1,
    step: 0.05,
    'data-testid': 'detect-threshold',
  })
  const toPolygons = h('input', { type: 'checkbox', 'data-testid': 'detect-polygons' })
  const table = h('tbody', {})
  let rows: ReturnType<typeof makeRows> = []
  const chosen = () => models.find(({ id }) => id === choice.value)!
  const showModel = async () => {
    const model = chosen()
    threshold.placeholder = model.threshold === null ? t('as the model has it') : String(model.threshold)
    const proposed = await editor.models.api.proposeMapping(model.id).catch((): Mapping => ({}))
    if (chosen() !== model) return
    rows = makeRows(model.labels_v2, ours, proposed)
    table.replaceChildren(...rows.map(({ row }) => row))
    table.dataset.model = model.id
  }
  const start = () => {
    const mapping: Mapping = {}
    for (const { name, read } of rows) {
      const entry = read()
      if (entry) mapping[name] = entry
    }
    if (!Object.keys(mapping).length) return editor.explain('No label of the model becomes one of this job', 'error')
    const least = threshold.value === '' ? null : Math.min(1, Math.max(0, Number(threshold.value)))
    void run(editor, { model: chosen(), mapping, threshold: least, toPolygons: toPolygons.checked })
  }
  openDialog(editor.screen.root, {
    testId: 'detect-dialog',
    title: t('Find objects on this frame'),
    medium: true,
    body: [
      h('label', { class: 'ed-setting' }, h('span', { text: t('Model') }), choice),
      h('label', { class: 'ed-setting' }, h('span', { text: t('Least confidence (0 to 1)') }), threshold),
      h('label', { class: 'ed-setting' }, h('span', { text: t('Polygons instead of masks') }), toPolygons),
      h(
        'table',
        { class: 'ed-mapping', 'data-testid': 'detect-mapping' },
        h('thead', {}, h('tr', {}, h('th', { text: t('The model says') }), h('th', { text: t('it becomes') }))),
        table,
      ),
    ],
    onDismiss: () => {},
    choices: [
      { testId: 'dialog-cancel', title: t('Cancel'), run: () => {} },
      { testId: 'dialog-ok', title: t('Find'), tone: 'accent', run: start },
    ],
  })
  void showModel()
}
