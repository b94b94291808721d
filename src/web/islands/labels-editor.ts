// Labels as chips with a form: kept for the form around, or sent to the server at once when a task or project is there.

import { callApi, describeProblem } from './api'
import { cancelButton, openDialog } from './dialog'
import { element } from './element'
import { t, tn } from './i18n/message'
import {
  type Attribute,
  checkLabel,
  describeLostAttribute,
  type Label,
  listLosses,
  parseRaw,
  toBody,
  toRawText,
  withRemovals,
} from './labels'
import { makeSkeletonForm } from './skeleton'
import { showInfo } from './toast'

type DraftAttribute = Attribute & { key: number; pending: string; kept: string[] }
type Draft = {
  id?: number
  index: number | null
  name: string
  type: string
  color: string
  isColorChosen: boolean
  attributes: DraftAttribute[]
}

const automaticColor = '#8a94a3'
let lastKey = 0

const draftAttribute = (attribute: Partial<Attribute> = {}): DraftAttribute => ({
  name: '',
  input_type: 'select',
  mutable: false,
  default_value: '',
  values: [],
  ...attribute,
  key: ++lastKey,
  pending: attribute.input_type === 'number' ? (attribute.values ?? []).join(';') : '',
  kept: attribute.id ? [...(attribute.values ?? [])] : [],
})

const finishAttribute = ({ key: _key, pending, kept: _kept, ...attribute }: DraftAttribute): Attribute => {
  const { input_type: kind, values } = attribute
  if (kind === 'number') {
    const parts = pending.split(';').map((part) => part.trim())
    return { ...attribute, values: parts, default_value: attribute.default_value || parts[0] || '' }
  }
  if (kind === 'checkbox') {
    const chosen = attribute.default_value === 'true' ? 'true' : 'false'
    return { ...attribute, values: values.length ? values : [chosen], default_value: chosen }
  }
  if (kind === 'text') return { ...attribute, values: attribute.default_value ? [attribute.default_value] : values }
  const all = pending.trim() && !values.includes(pending.trim()) ? [...values, pending.trim()] : values
  return {
    ...attribute,
    values: all,
    default_value: all.includes(attribute.default_value) ? attribute.default_value : (all[0] ?? ''),
  }
}

