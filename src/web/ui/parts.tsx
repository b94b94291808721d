// Small parts that pages repeat: times, states, people, progress, previews, titles.
import type { Children } from '@kitajs/html'
import { BareLink } from './bare'
import { readLanguage, t } from './i18n/message'
import { Icon } from './icon'
import { toneOf } from './status-tone'

const dayMs = 86_400_000
const steps: [limitMs: number, divisor: number, unit: Intl.RelativeTimeFormatUnit][] = [
  [3_600_000, 60_000, 'minute'],
  [dayMs, 3_600_000, 'hour'],
  [30 * dayMs, dayMs, 'day'],
]
/** Made once for each language: making one takes long. */
const once = <T,>(make: (language: string) => T) => {
  const made = new Map<string, T>()
  return () => {
    const language = readLanguage()
    if (!made.has(language)) made.set(language, make(language))
    return made.get(language)!
  }
}
const relative = once((language) => new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' }))
const month = once((language) => new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' }))
const numbers = once((language) => new Intl.NumberFormat(language))

/** How long ago, in words; the exact time is the tooltip. `iso` as the API writes times. */
export const Ago = ({ iso }: { iso: string }): JSX.Element => {
  const date = new Date(iso)
  const age = Date.now() - date.getTime()
  const step = steps.find(([limit]) => age < limit)
  const text = age < 60_000 ? t('just now') : step ? relative().format(-Math.floor(age / step[1]), step[2]) : month().format(date)
  return (
    <time
      datetime={iso}
      title={date.toISOString().replace('T', ' ').slice(0, 19).concat(' UTC')}
      class="num whitespace-nowrap"
      safe
    >
      {text}
    </time>
  )
}

/** The API's word for a status, with its colour; `path` of the thing keeps it true when jobs change on the same page. */
export const Status = ({ value, path }: { value: string; path?: string }): JSX.Element => (
  <span class="badge" data-testid="row-status" data-status={value} data-tone={toneOf(value)} data-status-of={path} safe>
    {t(value)}
  </span>
)

type Person = { id: number; username: string; first_name: string; last_name: string }
export const nameOf = (person: Person | null) => (person ? person.username : '')

type AssigneeProps = {
  person: Person | null
  path: string
  field: 'assignee' | 'assignee_id'
  canEdit: boolean
  testid?: string
  framed?: boolean
}

/** Chooses who does the work by typing; saved at once. */
export const Assignee = ({ person, path, field, canEdit, testid = 'row-assignee', framed }: AssigneeProps): JSX.Element => (
  <input
    class={['input compact w-full min-w-24 px-2', !framed && 'quiet']}
    role="combobox"
    aria-expanded="false"
    aria-autocomplete="list"
    aria-label={t('Assignee')}
    autocomplete="off"
    placeholder={canEdit ? t('Assign…') : t('Nobody')}
    value={nameOf(person)}
    disabled={!canEdit}
    dir="auto"
    data-people
    data-patch={path}
    data-field={field}
    data-testid={testid}
  />
)

/** `can`: what can be done to this row among many; without it everything. */
type SelectProps = { id: number | string; name: string; can?: string[] }

/** Chooses a row for actions on many. */
export const SelectCell = ({ id, name, can }: SelectProps): JSX.Element => (
  <td class="w-8 pe-0! max-sm:hidden">
    <input
      class="check block"
      type="checkbox"
      autocomplete="off"
      aria-label={t('Select {name}', { name })}
      data-select={String(id)}
      data-can={can?.join(' ')}
      data-testid="row-select"
    />
  </td>
)

/** Chooses all rows of the page. */
export const SelectHead = (): JSX.Element => (
  <th scope="col" class="w-8 pe-0! max-sm:hidden">
    <input
      class="check block"
      type="checkbox"
      autocomplete="off"
      aria-label={t('Select all')}
      data-select-all
      data-testid="list-select-all"
    />
  </th>
)

/** So many of so many, as numbers and a bar. */
export const Done = ({ done, total }: { done: number; total: number }): JSX.Element => (
  <div class="grid w-24 gap-1.5">
    <span class="num text-[13px]">
      {done} <span class="text-muted">/ {total}</span>
    </span>
    <progress
      value={String(done)}
      max={String(Math.max(1, total))}
      data-tone={done === total && total > 0 ? 'success' : undefined}
      aria-label={t('{done} of {total} jobs done', { done, total })}
    ></progress>
  </div>
)

/** A lazy picture of the first frame; an icon stands in until there is one. */
export const Preview = ({ src, href, name }: { src: string | null; href: string; name: string }): JSX.Element => (
  <a
    href={href}
    class="preview relative grid place-items-center"
    tabindex="-1"
    aria-hidden="true"
    data-testid="row-preview"
    title={name}
  >
    <span class="text-muted opacity-60">
      <Icon name="image" />
    </span>
    {src ? (
      <img class="absolute inset-0 size-full object-cover" src={src} alt="" loading="lazy" decoding="async" data-preview />
    ) : (
      ''
    )}
  </a>
)

/** `bare`: the page that stands in for the menu where there are no scripts. */
type ActionsProps = { id: string; name: string; label?: string; bare?: string; children?: Children }

/** Opens a menu whose entries wait in a template, so that only the open menu is in the page. */
export const RowMenu = ({ id, name, label, bare, children }: ActionsProps): JSX.Element => (
  <>
    <button
      type="button"
      class={label ? 'btn' : 'btn btn-quiet btn-small btn-icon'}
      data-menu-from={id}
      data-testid="row-menu"
      aria-haspopup="menu"
      aria-label={t('Actions for {name}', { name })}
    >
      {label ? <span safe>{label}</span> : ''}
      <Icon name={label ? 'chevronDown' : 'more'} />
    </button>
    <template id={id}>{children}</template>
    {bare ? <BareLink href={bare} label="Edit" testid="bare-edit" /> : ''}
  </>
)

/** `1,234`. */
export const formatCount = (value: number) => numbers().format(value)
const decimals = once((language) => new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 }))
/** `1,234.5`: one digit behind the point. */
export const formatDecimal = (value: number) => decimals().format(value)
/** `1 job`, `2 jobs`: so many of an English noun, in the language of the page. */
export const plural = (value: number, noun: string) => `${formatCount(value)} ${t(value === 1 ? noun : `${noun}s`)}`

type TitleProps = { name: string; path: string; canEdit: boolean; testid: string }

/** The name of a thing as its heading; a click edits it in place. */
export const EditableTitle = ({ name, path, canEdit, testid }: TitleProps): JSX.Element => (
  <h1 class="min-w-0 flex-1 max-md:basis-full">
    <input
      class="input quiet -ms-2 h-9 w-full max-w-full px-2 text-[20px] font-semibold text-ellipsis"
      value={name}
      maxlength="256"
      aria-label={t('Name')}
      dir="auto"
      disabled={!canEdit}
      data-patch={path}
      data-field="name"
      data-testid={testid}
    />
  </h1>
)

/** Terms with values, for the details of a page. */
export const Details = ({ rows }: { rows: [term: string, value: JSX.Element][] }): JSX.Element => (
  <dl class="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 text-[13px]">
    {rows.map(([term, value]) => (
      <>
        <dt class="text-muted" safe>
          {t(term)}
        </dt>
        <dd class="num min-w-0 truncate text-end">{value}</dd>
      </>
    ))}
  </dl>
)
