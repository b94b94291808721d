// One result in the gallery: its picture with the outline over it, what it is, and the way into the editor.
import { t } from '../../web/ui/i18n/message'
import { Icon } from '../../web/ui/icon'
import type { Shown } from './service'

const pair = (values: readonly number[], at: number) => `${values[at]},${values[at + 1]}`
const pointsOf = (line: readonly number[]) =>
  Array.from({ length: Math.floor(line.length / 2) }, (_, i) => pair(line, 2 * i)).join(' ')

/** Colours of labels are #rrggbb; anything else is not drawn. */
const colorOf = ({ label }: Shown) => (/^#[0-9a-f]{3,8}$/i.test(label?.color ?? '') ? label!.color : '#8298ff')

const Drawing = ({ hit }: { hit: Shown }): JSX.Element => {
  const { region, outline } = hit
  if (!region || !outline) return '' as JSX.Element
  const { closed, open, dots, ellipse } = outline
  const line = { fill: 'none', stroke: colorOf(hit), 'stroke-width': '2', 'vector-effect': 'non-scaling-stroke' }
  const radius = String(region.width / 90)
  return (
    <svg
      class="pointer-events-none absolute inset-0 size-full"
      viewBox={`${region.left} ${region.top} ${region.width} ${region.height}`}
      preserveAspectRatio="xMidYMid meet"
      aria-hidden="true"
    >
      {closed.map((points) => (
        <polygon points={pointsOf(points)} {...line} />
      ))}
      {open.map((points) => (
        <polyline points={pointsOf(points)} {...line} />
      ))}
      {ellipse ? (
        <ellipse
          cx={String(ellipse[0])}
          cy={String(ellipse[1])}
          rx={String(ellipse[2])}
          ry={String(ellipse[3])}
          transform={`rotate(${ellipse[4]} ${ellipse[0]} ${ellipse[1]})`}
          {...line}
        />
      ) : (
        ''
      )}
      {Array.from({ length: Math.floor(dots.length / 2) }, (_, i) => (
        <circle cx={String(dots[2 * i])} cy={String(dots[2 * i + 1])} r={radius} fill={colorOf(hit)} />
      ))}
    </svg>
  )
}

const sizeOf = ({ width, height }: Shown) =>
  width === null || height === null ? '' : `${Math.round(width)} × ${Math.round(height)}`

const nameOf = (hit: Shown) =>
  hit.type === 'frame' ? (hit.frame_name ?? t('Frame {frame}', { frame: hit.frame })) : (hit.label?.name ?? hit.type)

const factsOf = (hit: Shown) =>
  [
    hit.type === 'frame' ? '' : t(hit.shape_type ?? hit.type),
    hit.type === 'track' ? t('track') : '',
    sizeOf(hit),
    hit.occluded ? t('occluded') : '',
    hit.source && hit.source !== 'manual' ? hit.source : '',
    hit.score !== null && hit.score < 1 ? t('score {score}', { score: hit.score }) : '',
  ].filter(Boolean)

const kindsOf: Record<string, string> = { shape: 'shapes', track: 'tracks', tag: 'tags' }

/** `canChoose` puts a box in the corner that belongs to the form around the gallery. */
export const Card = ({ hit, canChoose }: { hit: Shown; canChoose: boolean }): JSX.Element => {
  const name = nameOf(hit)
  const place = t('{taskName}, frame {frame}', { taskName: hit.task_name, frame: hit.frame })
  const values = hit.attributes.map((one) => `${one.name}: ${one.value}`)
  return (
    <li
      class="card group relative min-w-0 overflow-hidden"
      data-testid="find-card"
      data-id={hit.id === null ? undefined : String(hit.id)}
    >
      <a class="block" href={hit.url} title={values.join('\n') || undefined} data-testid="find-open">
        <span class="relative grid aspect-[4/3] place-items-center overflow-hidden bg-sunken text-muted">
          <Icon name={hit.type === 'tag' ? 'tag' : 'image'} />
          <img
            class="absolute inset-0 size-full object-contain"
            src={hit.thumbnail}
            alt=""
            loading="lazy"
            decoding="async"
            data-preview
          />
          <Drawing hit={hit} />
        </span>
        <span class="block px-2.5 pt-2 pb-2">
          <span class="flex items-center gap-1.5 text-[13px] font-medium">
            {hit.label ? (
              <svg class="size-2.5 flex-none" viewBox="0 0 10 10" aria-hidden="true">
                <rect width="10" height="10" rx="2" fill={colorOf(hit)} />
              </svg>
            ) : (
              ''
            )}
            <span class="truncate" dir="auto" safe>
              {name}
            </span>
          </span>
          <span class="num block truncate text-[12px] leading-4 text-muted" safe>
            {factsOf(hit).join(' · ') || t(hit.state)}
          </span>
          <span class="num block truncate text-[12px] leading-4 text-muted" dir="auto" safe>
            {place}
          </span>
        </span>
      </a>
      {canChoose && hit.id !== null ? (
        <input
          class="check absolute start-2 top-2"
          type="checkbox"
          name="pick"
          value={`${kindsOf[hit.type]}:${hit.id}`}
          aria-label={t('Choose {name}, {place}', { name, place })}
          autocomplete="off"
          data-testid="find-pick"
        />
      ) : (
        ''
      )}
    </li>
  )
}
