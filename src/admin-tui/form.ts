// A form being filled in: which field is edited, what each holds, what is wrong. Pure.
import type { Field, Values } from './pane'
import { editInput, startInput, type TextInput } from './text-input'

export type FormField = { field: Field; input: TextInput /** Index among the options that match, for `pick`. */; picked: number }
export type Form = {
  title: string
  fields: FormField[]
  at: number
  /** What is wrong, by field name; '' is about the whole form. */
  problems: Record<string, string>
}

export const startForm = (title: string, fields: Field[]): Form => ({
  title,
  fields: fields.map((field) => ({
    field,
    input: startInput(field.kind === 'pick' ? '' : field.value),
    picked: Math.max(0, field.options?.indexOf(field.value ?? '') ?? 0),
  })),
  at: 0,
  problems: {},
})

/** Options that hold the typed part. */
export const listMatches = ({ field, input }: FormField): string[] =>
  (field.options ?? []).filter((option) => option.toLowerCase().includes(input.text.toLowerCase()))

export const readField = (entry: FormField): string =>
  entry.field.kind === 'pick' ? (listMatches(entry)[entry.picked] ?? '') : entry.input.text

export const readValues = (form: Form): Values =>
  Object.fromEntries(form.fields.map((entry) => [entry.field.name, readField(entry)]))

const judgeField = (entry: FormField, values: Values): string | undefined => {
  const value = values[entry.field.name]!
  if (entry.field.kind === 'pick' && !value) return `Nothing matches “${entry.input.text}”.`
  if (entry.field.isRequired && !value.trim()) return 'This is needed.'
  if (entry.field.sameAs && value !== values[entry.field.sameAs]) return 'The two are not the same.'
  return undefined
}

/** The form with its problems shown and the first field that has one in focus; the same form when there are none. */
export const showProblems = (form: Form, problems: Record<string, string>): Form => {
  const known = new Set(form.fields.map(({ field }) => field.name))
  const stray = Object.entries(problems).filter(([name]) => !known.has(name))
  const shown = Object.fromEntries(Object.entries(problems).filter(([name]) => known.has(name)))
  if (stray.length) shown[''] = stray.map(([name, text]) => (name ? `${name}: ${text}` : text)).join(' ')
  const first = form.fields.findIndex(({ field }) => field.name in shown)
  return { ...form, problems: shown, at: first < 0 ? form.at : first }
}

/** What is wrong with the form as it stands, by field name. */
export const judgeForm = (form: Form): Record<string, string> => {
  const values = readValues(form)
  return Object.fromEntries(
    form.fields.flatMap((entry) => {
      const problem = judgeField(entry, values)
      return problem ? [[entry.field.name, problem]] : []
    }),
  )
}

const goTo = (form: Form, at: number): Form => ({ ...form, at: (at + form.fields.length) % form.fields.length })

const change = (form: Form, entry: Partial<FormField>): Form => {
  const { [form.fields[form.at]!.field.name]: _, '': __, ...problems } = form.problems
  return { ...form, problems, fields: form.fields.map((old, i) => (i === form.at ? { ...old, ...entry } : old)) }
}

/** The form after a key, or 'submit' after Enter in the last field. */
export const pressInForm = (form: Form, key: string): Form | 'submit' => {
  const entry = form.fields[form.at]!
  const isPick = entry.field.kind === 'pick'
  const count = isPick ? listMatches(entry).length : 0
  if (key === 'enter' && form.at === form.fields.length - 1) return 'submit'
  if (key === 'enter' || key === 'tab' || (key === 'down' && !isPick)) return goTo(form, form.at + 1)
  if (key === 'S-tab' || (key === 'up' && !isPick)) return goTo(form, form.at - 1)
  if (isPick && (key === 'down' || key === 'right')) return change(form, { picked: count ? (entry.picked + 1) % count : 0 })
  if (isPick && (key === 'up' || key === 'left')) return change(form, { picked: count ? (entry.picked + count - 1) % count : 0 })
  const input = editInput(entry.input, key)
  return input ? change(form, { input, ...(isPick && { picked: 0 }) }) : form
}
