// The table that says which label of a model becomes which of the task, and what the form with it said.
import type { Label } from '../../formats/model'
import { say, t } from '../../web/ui/i18n/message'
import type { Fields } from '../auth/service'
import type { FunctionInfo, FunctionLabel } from './contract'
import { areCompatible, type Mapping, proposeMapping } from './match-labels'
import type { Place } from './place'

/** Names of the fields: positions are kept short and safe whatever labels are called. */
const fieldOf = (path: readonly number[]) => `map_${path.join('_')}`
const attributeField = (path: readonly number[], i: number) => `${fieldOf(path)}_a${i}`

type RowProps = { from: FunctionLabel; path: number[]; to: readonly Label[]; chosen: Mapping[string] | undefined; depth?: number }

const Rows = ({ from, path, to, chosen, depth = 0 }: RowProps): JSX.Element => {
  const target = to.find(({ name }) => name === chosen?.name)
  const options = to.filter((label) => areCompatible(from.type, label.type))
  return (
    <>
      <tr data-testid="model-mapping">
        <td class={['max-w-0 truncate', depth > 0 && 'ps-8 text-soft']} dir="auto" safe>
          {from.name}
        </td>
        <td class="w-24 text-muted max-sm:hidden">{from.type}</td>
        <td class="w-1/2">
          <select
            class="select w-full"
            name={fieldOf(path)}
            aria-label={t('Label for “{name}”', { name: from.name })}
            autocomplete="off"
            data-testid={`model-map-${from.name}`}
          >
            <option value="" safe>
              {t('Leave out')}
            </option>
            {options.map(({ name }) => (
              <option value={name} selected={name === target?.name} safe>
                {name}
              </option>
            ))}
          </select>
        </td>
      </tr>
      {target
        ? from.attributes.map((attribute, i) => (
            <tr>
              <td class="max-w-0 truncate ps-8 text-soft" dir="auto" safe>
                {attribute.name}
              </td>
              <td class="text-muted max-sm:hidden">{say('attribute')}</td>
              <td>
                <select
                  class="select w-full"
                  name={attributeField(path, i)}
                  aria-label={t('Attribute for “{name}”', { name: attribute.name })}
                  autocomplete="off"
                >
                  <option value="" safe>
                    {t('Leave out')}
                  </option>
                  {target.attributes.map(({ name }) => (
                    <option value={name} selected={name === chosen?.attributes?.[attribute.name]} safe>
                      {name}
                    </option>
                  ))}
                </select>
              </td>
            </tr>
          ))
        : ''}
      {target && target.type === 'skeleton'
        ? (from.sublabels ?? []).map((sublabel, i) => (
            <Rows
              from={sublabel}
              path={[...path, i]}
              to={target.sublabels}
              chosen={chosen?.sublabels?.[sublabel.name]}
              depth={depth + 1}
            />
          ))
        : ''}
    </>
  )
}

export const MappingTable = ({ info, place, mapping }: { info: FunctionInfo; place: Place; mapping: Mapping }) => (
  <div class="overflow-x-auto">
    <table class="grid-table" aria-label={t('Labels')}>
      <thead>
        <tr>
          <th scope="col">{say('Label of the model')}</th>
          <th scope="col" class="max-sm:hidden">
            {say('Type')}
          </th>
          <th scope="col">{say('Label of the task')}</th>
        </tr>
      </thead>
      <tbody>
        {info.labels.map((label, i) => (
          <Rows from={label} path={[i]} to={place.labels} chosen={mapping[label.name]} />
        ))}
      </tbody>
    </table>
  </div>
)

/** The mapping that the form says: labels that are left out are not in it. */
export const readMapping = (
  fields: Fields,
  labels: readonly FunctionLabel[],
  to: readonly Label[],
  path: number[] = [],
): Mapping =>
  Object.fromEntries(
    labels.flatMap((from, i): [string, Mapping[string]][] => {
      const own = [...path, i]
      const name = fields[fieldOf(own)]?.[0]
      const target = to.find((label) => label.name === name)
      if (!target) return []
      const attributes = from.attributes.flatMap((attribute, at): [string, string][] => {
        const chosen = fields[attributeField(own, at)]?.[0]
        return target.attributes.some((one) => one.name === chosen) ? [[attribute.name, chosen!]] : []
      })
      const isSkeleton = from.type === 'skeleton' && target.type === 'skeleton'
      const proposed = proposeMapping(from.sublabels ?? [], target.sublabels)
      const said = isSkeleton ? readMapping(fields, from.sublabels ?? [], target.sublabels, own) : {}
      // A form that was made for another label has no fields for the points of this one.
      const sublabels = Object.keys(said).length ? said : proposed
      return [[from.name, { name: target.name, attributes: Object.fromEntries(attributes), ...(isSkeleton && { sublabels }) }]]
    }),
  )