export const labelsEditor = () => ({
  labels: [] as Label[],
  draft: null as Draft | null,
  isRaw: false,
  raw: '',
  problem: '',
  busy: false,
  path: undefined as string | undefined,
  /** Kept from the start: a button that its own click removes no longer finds it. */
  root: undefined as unknown as HTMLElement,
  $el: undefined as unknown as HTMLElement,
  $nextTick: undefined as unknown as (run: () => void) => void,

  init() {
    this.root = this.$el
    this.labels = JSON.parse(this.root.dataset.labels ?? '[]')
    this.path = this.root.dataset.path
    this.root.addEventListener('labels-restored', (event) => this.keep((event as CustomEvent).detail))
  },
  get count() {
    return this.labels.length || ''
  },
  get isEmpty() {
    return this.labels.length === 0 && !this.draft
  },
  keyOf(label: Label) {
    return label.id ?? `new-${label.name}`
  },
  testidOf(label: Label) {
    return `label-${label.id ?? `new-${this.labels.indexOf(label) + 1}`}`
  },
  colorOf(label: Label) {
    return label.color || 'none'
  },
  noteOf(label: Label) {
    return label.type && label.type !== 'any' ? label.type : ''
  },
  describe(label: Label) {
    const attributes = (label.attributes ?? []).map((attribute) => attribute.name).join(', ')
    return attributes ? `${label.name}: ${attributes}` : label.name
  },
  removeName(label: Label) {
    return t('Delete label {name}', { name: label.name })
  },

  add() {
    this.closeSkeleton()
    this.isRaw = false
    this.problem = ''
    this.draft = { index: null, name: '', type: 'any', color: automaticColor, isColorChosen: false, attributes: [] }
    this.focusName()
  },
  /** The configurator of a new skeleton, or of one that is there. */
  setUpSkeleton(label?: Label) {
    this.isRaw = false
    this.draft = null
    this.problem = ''
    const place = this.root.querySelector('[data-skeleton-place]')!
    const others = this.labels.filter((other) => other !== label)
    const taken = others.map((other) => other.name)
    const index = label ? this.labels.indexOf(label) : -1
    const save = async (skeleton: Label): Promise<string | null> => {
      const wrong = checkLabel(skeleton, taken)
      if (wrong) return wrong
      if (this.path) {
        const losses = listLosses(this.savedOf(skeleton), skeleton)
        if (losses.length && !(await confirmLoss(t('Delete attributes?'), losses.join('\n')))) return t('Nothing is saved.')
        const isStored = await this.store([withRemovals(this.savedOf(skeleton), skeleton)])
        const problem = this.problem
        this.problem = ''
        return isStored ? null : problem
      }
      this.keep(index < 0 ? [...this.labels, skeleton] : this.labels.with(index, skeleton))
      return null
    }
    const close = () => this.root.querySelector<HTMLElement>('[data-testid="skeleton-setup"]')?.focus()
    const form = makeSkeletonForm({ label: label && JSON.parse(JSON.stringify(label)), taken, save, close })
    place.replaceChildren(form)
    form.querySelector<HTMLElement>('[data-testid="label-name"]')!.focus()
  },
  addSkeleton() {
    this.setUpSkeleton()
  },
  edit(label: Label) {
    this.problem = ''
    if (label.type === 'skeleton') return this.setUpSkeleton(label)
    this.closeSkeleton()
    this.draft = {
      ...(label.id !== undefined && { id: label.id }),
      index: this.labels.indexOf(label),
      name: label.name,
      type: label.type ?? 'any',
      color: label.color || automaticColor,
      isColorChosen: Boolean(label.color),
      attributes: (label.attributes ?? []).map(draftAttribute),
    }
    this.focusName()
  },
  closeSkeleton() {
    this.root.querySelector('[data-skeleton-place]')?.replaceChildren()
  },
  focusName() {
    this.$nextTick(() => this.root.querySelector<HTMLInputElement>('[data-testid="label-name"]')?.focus())
  },
  cancel() {
    this.draft = null
    this.problem = ''
  },
  /** Enter in a field saves the label, not the form around it; Escape leaves. */
  key(event: KeyboardEvent) {
    if (event.key === 'Escape') return this.cancel()
    if (event.key !== 'Enter' || (event.target as HTMLElement).tagName === 'BUTTON') return
    event.preventDefault()
    void this.save()
  },
  /** The label as the server knows it. */
  savedOf({ id }: { id?: number }): Label | undefined {
    return this.labels.find((label) => id !== undefined && label.id === id)
  },
  pickColor() {
    this.draft!.isColorChosen = true
  },

  addAttribute() {
    this.draft!.attributes.push(draftAttribute())
    this.$nextTick(() =>
      [...this.root.querySelectorAll<HTMLInputElement>('[data-testid="label-attribute-name"]')].at(-1)?.focus(),
    )
  },
  async removeAttribute(attribute: DraftAttribute) {
    const known = this.savedOf(this.draft!)?.attributes ?? []
    const saved = attribute.id === undefined ? undefined : known.find(({ id }) => id === attribute.id)
    if (saved) {
      const title = t('Delete attribute “{name}”?', { name: saved.name })
      if (!(await confirmLoss(title, describeLostAttribute(this.draft!.name, saved)))) return
    }
    this.draft!.attributes = this.draft!.attributes.filter((other) => other.key !== attribute.key)
  },
  changeKind(attribute: DraftAttribute) {
    attribute.values = []
    attribute.pending = ''
    attribute.default_value = attribute.input_type === 'checkbox' ? 'false' : ''
  },
  /** Kind and first values of a saved attribute stay: annotations use them. */
  isSaved(attribute: DraftAttribute) {
    return attribute.id !== undefined
  },
  takesValues(attribute: DraftAttribute) {
    return ['select', 'radio', 'number'].includes(attribute.input_type)
  },
  hasChoices(attribute: DraftAttribute) {
    return ['select', 'radio', 'checkbox'].includes(attribute.input_type)
  },
  choicesOf(attribute: DraftAttribute) {
    return attribute.input_type === 'checkbox' ? ['false', 'true'] : attribute.values
  },
  valuesHint(attribute: DraftAttribute) {
    return attribute.input_type === 'number' ? 'min;max;step' : t('Value, then Enter')
  },
  /** Enter takes the value that was typed. */
  valueKey(event: KeyboardEvent, attribute: DraftAttribute) {
    if (event.key !== 'Enter' || attribute.input_type === 'number') return
    event.preventDefault()
    event.stopPropagation()
    const value = attribute.pending.trim()
    if (!value || attribute.values.includes(value)) return
    attribute.values.push(value)
    attribute.pending = ''
    attribute.default_value ||= value
  },
  mayRemoveValue(attribute: DraftAttribute, value: string) {
    return attribute.input_type !== 'number' && !attribute.kept.includes(value)
  },
  removeValue(attribute: DraftAttribute, value: string) {
    attribute.values = attribute.values.filter((other) => other !== value)
    if (attribute.default_value === value) attribute.default_value = attribute.values[0] ?? ''
  },

  async save(): Promise<boolean> {
    const draft = this.draft!
    const label: Label = {
      ...(draft.id !== undefined && { id: draft.id }),
      name: draft.name.trim(),
      type: draft.type,
      ...(draft.isColorChosen && { color: draft.color }),
      attributes: draft.attributes.map(finishAttribute),
    }
    const others = this.labels.filter((_, i) => i !== draft.index)
    this.problem =
      checkLabel(
        label,
        others.map((other) => other.name),
      ) ?? ''
    if (this.problem) return false
    if (this.path) {
      if (!(await this.store([withRemovals(this.savedOf(draft), label)]))) return false
    } else
      this.keep(
        draft.index === null ? [...this.labels, label] : this.labels.map((other, i) => (i === draft.index ? label : other)),
      )
    this.draft = null
    this.root.querySelector<HTMLElement>('[data-testid="label-add"]')?.focus()
    return true
  },
  async saveAndContinue() {
    if (await this.save()) this.add()
  },
  async remove(label: Label) {
    if (!this.path) return this.keep(this.labels.filter((other) => other !== label))
    const text = t('All annotations with this label are removed for good.')
    if (await confirmLoss(t('Delete label “{name}”?', { name: label.name }), text))
      await this.store([{ id: label.id, deleted: true }])
  },

  toggleRaw() {
    this.closeSkeleton()
    this.isRaw = !this.isRaw
    this.draft = null
    this.problem = ''
    this.raw = toRawText(this.labels)
  },
  async applyRaw() {
    try {
      const parsed = parseRaw(this.raw)
      if (this.path) {
        const keptIds = new Set(parsed.map((label) => label.id))
        const lost = this.labels.filter((label) => !keptIds.has(label.id))
        const names = lost.map((label) => `“${label.name}”`).join(', ')
        const thinned = parsed.flatMap((label) => listLosses(this.savedOf(label), label))
        const losses = [...(lost.length ? [t('{names}: with all their annotations.', { names })] : []), ...thinned]
        const title = lost.length ? tn(lost.length, 'Delete a label?', 'Delete {count} labels?') : t('Delete attributes?')
        if (losses.length && !(await confirmLoss(title, losses.join('\n')))) return
        const changes = parsed.map((label) => withRemovals(this.savedOf(label), label))
        if (!(await this.store([...changes, ...lost.map(({ id }) => ({ id, deleted: true }))]))) return
      } else this.keep(parsed.map(({ id: _id, ...label }) => label))
      this.isRaw = false
      this.problem = ''
    } catch (problem) {
      this.problem = (problem as Error).message
    }
  },

  keep(labels: Label[]) {
    this.labels = labels
    const detail = JSON.parse(JSON.stringify(labels.map(toBody)))
    this.root.dispatchEvent(new CustomEvent('labels-changed', { detail, bubbles: true }))
  },
  /** Sends changes and reads back what is there now. */
  async store(changes: unknown[]): Promise<boolean> {
    this.busy = true
    try {
      await callApi('PATCH', this.path!, { labels: changes })
      const [, , kind, id] = this.path!.split('/')
      const { results } = await callApi('GET', `/api/labels?${kind === 'tasks' ? 'task' : 'project'}_id=${id}&page_size=500`)
      this.labels = results
      showInfo(t('Labels saved.'))
      return true
    } catch (problem) {
      this.problem = describeProblem(problem)
      return false
    } finally {
      this.busy = false
    }
  },
})

const confirmLoss = (title: string, text: string) =>
  new Promise<boolean>((resolve) => {
    let isSure = false
    const dialog = openDialog({
      title,
      body: [element('p', { class: 'text-soft break-words whitespace-pre-line', dir: 'auto' }, text)],
      buttons: [
        cancelButton(),
        element('button', { type: 'submit', class: 'btn btn-delete', 'data-testid': 'dialog-ok' }, 'Delete'),
      ],
      onClose: () => resolve(isSure),
    })
    dialog.querySelector('form')!.addEventListener('submit', () => {
      isSure = true
    })
  })
