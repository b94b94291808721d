// One suspicious object in the gallery: its picture with its box and that of the object it is compared with, and why it is suspected.
import { t } from '../../web/ui/i18n/message'
import { Icon } from '../../web/ui/icon'
import type { ShownSuspect, Suspect } from './list'
import { regionOf } from './thumbnail'
import { titleOf } from './words'

export type Entry = { row: Suspect; shown: ShownSuspect }

/** Colours of labels are #rrggbb; anything else is not drawn. */
const colorOf = ({ label }: ShownSuspect) => (/^#[0-9a-f]{3,8}$/i.test(label?.color ?? '') ? label!.color : '#8298ff')

type Bounds = NonNullable<ShownSuspect['box']>
const Frame = ({ box: [left, top, right, bottom], color, isOther }: { box: Bounds; color: string; isOther?: boolean }) => (
  <rect
    x={String(left)}
    y={String(top)}
    width={String(Math.max(0, right - left))}
    height={String(Math.max(0, bottom - top))}
    fill="none"
    stroke={color}
    stroke-width="2"
    vector-effect="non-scaling-stroke"
    {...(isOther && { 'stroke-dasharray': '5 4' })}
  />
)

const Boxes = ({ row, shown }: Entry): JSX.Element => {
  const region = regionOf(row.details)
  if (!region || !shown.box) return '' as JSX.Element
  return (
    <svg
      class="pointer-events-none absolute inset-0 size-full"
      viewBox={`${region.left} ${region.top} ${region.width} ${region.height}`}
      preserveAspectRatio="xMidYMid meet"
      aria-hidden="true"
    >
      {shown.other ? <Frame box={shown.other.box} color="#ffffff" isOther /> : ''}
      <Frame box={shown.box} color={colorOf(shown)} />
    </svg>
  )
}

/** How sure the search is, as a bar; the number is read out with it. */
const Sureness = ({ score }: { score: number }) => (
  <meter
    class="suspect-score h-1.5 w-14 flex-none"
    min="0.5"
    low="0.66"
    high="0.83"
    optimum="0.5"
    max="1"
    value={String(score)}
    aria-label={t('Suspicion')}
    title={score.toFixed(2)}
  >
    {score.toFixed(2) as 'safe'}
  </meter>
)

export const SuspectCard = ({ entry, canChoose }: { entry: Entry; canChoose: boolean }): JSX.Element => {
  const { row, shown } = entry
  const name = shown.label?.name ?? ''
  const place = t('{task}, frame {frame}', { task: shown.task_name, frame: shown.frame })
  return (
    <li
      class="card relative min-w-0 overflow-hidden"
      data-testid="suspect-card"
      data-id={String(shown.id)}
      data-reason={shown.reason}
    >
      <a class="block" href={shown.url} title={t('Open in the editor')} data-testid="suspect-open">
        <span class="relative grid aspect-[4/3] place-items-center overflow-hidden bg-sunken text-muted">
          <Icon name={shown.type === 'tag' ? 'tag' : 'image'} />
          <img
            class="absolute inset-0 size-full object-contain"
            src={shown.thumbnail}
            alt=""
            loading="lazy"
            decoding="async"
            data-preview
          />
          <Boxes row={row} shown={shown} />
        </span>
        <span class="grid gap-0.5 px-2.5 pt-2 pb-2.5">
          <span class="flex items-center gap-2">
            <span class="min-w-0 flex-1 truncate text-[13px] font-medium" safe>
              {titleOf(shown.reason)}
            </span>
            <Sureness score={row.score} />
          </span>
          <span class="text-[13px] leading-4.5 text-soft" dir="auto" data-testid="suspect-words" safe>
            {shown.words}
          </span>
          <span class="flex items-center gap-1.5 text-[12px] leading-4 text-muted">
            <svg class="size-2.5 flex-none" viewBox="0 0 10 10" aria-hidden="true">
              <rect width="10" height="10" rx="2" fill={colorOf(shown)} />
            </svg>
            <span class="num truncate" dir="auto" safe>
              {`${name} · ${place}`}
            </span>
          </span>
        </span>
      </a>
      {canChoose ? (
        <input
          class="check absolute start-2 top-2"
          type="checkbox"
          name="pick"
          value={String(shown.id)}
          aria-label={t('Choose {label}, {place}', { label: name, place })}
          autocomplete="off"
          data-testid="suspect-pick"
        />
      ) : (
        ''
      )}
    </li>
  )
}
