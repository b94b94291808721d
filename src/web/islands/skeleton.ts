// The skeleton configurator: points and edges drawn over a picture by pointer or keys; what comes out is a label.

import { element } from './element'
import { t } from './i18n/message'
import type { Label } from './labels'
import { type Drawing, isSame, nextName, readDrawing, type SkeletonPoint, withoutPoint, writeDrawing } from './skeleton-drawing'
import { editPoint } from './skeleton-point'

type Mode = 'point' | 'edge' | 'drag' | 'delete'
const modes: { mode: Mode; label: string; hint: string }[] = [
  { mode: 'point', label: 'Point', hint: 'Click to put a point. Right click on a point opens its name, colour and attributes.' },
  { mode: 'edge', label: 'Edge', hint: 'Click two points to join them; Escape lets go of the first.' },
  { mode: 'drag', label: 'Drag', hint: 'Drag points to where they belong; arrow keys move the chosen one.' },
  { mode: 'delete', label: 'Delete', hint: 'Click a point or an edge to take it away.' },
]

const svgNs = 'http://www.w3.org/2000/svg'
const svg = <K extends keyof SVGElementTagNameMap>(tag: K, attributes: Record<string, string | number>) => {
  const made = document.createElementNS(svgNs, tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value))
  return made
}

const clamp = (value: number) => Math.min(100, Math.max(0, value))
const defaultColor = '#2563eb'

type Options = {
  /** The skeleton that is changed; without it a new one. The structure of a saved one stays. */
  label?: Label
  taken: string[]
  save: (label: Label) => Promise<string | null>
  close: () => void
}

