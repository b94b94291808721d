// Pictures that belong to the frame: up to three beside it, each zoomed by itself; a choice where there are more.
import type { Editor } from '../editor'
import { readZip } from '../frames/read-zip'
import { t } from '../i18n/message'
import { call } from '../save/api'
import { h } from './dom'
import { icon } from './icons'

const shownAtOnce = 3

type Picture = { name: string; url: string }

/** A picture as it is on the screen: what lies over it moves and zooms with `image`. */
export type ContextTile = { place: number; name: string; frame: HTMLElement; image: HTMLImageElement }

/** What parts of the editor ask of the pictures beside the frame. */
export type ContextTiles = {
  /** Those on the screen. */
  readonly tiles: readonly ContextTile[]
  /** All pictures of the frame, shown or not. */
  readonly pictures: readonly Readonly<Picture>[]
  /** The frame that they are of. */
  readonly frame: number
  /** Told when others are shown. */
  subscribe: (listener: () => void) => void
}

const books = new WeakMap<Editor, ContextTiles>()

/** Nothing before the pictures have a place on the screen. */
export const contextTilesOf = (editor: Editor): ContextTiles | undefined => books.get(editor)

const hasContext = (editor: Editor, frame: number): boolean => {
  const { meta, info } = editor.job
  const listed = meta.frames[meta.frames.length === 1 ? 0 : frame - info.start_frame]
  return (listed?.related_files ?? 0) > 0 || listed?.has_related_context === true
}

const loadPictures = async (editor: Editor, frame: number, signal: AbortSignal): Promise<Picture[]> => {
  const path = `/api/jobs/${editor.job.info.id}/data?type=context_image&number=${frame}&quality=original`
  const bytes = new Uint8Array(await (await call(path, { signal })).arrayBuffer())
  const files = await readZip(bytes)
  return files.map(({ name, data }) => ({ name, url: URL.createObjectURL(new Blob([data as BlobPart])) }))
}

/** Wheel zooms at the pointer, dragging moves, a double click fits. */
const attachZoom = (frame: HTMLElement, image: HTMLElement): void => {
  let view = { scale: 1, x: 0, y: 0 }
  const show = () => {
    image.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.scale})`
  }
  frame.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault()
      event.stopPropagation()
      const box = frame.getBoundingClientRect()
      const at = { x: event.clientX - box.left, y: event.clientY - box.top }
      const scale = Math.min(Math.max(view.scale * Math.exp(-event.deltaY * 0.0016), 1), 20)
      const by = scale / view.scale
      view = scale === 1 ? { scale, x: 0, y: 0 } : { scale, x: at.x - (at.x - view.x) * by, y: at.y - (at.y - view.y) * by }
      show()
    },
    { passive: false },
  )
  frame.addEventListener('pointerdown', (event) => {
    frame.setPointerCapture(event.pointerId)
    event.stopPropagation()
  })
  frame.addEventListener('pointermove', (event) => {
    if (!frame.hasPointerCapture(event.pointerId)) return
    view = { ...view, x: view.x + event.movementX, y: view.y + event.movementY }
    show()
  })
  frame.addEventListener('dblclick', () => {
    view = { scale: 1, x: 0, y: 0 }
    show()
  })
}

export const makeContextImages = (editor: Editor): HTMLElement => {
  const host = h('div', { class: 'ed-context', role: 'group', 'aria-label': t('Pictures beside the frame'), hidden: '' })
  let abort = new AbortController()
  let pictures: Picture[] = []
  let closed = false
  let shown: number[] = []
  let shownFrame = editor.state.frame
  let tiles: ContextTile[] = []
  const listeners: (() => void)[] = []

  const makeTile = (place: number): HTMLElement => {
    const picture = pictures[shown[place]!]!
    const image = h('img', { src: picture.url, alt: picture.name, draggable: 'false' })
    const frame = h('div', { class: 'ed-context-picture' }, image)
    attachZoom(frame, image)
    tiles.push({ place, name: picture.name, frame, image })
    const choice = h(
      'select',
      {
        class: 'ed-select ed-small',
        'aria-label': t('Picture'),
        on: {
          change: () => {
            shown[place] = Number(choice.value)
            draw()
          },
        },
      },
      ...pictures.map((one, i) => h('option', { value: String(i), text: one.name })),
    )
    choice.value = String(shown[place])
    const large = h(
      'button',
      {
        type: 'button',
        class: 'ed-switch',
        'aria-label': t('Full screen'),
        'data-tip': t('Full screen'),
        on: { click: () => void (document.fullscreenElement ? document.exitFullscreen() : tile.requestFullscreen()) },
      },
      icon('full-screen'),
    )
    const hide = h(
      'button',
      {
        type: 'button',
        class: 'ed-switch',
        'aria-label': t('Close'),
        'data-tip': t('Close'),
        on: {
          click: () => {
            shown.splice(place, 1)
            closed = shown.length === 0
            draw()
          },
        },
      },
      icon('close'),
    )
    const tile = h(
      'figure',
      { class: 'ed-context-tile', 'data-testid': `context-${shown[place]}` },
      h('figcaption', {}, pictures.length > shown.length ? choice : h('span', { text: picture.name, dir: 'auto' }), large, hide),
      frame,
    )
    return tile
  }
  const reopen = h(
    'button',
    {
      type: 'button',
      class: 'ed-button',
      'data-testid': 'context-open',
      on: {
        click: () => {
          closed = false
          shown = pictures.slice(0, shownAtOnce).map((_, i) => i)
          draw()
        },
      },
    },
    icon('images'),
    t('Pictures beside the frame'),
  )
  const draw = () => {
    host.hidden = pictures.length === 0
    host.dataset.closed = String(closed)
    tiles = []
    host.replaceChildren(...(closed ? [reopen] : shown.map((_, place) => makeTile(place))))
    for (const tell of listeners) tell()
  }
  const load = async (frame: number) => {
    abort.abort()
    abort = new AbortController()
    const { signal } = abort
    const old = pictures
    const found = hasContext(editor, frame)
      ? await loadPictures(editor, frame, signal).catch((error: Error) => {
          if (!signal.aborted)
            editor.explain(t('The pictures beside the frame could not be loaded: {reason}', { reason: error.message }), 'error')
          return []
        })
      : []
    if (signal.aborted) return
    pictures = found
    shownFrame = frame
    const count = Math.min(pictures.length, closed ? 0 : shownAtOnce)
    shown = Array.from({ length: count }, (_, i) => (shown[i] !== undefined && shown[i]! < pictures.length ? shown[i]! : i))
    draw()
    for (const { url } of old) URL.revokeObjectURL(url)
  }
  books.set(editor, {
    get tiles() {
      return tiles
    },
    get pictures() {
      return pictures
    },
    get frame() {
      return shownFrame
    },
    subscribe: (listener) => void listeners.push(listener),
  })
  editor.store.subscribe(['frame'], ({ frame }) => void load(frame))
  void load(editor.state.frame)
  return host
}
