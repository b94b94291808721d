// The timeline below the picture: a row per track with its key frames and gaps; click to go, drag key frames, wheel to zoom.

import { hasCommand } from '../commands/registry'
import type { EditorObject } from '../document/object'
import type { Editor } from '../editor'
import { t } from '../i18n/message'
import { colorOf } from '../render/color'
import { commandButton } from '../ui/button'
import { h, setText } from '../ui/dom'
import { drawTimeline, findKeyAt, readLook, rowPx, rulerPx } from './draw-timeline'
import { moveScale, revealFrame, type Scale, showAll, toFrame, zoomScale } from './scale'
import { describeTrack, limitMove, moveKeyFrame, type Span, type Strip } from './strip'

type TrackObject = Extract<EditorObject, { kind: 'track' }>
type Drag = { at: 'scrub' } | { at: 'key'; clientId: number; from: number; to: number; limits: Span }

const wheelZoom = 1.2

export const makeTimeline = (editor: Editor): HTMLElement => {
  const { start, stop } = editor.frames
  const job: Span = { from: start, to: stop }
  const strips = new WeakMap<object, Strip>()
  let tracks: TrackObject[] = []
  let scale: Scale = showAll(job, 1)
  let drag: Drag | null = null

  const canvas = h('canvas', { class: 'ed-tl-canvas', 'data-testid': 'timeline-canvas', 'aria-hidden': 'true' })
  const names = h('div', { class: 'ed-tl-names', role: 'list', 'aria-label': t('Tracks') })
  const space = h('div', { class: 'ed-tl-space' })
  const view = h('div', { class: 'ed-tl-view' }, names, canvas)
  const scroller = h('div', { class: 'ed-tl-scroll', tabindex: '-1' }, view, space)
  const buttons = [
    commandButton(editor, 'keyframe-prev', 'chevron-left', 'timeline-prev'),
    commandButton(editor, 'keyframe', 'diamond', 'timeline-key'),
    commandButton(editor, 'keyframe-next', 'chevron-right', 'timeline-next'),
    commandButton(editor, 'track-thin', 'minus', 'timeline-thin'),
    commandButton(editor, 'track-swap', 'split', 'timeline-swap'),
    ...(hasCommand('follow') ? [commandButton(editor, 'follow', 'scan-search', 'timeline-follow')] : []),
  ]
  const count = h('span', { class: 'ed-tl-count', 'data-testid': 'timeline-count' })
  const grip = h('div', { class: 'ed-tl-grip', 'aria-hidden': 'true' })
  const element = h(
    'section',
    { class: 'ed-timeline', 'aria-label': t('Timeline'), 'data-testid': 'timeline' },
    grip,
    h('div', { class: 'ed-tl-tools' }, ...buttons.map((button) => button.element), count),
    scroller,
  )

  const stripOf = (track: TrackObject): Strip => {
    const moved = drag?.at === 'key' && drag.clientId === track.clientId && drag.to !== drag.from ? drag : null
    if (moved) return describeTrack(moveKeyFrame(track.data, moved.from, moved.to), stop)
    const known = strips.get(track.data) ?? describeTrack(track.data, stop)
    strips.set(track.data, known)
    return known
  }

  const listTracks = (): TrackObject[] =>
    editor.document
      .listFrame(editor.state.frame)
      .flatMap((id) => editor.document.get(id) ?? [])
      .filter((object): object is TrackObject => object.kind === 'track')

  const makeName = (track: TrackObject, top: number, isChosen: boolean): HTMLElement => {
    const label = editor.job.labels.get(track.data.label_id)?.name ?? ''
    const { keys, spans } = stripOf(track)
    const name = h('button', {
      type: 'button',
      class: 'ed-tl-name',
      role: 'listitem',
      tabindex: '-1',
      'data-testid': `timeline-row-${track.clientId}`,
      'data-keys': keys.join(','),
      'data-spans': spans.map(({ from, to }) => `${from}-${to}`).join(','),
      'aria-current': String(isChosen),
      text: `${label} ${track.clientId}`,
      on: {
        click: (event) => {
          if (event.shiftKey || event.ctrlKey) editor.toggleSelected(track.clientId)
          else choose(track)
        },
      },
    })
    name.style.top = `${top}px`
    name.style.setProperty('--color', colorOf(track, editor.job.labels, editor.state.appearance.colorBy))
    return name
  }

  /** Activates a track; one that is not on this frame is gone to first. */
  const choose = (track: TrackObject, frame?: number) => {
    const strip = stripOf(track)
    const isHere = strip.spans.some(({ from, to }) => editor.state.frame >= from && editor.state.frame <= to)
    const target = frame ?? (isHere ? editor.state.frame : strip.keys[0]!)
    void editor.player.goTo(target).then(() => editor.scene.items.has(track.clientId) && editor.activate(track.clientId))
  }

  const draw = () => {
    if (element.hidden || element.clientHeight === 0) return
    const height = scroller.clientHeight
    const width = Math.max(scroller.clientWidth - names.offsetWidth, 1)
    if (scale.width !== width) scale = { ...scale, width }
    const first = Math.max(Math.floor(scroller.scrollTop / rowPx), 0)
    const shown = tracks.slice(first, first + Math.ceil(height / rowPx) + 1)
    const chosen = new Set(editor.chosenIds)
    const rows = shown.map((track, i) => ({
      top: rulerPx + (first + i) * rowPx - scroller.scrollTop,
      strip: stripOf(track),
      color: colorOf(track, editor.job.labels, editor.state.appearance.colorBy),
      isChosen: chosen.has(track.clientId),
    }))
    names.replaceChildren(...shown.map((track, i) => makeName(track, rows[i]!.top, rows[i]!.isChosen)))
    drawTimeline(canvas, { rows, scale, frame: editor.state.wantedFrame, height, look: readLook(canvas) })
  }

  const update = () => {
    const isWanted = editor.state.settings.timeline && stop > start
    element.hidden = !isWanted
    if (!isWanted) return
    tracks = listTracks()
    setText(count, tracks.length === 1 ? t('1 track') : t('{count} tracks', { count: tracks.length }))
    space.style.height = `${rulerPx + tracks.length * rowPx}px`
    for (const button of buttons) button.update()
    draw()
  }

  const rowAt = (y: number): TrackObject | undefined =>
    y < rulerPx ? undefined : tracks[Math.floor((y - rulerPx + scroller.scrollTop) / rowPx)]

  const place = (event: PointerEvent | WheelEvent | MouseEvent) => {
    const box = canvas.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }

  canvas.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return
    const { x, y } = place(event)
    const track = rowAt(y)
    const strip = track && stripOf(track)
    const key = strip ? findKeyAt(strip, scale, x) : null
    canvas.setPointerCapture(event.pointerId)
    if (track && strip && key !== null && !track.locked) {
      drag = { at: 'key', clientId: track.clientId, from: key, to: key, limits: limitMove(strip, key, job) }
      return
    }
    drag = { at: 'scrub' }
    const frame = toFrame(scale, x, job)
    if (track) choose(track, frame)
    else void editor.player.goTo(frame)
  })
  canvas.addEventListener('pointermove', (event) => {
    const { x, y } = place(event)
    const frame = toFrame(scale, x, job)
    if (drag?.at === 'scrub') void editor.player.goTo(frame)
    else if (drag) {
      drag.to = Math.min(Math.max(frame, drag.limits.from), drag.limits.to)
      draw()
    } else {
      const track = rowAt(y)
      canvas.style.cursor = track && findKeyAt(stripOf(track), scale, x) !== null ? 'ew-resize' : 'default'
    }
  })
  const finish = (isKept: boolean) => {
    const done = drag
    drag = null
    if (done?.at !== 'key') return
    const track = editor.document.get(done.clientId)
    if (track?.kind !== 'track') return
    if (isKept && done.to !== done.from) {
      const content = { kind: 'track' as const, data: moveKeyFrame(track.data, done.from, done.to) }
      editor.do({ type: 'rewrite', title: 'Move key frame', changes: [{ clientId: done.clientId, content }] })
    } else if (isKept) choose(track, done.from)
    draw()
  }
  canvas.addEventListener('pointerup', () => finish(true))
  canvas.addEventListener('pointercancel', () => finish(false))
  canvas.addEventListener(
    'wheel',
    (event) => {
      const { x } = place(event)
      if (event.ctrlKey || event.metaKey) scale = zoomScale(scale, event.deltaY < 0 ? wheelZoom : 1 / wheelZoom, x, job)
      else if (event.shiftKey || event.deltaX !== 0) scale = moveScale(scale, event.deltaX || event.deltaY, job)
      else return
      event.preventDefault()
      draw()
    },
    { passive: false },
  )
  canvas.addEventListener('dblclick', () => {
    scale = showAll(job, scale.width)
    draw()
  })
  grip.addEventListener('pointerdown', (event) => grip.setPointerCapture(event.pointerId))
  grip.addEventListener('pointermove', (event) => {
    if (!grip.hasPointerCapture(event.pointerId)) return
    element.style.height = `${element.getBoundingClientRect().bottom - event.clientY}px`
  })
  scroller.addEventListener('scroll', draw)
  new ResizeObserver(draw).observe(element)

  editor.store.subscribe(['edition', 'settings', 'appearance', 'selection', 'activeId'], update)
  editor.store.subscribe(['frame', 'wantedFrame'], ({ wantedFrame }) => {
    scale = revealFrame(scale, wantedFrame, job)
    for (const button of buttons) button.update()
    draw()
  })
  update()
  return element
}
