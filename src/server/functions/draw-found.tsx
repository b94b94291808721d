// What was found on a picture, drawn over it as SVG; no scripts.
import { turnBox } from '../../formats/geometry/box'
import { decodeMask } from '../../formats/geometry/mask'
import { tracePolygons } from '../../formats/geometry/outline'
import type { Drawn, Found } from './contract'

const colors = ['#e11d48', '#2563eb', '#16a34a', '#d97706', '#9333ea', '#0891b2', '#db2777', '#65a30d']

/** Labels keep their colour from picture to picture. */
export const colorOf = (label: string, labels: readonly { name: string }[]): string =>
  colors[
    Math.max(
      0,
      labels.findIndex(({ name }) => name === label),
    ) % colors.length
  ]!

const toText = (points: readonly number[]) =>
  Array.from({ length: points.length >> 1 }, (_, i) => `${points[2 * i]!.toFixed(1)},${points[2 * i + 1]!.toFixed(1)}`).join(' ')

type Props = { one: Found | Drawn; color: string; line: number }

const Outline = ({ points, color, line }: { points: readonly number[]; color: string; line: number }) => (
  <polygon points={toText(points)} fill={color} fill-opacity="0.2" stroke={color} stroke-width={String(line)} />
)

const Dots = ({ points, color, line }: { points: readonly number[]; color: string; line: number }) => (
  <>
    {Array.from({ length: points.length >> 1 }, (_, i) => (
      <circle cx={String(points[2 * i])} cy={String(points[2 * i + 1])} r={String(line * 2)} fill={color} />
    ))}
  </>
)

const Shape = ({ one, color, line }: Props): JSX.Element => {
  const { type, points, rotation = 0 } = one
  if (type === 'rectangle')
    return <Outline points={turnBox(points as [number, number, number, number], rotation)} color={color} line={line} />
  if (type === 'polygon') return <Outline points={points} color={color} line={line} />
  if (type === 'mask')
    return (
      <>
        {tracePolygons(decodeMask(points)).map((outline) => (
          <Outline points={outline} color={color} line={line} />
        ))}
      </>
    )
  if (type === 'ellipse') {
    const [cx, cy, right, top] = points as [number, number, number, number]
    return (
      <ellipse
        cx={String(cx)}
        cy={String(cy)}
        rx={String(Math.abs(right - cx))}
        ry={String(Math.abs(cy - top))}
        transform={`rotate(${rotation} ${cx} ${cy})`}
        fill={color}
        fill-opacity="0.2"
        stroke={color}
        stroke-width={String(line)}
      />
    )
  }
  if (type === 'polyline') return <polyline points={toText(points)} fill="none" stroke={color} stroke-width={String(line)} />
  const dots =
    type === 'skeleton' ? (one.elements ?? []).filter(({ outside }) => !outside).flatMap(({ points }) => points) : points
  return <Dots points={dots} color={color} line={line} />
}

/** The picture and what was found on it. `source` is an address of the picture. */
export const FoundPicture = ({
  found,
  labels,
  width,
  height,
  source,
  alt,
}: {
  found: readonly (Found | Drawn)[]
  labels: readonly { name: string }[]
  width: number
  height: number
  source: string
  alt: string
}) => (
  <svg
    viewBox={`0 0 ${width} ${height}`}
    class="h-auto w-full rounded-md"
    role="img"
    aria-label={alt}
    data-testid="model-picture"
  >
    <image href={source} width={String(width)} height={String(height)} />
    {found
      .filter(({ type }) => type !== 'tag')
      .map((one) => (
        <g data-testid="model-found">
          <Shape
            one={one}
            color={colorOf('label' in one ? String(one.label) : '', labels)}
            line={Math.max(1, Math.max(width, height) / 300)}
          />
        </g>
      ))}
  </svg>
)
