// The confusion matrix as a table: numbers with shades, precision and recall of each label beside it.
import { t } from '../../web/ui/i18n/message'
import { formatCount } from '../../web/ui/parts'
import { formatShare } from '../../web/ui/percent'
import type { Annotations } from './compare/combine'
import { describeLabels } from './compare/confusion'

/** From few to many; written out because styles are made from what stands in the code. */
const right = [
  '',
  'bg-[color-mix(in_srgb,var(--success)_10%,transparent)]',
  'bg-[color-mix(in_srgb,var(--success)_18%,transparent)]',
  'bg-[color-mix(in_srgb,var(--success)_26%,transparent)]',
  'bg-[color-mix(in_srgb,var(--success)_34%,transparent)]',
]
const wrong = [
  '',
  'bg-[color-mix(in_srgb,var(--danger)_10%,transparent)]',
  'bg-[color-mix(in_srgb,var(--danger)_18%,transparent)]',
  'bg-[color-mix(in_srgb,var(--danger)_26%,transparent)]',
  'bg-[color-mix(in_srgb,var(--danger)_34%,transparent)]',
]
const shadeOf = (value: number, whole: number, isRight: boolean) => {
  const shades = isRight ? right : wrong
  return value === 0 ? '' : shades[Math.max(1, Math.ceil((value / (whole || 1)) * (shades.length - 1)))]
}

/** Labels that occur on either side; all of them would hide what there is to see. */
const findSeen = (rows: readonly (readonly number[])[]) =>
  rows.flatMap((row, at) => (row.some((value) => value > 0) || rows.some((other) => other[at]! > 0) ? [at] : []))

export const Matrix = ({ annotations }: { annotations: Annotations }): JSX.Element => {
  const { labels, rows } = annotations.confusion_matrix ?? {}
  if (!labels?.length || !rows?.length)
    return (
      <p class="text-muted" safe>
        {t('Nothing was compared.')}
      </p>
    )
  const metrics = describeLabels(rows)
  const last = rows.length - 1
  const seen = findSeen(rows)
  const nameOf = (at: number) => (at === last ? t('nothing') : labels[at]!)
  const columnSum = (column: number) => rows.reduce((sum, row) => sum + row[column]!, 0)
  return (
    <div class="overflow-x-auto" tabindex="0" role="region" aria-label={t('Confusion matrix')}>
      <table class="border-collapse text-[13px]" data-testid="quality-matrix">
        <caption class="sr-only" safe>
          {t('Rows are what was annotated, columns the ground truth; cells count annotations.')}
        </caption>
        <thead>
          <tr>
            <td></td>
            <th scope="colgroup" colspan={seen.length} class="px-2 pb-1 text-start text-[12px] font-medium text-muted" safe>
              {t('Ground truth')}
            </th>
            <td></td>
          </tr>
          <tr>
            <th scope="col" class="px-2 py-1 text-start text-[12px] font-medium text-muted" safe>
              {t('Annotated')}
            </th>
            {seen.map((at) => (
              <th scope="col" class="max-w-28 truncate px-2 py-1 text-end font-medium" dir="auto" title={nameOf(at)} safe>
                {nameOf(at)}
              </th>
            ))}
            <th scope="col" class="border-s border-line px-2 py-1 text-end font-medium text-muted" safe>
              {t('Precision')}
            </th>
          </tr>
        </thead>
        <tbody>
          {seen.map((row) => (
            <tr>
              <th scope="row" class="max-w-40 truncate px-2 py-1 text-start font-medium" dir="auto" title={nameOf(row)} safe>
                {nameOf(row)}
              </th>
              {seen.map((column) => (
                <td
                  class={[
                    'num border border-line px-2 py-1 text-end',
                    shadeOf(rows[row]![column]!, Math.max(columnSum(column), rows[row]![column]!), row === column),
                    rows[row]![column] === 0 && 'text-muted',
                  ]}
                  data-cell={`${nameOf(row)}/${nameOf(column)}`}
                  safe
                >
                  {formatCount(rows[row]![column]!)}
                </td>
              ))}
              <td class="num border-s border-line px-2 py-1 text-end" safe>
                {row === last ? '' : formatShare(metrics.precision[row])}
              </td>
            </tr>
          ))}
          <tr>
            <th scope="row" class="border-t border-line px-2 py-1 text-start font-medium text-muted" safe>
              {t('Recall')}
            </th>
            {seen.map((column) => (
              <td class="num border-t border-line px-2 py-1 text-end" safe>
                {column === last ? '' : formatShare(metrics.recall[column])}
              </td>
            ))}
            <td class="num border-s border-t border-line px-2 py-1 text-end font-medium" title={t('Accuracy')} safe>
              {formatShare(annotations.accuracy)}
            </td>
          </tr>
        </tbody>
      </table>
    </div>
  )
}
