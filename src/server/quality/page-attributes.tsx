// How attributes are compared, as fields of a requirement's form: all of them, and each by a rule of its own.
import { ChoiceField, TextField } from '../../web/ui/form'
import { t } from '../../web/ui/i18n/message'
import { readPercent, writePercent } from '../../web/ui/percent'
import type { Fields } from '../auth/service'
import { labelsOf } from '../labels/service'
import { labelParent } from '../tasks/service'
import { defaultTextThreshold } from './compare/attributes'
import type { Place } from './page-place'
import type { AttributeComparison, AttributeRule } from './schema'

type Values = Record<string, string>
type Problems = Record<string, string>
export type Spec = { id: number; name: string; label: string }

/** Attributes of the labels here, those of the points of skeletons included. */
export const listSpecs = async (place: Place): Promise<Spec[]> => {
  const labels = await labelsOf(place.task ? labelParent(place.task.task) : { projectId: place.id })
  return labels.flatMap((label) =>
    [label, ...label.sublabels].flatMap(({ attributes }) => attributes.map(({ id, name }) => ({ id, name, label: label.name }))),
  )
}

/** `` = left open, `no` = not compared, else the comparator. */
const writeRule = (rule: AttributeRule | null | undefined): string =>
  rule?.enabled === null || rule?.enabled === undefined ? '' : rule.enabled ? (rule.comparator ?? 'exact') : 'no'
const writeThreshold = (rule: AttributeRule | null | undefined): string =>
  rule?.threshold === null || rule?.threshold === undefined ? '' : writePercent(rule.threshold)

/** The values of the fields. */
export const writeComparison = (comparison: AttributeComparison | null): Values => ({
  attributes: writeRule(comparison?.default),
  attributes_threshold: writeThreshold(comparison?.default),
  ...Object.fromEntries(
    (comparison?.rules ?? []).flatMap((rule) => [
      [`spec_${rule.spec_id}`, writeRule(rule)],
      [`spec_${rule.spec_id}_threshold`, writeThreshold(rule)],
    ]),
  ),
})

const readRule = (fields: Fields, name: string, problems: Problems): AttributeRule | null => {
  const choice = fields[name]?.[0] ?? ''
  if (choice === '') return null
  if (choice === 'no') return { enabled: false, comparator: null, threshold: null }
  const text = fields[`${name}_threshold`]?.[0]?.trim() ?? ''
  if (choice === 'exact' || !text) return { enabled: true, comparator: choice, threshold: null }
  const read = readPercent(text)
  if (read.problem !== undefined) problems[`${name}_threshold`] = read.problem
  return { enabled: true, comparator: choice, threshold: read.value ?? null }
}

/** What the fields say; null = as the parent. Adds to `problems` by field. */
export const readComparison = (fields: Fields, specs: readonly Spec[], problems: Problems): AttributeComparison | null => {
  const common = readRule(fields, 'attributes', problems)
  const rules = specs.flatMap(({ id }) => {
    const rule = readRule(fields, `spec_${id}`, problems)
    return rule ? [{ ...rule, spec_id: id, enabled: Boolean(rule.enabled) }] : []
  })
  return common || rules.length ? { default: common, rules } : null
}

/** Fields that problems may stand at. */
export const listAttributeFields = (specs: readonly Spec[]): string[] => [
  'attributes_threshold',
  ...specs.map(({ id }) => `spec_${id}_threshold`),
]

type PairProps = { name: string; label: string; open: string | null; values: Values; problems: Problems }

/** How values are compared, and how alike texts must be. */
const RuleFields = ({ name, label, open, values, problems }: PairProps) => {
  const testid = `requirement-${name.replaceAll('_', '-')}`
  return (
    <div class="grid grid-cols-[minmax(0,3fr)_minmax(0,2fr)] gap-2">
      <ChoiceField
        label={label}
        name={name}
        value={values[name] ?? ''}
        options={[
          ...(open === null ? [] : [['', open] as [string, string]]),
          ['exact', t('must be equal')],
          ['levenshtein', t('texts must be alike')],
          ['no', t('are left out')],
        ]}
        testid={testid}
      />
      <TextField
        label={t('Likeness, %')}
        name={`${name}_threshold`}
        value={values[`${name}_threshold`] ?? ''}
        placeholder={writePercent(defaultTextThreshold)}
        problem={problems[`${name}_threshold`]}
        testid={`${testid}-threshold`}
      />
    </div>
  )
}

type AttributesProps = { specs: readonly Spec[]; values: Values; problems: Problems; isBase: boolean }

export const AttributeFields = ({ specs, values, problems, isBase }: AttributesProps): JSX.Element => (
  <fieldset class="grid gap-3">
    <legend class="mb-2 text-[15px] font-semibold" safe>
      {t('Attributes')}
    </legend>
    {isBase ? (
      ''
    ) : (
      <p class="hint" safe>
        {t('When something is chosen here, an object is right only if its attributes are.')}
      </p>
    )}
    <div class="grid grid-cols-2 gap-x-6 gap-y-3 max-md:grid-cols-1">
      <RuleFields
        name="attributes"
        label={t('All attributes')}
        open={isBase ? null : t('as its parent')}
        values={values}
        problems={problems}
      />
      {specs.map(({ id, name, label }) => (
        <RuleFields
          name={`spec_${id}`}
          label={`${label} · ${name}`}
          open={t('as all attributes')}
          values={values}
          problems={problems}
        />
      ))}
    </div>
  </fieldset>
)