/** The form, ready to be put into the page. `save` answers what is wrong, or null. */
export const makeSkeletonForm = ({ label, save, close }: Options): HTMLElement => {
  const isFixed = label?.id !== undefined
  let drawing: Drawing = { points: [], edges: [] }
  let mode: Mode = isFixed ? 'drag' : 'point'
  let from: number | null = null
  let chosen: number | null = null
  let dragged: number | null = null

  const name = element('input', {
    class: 'input min-w-32 flex-1',
    placeholder: t('Skeleton name'),
    'aria-label': t('Label name'),
    maxlength: 64,
    dir: 'auto',
    'data-testid': 'label-name',
  })
  name.value = label?.name ?? ''
  const color = element('input', { class: 'input', type: 'color', 'aria-label': t('Colour'), 'data-testid': 'label-color' })
  color.value = label?.color || defaultColor
  const problem = element('div', { class: 'problem', role: 'alert', hidden: true, 'data-testid': 'label-error' })
  const hint = element('p', { class: 'hint', role: 'status' })
  const tell = (text: string | null) => {
    problem.textContent = text
    problem.hidden = !text
  }

  const canvas = svg('svg', {
    viewBox: '0 0 100 100',
    class: 'skeleton-canvas',
    tabindex: 0,
    role: 'application',
    'aria-label': t('Points and edges of the skeleton'),
    'data-testid': 'skeleton-canvas',
  })
  const picture = svg('image', { width: 100, height: 100, preserveAspectRatio: 'xMidYMid meet' })
  const layer = svg('g', {})
  canvas.append(picture, layer)

  const draw = () => {
    const { points, edges } = drawing
    canvas.dataset.points = String(points.length)
    canvas.dataset.edges = String(edges.length)
    layer.replaceChildren(
      ...edges.map(([a, b], i) => {
        const [start, end] = [points[a]!, points[b]!]
        return svg('line', { x1: start.x, y1: start.y, x2: end.x, y2: end.y, 'data-edge': i })
      }),
      ...points.flatMap((point, i) => {
        const dot = svg('circle', { cx: point.x, cy: point.y, r: 2, fill: point.color, 'data-point': i })
        if (i === from || i === chosen) dot.setAttribute('data-chosen', 'true')
        const title = svg('title', {})
        title.textContent = point.name
        dot.append(title)
        const text = svg('text', { x: point.x + 2.6, y: point.y - 2 })
        text.textContent = point.name
        return [dot, text]
      }),
    )
  }
  const change = (next: Drawing) => {
    drawing = next
    draw()
  }

  const placeOf = (event: PointerEvent) => {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(canvas.getScreenCTM()!.inverse())
    return { x: clamp(at.x), y: clamp(at.y) }
  }
  const pointAt = (event: Event) => {
    const found = (event.target as Element).closest<SVGElement>('[data-point]')
    return found ? Number(found.dataset.point) : null
  }
  const addPoint = ({ x, y }: { x: number; y: number }) => {
    const point: SkeletonPoint = { name: nextName(drawing.points), color: color.value, x, y, attributes: [] }
    change({ ...drawing, points: [...drawing.points, point] })
  }
  const join = (to: number) => {
    if (from === null) from = to
    else {
      const edge = [from, to] as const
      const isNew = from !== to && !drawing.edges.some((one) => isSame(one, edge))
      from = null
      if (isNew) drawing = { ...drawing, edges: [...drawing.edges, edge] }
    }
    draw()
  }
  const press = (event: PointerEvent) => {
    if (event.button !== 0) return
    const at = pointAt(event)
    const edge = (event.target as Element).closest<SVGElement>('[data-edge]')?.dataset.edge
    chosen = at
    if (mode === 'point' && at === null) addPoint(placeOf(event))
    else if (mode === 'edge' && at !== null) join(at)
    else if (mode === 'drag' && at !== null && !isFixed) {
      dragged = at
      canvas.setPointerCapture(event.pointerId)
      draw()
    } else if (mode === 'delete' && at !== null) change(withoutPoint(drawing, at))
    else if (mode === 'delete' && edge !== undefined) change({ ...drawing, edges: drawing.edges.toSpliced(Number(edge), 1) })
  }
  const moveTo = (place: number, x: number, y: number) =>
    change({ ...drawing, points: drawing.points.with(place, { ...drawing.points[place]!, x: clamp(x), y: clamp(y) }) })

  canvas.addEventListener('pointerdown', press)
  canvas.addEventListener('pointermove', (event) => {
    if (dragged === null) return
    const { x, y } = placeOf(event)
    moveTo(dragged, x, y)
  })
  canvas.addEventListener('pointerup', () => {
    dragged = null
  })
  canvas.addEventListener('contextmenu', (event) => {
    const at = pointAt(event)
    if (at === null) return
    event.preventDefault()
    const others = drawing.points.filter((_, i) => i !== at).map((point) => point.name)
    editPoint(drawing.points[at]!, others, (point) => change({ ...drawing, points: drawing.points.with(at, point) }))
  })
  const steps: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }
  canvas.addEventListener('keydown', (event) => {
    const step = steps[event.key]
    if (event.key === 'Escape' && from !== null) {
      event.stopPropagation()
      from = null
      draw()
    } else if (step && chosen !== null && !isFixed) {
      event.preventDefault()
      const { x, y } = drawing.points[chosen]!
      moveTo(chosen, x + step[0], y + step[1])
    } else if (event.key === 'Delete' && chosen !== null && !isFixed) {
      change(withoutPoint(drawing, chosen))
      chosen = null
    }
  })

  const buttons = modes.map((own) => {
    const button = element(
      'button',
      {
        type: 'button',
        class: 'chip',
        'data-testid': `skeleton-${own.mode}`,
        disabled: isFixed,
        'aria-pressed': 'false',
        onclick: () => choose(own.mode),
      },
      t(own.label),
    )
    return { ...own, button }
  })
  const choose = (wanted: Mode) => {
    mode = wanted
    from = null
    for (const own of buttons) own.button.setAttribute('aria-pressed', String(own.mode === mode))
    hint.textContent = isFixed
      ? t('Points and edges of a saved skeleton stay. Right click on a point opens its name, colour and attributes.')
      : t(modes.find((own) => own.mode === mode)!.hint)
    draw()
  }

  const picker = (testid: string, text: string, accept: string, take: (file: File) => void, isOff = false) => {
    const file = element('input', { type: 'file', class: 'sr-only', accept, 'data-testid': testid, disabled: isOff })
    file.addEventListener('change', () => {
      const [chosenFile] = file.files ?? []
      file.value = ''
      if (chosenFile) take(chosenFile)
    })
    return element('label', { class: 'btn btn-small cursor-pointer', 'aria-disabled': isOff ? 'true' : undefined }, text, file)
  }
  let pictureUrl = ''
  const showPicture = (file: File) => {
    URL.revokeObjectURL(pictureUrl)
    pictureUrl = URL.createObjectURL(file)
    picture.setAttribute('href', pictureUrl)
  }
  const takeSvg = async (file: File) => {
    try {
      change(readDrawing(await file.text()))
      tell(null)
    } catch (reason) {
      tell((reason as Error).message)
    }
  }
  const download = () => {
    const text = `<svg xmlns="${svgNs}" viewBox="0 0 100 100">${writeDrawing(drawing)}</svg>`
    const link = element('a', {
      href: URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' })),
      download: `${name.value || 'skeleton'}.svg`,
    })
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
  }

  const finish = async () => {
    if (!drawing.points.length) return tell(t('A skeleton needs at least one point.'))
    const answer = await save({
      ...(label?.id !== undefined && { id: label.id }),
      name: name.value.trim(),
      type: 'skeleton',
      color: color.value,
      attributes: label?.attributes ?? [],
      sublabels: drawing.points.map(({ id, name: own, color: ownColor, attributes }) => ({
        ...(id !== undefined && { id }),
        name: own,
        type: 'points',
        color: ownColor,
        attributes,
      })),
      svg: isFixed ? label!.svg : writeDrawing(drawing),
    })
    if (answer !== null) return tell(answer)
    end()
  }
  const end = () => {
    URL.revokeObjectURL(pictureUrl)
    root.remove()
    close()
  }

  const root = element(
    'div',
    {
      class: 'grid gap-3 rounded-md border border-line-strong p-3',
      role: 'group',
      'aria-label': t('Skeleton'),
      'data-testid': 'skeleton',
    },
    element('div', { class: 'flex flex-wrap gap-2' }, name, color),
    element(
      'div',
      { class: 'flex flex-wrap gap-1.5', role: 'toolbar', 'aria-label': t('What a click does') },
      ...buttons.map(({ button }) => button),
    ),
  )
  root.append(
    canvas,
    hint,
    element(
      'div',
      { class: 'flex flex-wrap gap-2' },
      picker('skeleton-picture', t('Picture'), 'image/jpeg,image/png,image/webp', showPicture),
      picker('skeleton-svg-upload', t('Upload SVG'), '.svg,image/svg+xml', (file) => void takeSvg(file), isFixed),
      element(
        'button',
        { type: 'button', class: 'btn btn-small', 'data-testid': 'skeleton-svg-download', onclick: download },
        t('Download SVG'),
      ),
    ),
    problem,
    element(
      'div',
      { class: 'flex justify-end gap-2' },
      element('button', { type: 'button', class: 'btn btn-small', 'data-testid': 'label-cancel', onclick: end }, t('Cancel')),
      element(
        'button',
        { type: 'button', class: 'btn btn-small btn-primary', 'data-testid': 'label-save', onclick: () => void finish() },
        t('Save'),
      ),
    ),
  )
  // Enter in the name saves the skeleton, not the form around it.
  name.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return
    event.preventDefault()
    void finish()
  })
  if (label?.svg) drawing = readDrawing(label.svg, label.sublabels ?? [])
  choose(mode)
  return root
}
