// The requirements of settings as a table that leads to the form of each.
import { t } from '../../web/ui/i18n/message'
import { Icon } from '../../web/ui/icon'
import { formatShare } from '../../web/ui/percent'
import type { Place } from './page-place'
import { describeKind, describeMetric } from './page-words'
import type { Requirement } from './settings'
import { resolveRequirement } from './show-requirements'

export const Requirements = ({
  rows,
  place,
  mayChange,
}: {
  rows: Requirement[]
  place: Place
  mayChange: boolean
}): JSX.Element => (
  <section class="card min-w-0" data-testid="requirements">
    <div class="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2">
      <div class="min-w-0 flex-1">
        <h2 safe>{t('Requirements')}</h2>
        <p class="hint" safe>
          {t(
            'A requirement judges some of the annotations by thresholds of its own; what it leaves open it takes from its parent.',
          )}
        </p>
      </div>
      {mayChange ? (
        <a class="btn btn-small" href={`${place.path}/requirements/new`} data-testid="requirement-new">
          <Icon name="plus" />
          <span safe>{t('New requirement')}</span>
        </a>
      ) : (
        ''
      )}
    </div>
    <table class="grid-table slim">
      <thead>
        <tr>
          <th scope="col" safe>
            {t('Name')}
          </th>
          <th scope="col" class="max-md:hidden" safe>
            {t('Annotations')}
          </th>
          <th scope="col" class="max-sm:hidden" safe>
            {t('Metric')}
          </th>
          <th scope="col" class="text-end!" safe>
            {t('Target')}
          </th>
          <th scope="col" safe>
            {t('State')}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const resolved = resolveRequirement(row, rows)
          return (
            <tr data-testid={`requirement-${row.id}`}>
              <td class="max-w-0">
                <a
                  class="block truncate font-medium hover:text-accent"
                  href={`${place.path}/requirements/${row.id}`}
                  dir="auto"
                  data-testid="row-open"
                  safe
                >
                  {row.name}
                </a>
              </td>
              <td class="w-48 truncate max-md:hidden" safe>
                {row.isBase
                  ? t('all')
                  : [row.annotationType && describeKind(row.annotationType), row.filter && t('filtered')]
                      .filter(Boolean)
                      .join(', ') || t('all')}
              </td>
              <td class="w-56 truncate max-sm:hidden" safe>
                {describeMetric(resolved.metric ?? 'accuracy')}
              </td>
              <td class="num w-20 text-end" safe>
                {formatShare(resolved.requiredScore)}
              </td>
              <td class="w-24">
                <span class="badge plain" safe>
                  {row.enabled ? t('counts') : t('off')}
                </span>
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  </section>
)
