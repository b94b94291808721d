// The tools of a list where there are no scripts: forms that keep the rest of its address, and a filter of one rule at a time.
import { Bare } from './bare'
import { say, t } from './i18n/message'
import type { ListState } from './list-address'
import type { ListField } from './list-fields'

/** The rest of the list's address, which a form of one field would lose. */
export const Kept = ({ state, without }: { state: ListState; without: string }): JSX.Element => (
  <>
    {Object.entries(state.query)
      .filter(([key, value]) => value && key !== without && key !== 'page')
      .map(([key, value]) => (
        <input type="hidden" name={key} value={value} autocomplete="off" />
      ))}
  </>
)

/** For a form with one select, which scripts read by themselves. */
export const BareApply = ({ state, without, testid }: { state: ListState; without: string; testid: string }): JSX.Element => (
  <Bare>
    <Kept state={state} without={without} />
    <button type="submit" class="btn btn-small" data-testid={testid}>
      {say('Apply')}
    </button>
  </Bare>
)

const listComparisons = (): Record<NonNullable<ListField['kind']>, readonly (readonly [operator: string, words: string])[]> => ({
  text: [
    ['in', t('contains')],
    ['==', t('is')],
  ],
  choice: [['==', t('is')]],
  number: [
    ['==', t('is')],
    ['>=', t('at least')],
    ['<=', t('at most')],
  ],
  time: [
    ['>=', t('since')],
    ['<=', t('until')],
  ],
})

/** Adds a rule to the filter by way of /narrow. */
export const BareFilter = ({ state, fields }: { state: ListState; fields: ListField[] }): JSX.Element => (
  <Bare>
    <form class="flex flex-wrap items-center gap-2" method="get" action="/narrow" data-testid="bare-filter">
      <input type="hidden" name="list" value={state.path} />
      <Kept state={state} without="" />
      <select class="select compact w-auto" name="rule" aria-label={t('Filter')} data-testid="bare-filter-rule">
        {fields.flatMap(({ name, label, kind = 'text' }) =>
          listComparisons()[kind].map(([operator, words]) => (
            <option value={`${kind} ${operator} ${name}`} safe>
              {`${t(label)}: ${words}`}
            </option>
          )),
        )}
      </select>
      <input class="input compact w-40" name="value" aria-label={t('Value')} dir="auto" data-testid="bare-filter-value" />
      <button type="submit" class="btn btn-small" data-testid="bare-filter-apply">
        {say('Apply')}
      </button>
    </form>
  </Bare>
)
