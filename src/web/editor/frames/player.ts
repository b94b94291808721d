// Goes to frames, plays, and fetches neighbours ahead; the shown frame changes only together with its picture.
import type { Editor } from '../editor'
import { hasMatch, isEmptyFrame } from '../filters/find-frame'
import { findChapter, listChapters } from './chapters'
import { disposePicture, type FrameCache, type Picture } from './frame-cache'

type Bitmap = Picture & CanvasImageSource

const ahead = 4
const behind = 2

export class Player {
  private playing: ReturnType<typeof setTimeout> | null = null
  private direction: 1 | -1 = 1

  constructor(
    private readonly editor: Editor,
    private readonly cache: FrameCache<Bitmap>,
    private readonly onShown: (frame: number) => void,
  ) {}

  step(steps: number): Promise<void> {
    return this.goTo(this.editor.frames.step(this.editor.state.wantedFrame, steps))
  }

  /** Next or previous as the chosen mode means it. */
  stepByMode(direction: 1 | -1): Promise<void> {
    switch (this.editor.state.playerMode) {
      case 'regular':
        return this.step(direction)
      case 'filter':
        return this.stepToObject(direction)
      case 'empty':
        return this.stepToEmpty(direction)
      case 'chapter':
        return this.stepToChapter(direction)
    }
  }

  /** Next frame in a direction with objects that pass the filter; says so when there is none. */
  stepToObject(direction: 1 | -1): Promise<void> {
    const none = direction === 1 ? 'No later frame has objects' : 'No earlier frame has objects'
    return this.goToFound(direction, (frame) => hasMatch(this.editor, frame), none)
  }

  stepToEmpty(direction: 1 | -1): Promise<void> {
    const none = direction === 1 ? 'No later frame is empty' : 'No earlier frame is empty'
    return this.goToFound(direction, (frame) => isEmptyFrame(this.editor, frame), none)
  }

  stepToChapter(direction: 1 | -1): Promise<void> {
    const frame = findChapter(listChapters(this.editor.job.meta), this.editor.state.wantedFrame, direction)
    if (frame === null) this.editor.explain(direction === 1 ? 'No later chapter' : 'No earlier chapter')
    return frame === null ? Promise.resolve() : this.goTo(frame)
  }

  private goToFound(direction: 1 | -1, test: (frame: number) => boolean, none: string): Promise<void> {
    const frame = this.editor.frames.find(this.editor.state.wantedFrame, direction, test)
    if (frame === null) this.editor.explain(none)
    return frame === null ? Promise.resolve() : this.goTo(frame)
  }

  /** Resolves when the frame is shown, or when another was asked for meanwhile. */
  async goTo(wanted: number): Promise<void> {
    const { editor } = this
    const frame = editor.frames.nearest(wanted)
    if (editor.stage.isMidway) {
      editor.explain('Finish or cancel what you are drawing first')
      return
    }
    if (frame === editor.state.wantedFrame && editor.state.picture.at === 'shown' && frame === editor.state.frame) return
    this.direction = frame < editor.state.wantedFrame ? -1 : 1
    editor.store.set({ wantedFrame: frame })
    const ready = this.cache.peek(frame)
    if (ready) {
      this.show(frame, ready)
      this.prefetch(frame)
      return
    }
    const loading = this.cache.get(frame)
    this.prefetch(frame)
    try {
      const picture = await loading
      if (editor.state.wantedFrame === frame) this.show(frame, picture)
    } catch (error) {
      if (editor.state.wantedFrame === frame) this.fail(frame, error)
    }
  }

  toggle(): void {
    if (this.playing) this.pause()
    else this.play()
  }

  play(): void {
    if (this.editor.state.frame >= this.editor.frames.frames.at(-1)!) return
    this.editor.store.set({ playing: true })
    const tick = async () => {
      const { frames, state } = this.editor
      if (state.wantedFrame >= frames.frames.at(-1)! || this.editor.stage.isMidway) return this.pause()
      const started = performance.now()
      await this.step(1)
      if (!this.editor.state.playing) return
      const restMs = Math.max(1000 / this.editor.state.settings.speed - (performance.now() - started), 0)
      this.playing = setTimeout(tick, restMs)
    }
    this.playing = setTimeout(tick, 0)
  }

  pause(): void {
    if (this.playing) clearTimeout(this.playing)
    this.playing = null
    this.editor.store.set({ playing: false })
  }

  private prefetch(frame: number): void {
    const { frames } = this.editor
    const wanted = [frame]
    for (let i = 1; i <= ahead; i++) wanted.push(frames.step(frame, i * this.direction))
    for (let i = 1; i <= behind; i++) wanted.push(frames.step(frame, -i * this.direction))
    this.cache.prefetch([...new Set(wanted)])
  }

  /** Loads the shown frame anew, from where pictures come now. */
  async reload(): Promise<void> {
    const { frame } = this.editor.state
    const old = this.cache.forget()
    try {
      const picture = await this.cache.get(frame)
      if (this.editor.state.frame === frame) this.show(frame, picture)
    } catch (error) {
      if (this.editor.state.frame === frame) this.fail(frame, error)
    } finally {
      // After the next drawing nobody looks at it any more.
      if (old) requestAnimationFrame(() => disposePicture(old))
    }
  }

  private show(frame: number, source: Bitmap): void {
    const { editor } = this
    const { width, height } = source.tiles?.info ?? source
    const size = { width, height }
    this.cache.hold(frame)
    this.place(frame, size)
    editor.store.set({ picture: { at: 'shown', source } })
    this.onShown(frame)
  }

  private fail(frame: number, error: unknown): void {
    const { editor } = this
    const { meta, info } = editor.job
    const listed = meta.frames[meta.frames.length === 1 ? 0 : frame - info.start_frame]
    this.place(frame, { width: listed?.width ?? editor.state.size.width, height: listed?.height ?? editor.state.size.height })
    editor.store.set({ picture: { at: 'failed', reason: String(error instanceof Error ? error.message : error) } })
    this.onShown(frame)
  }

  private place(frame: number, size: { width: number; height: number }): void {
    const { editor } = this
    const { size: old, settings, activeId } = editor.state
    const refit = settings.resetZoom || old.width !== size.width || old.height !== size.height
    editor.store.set({ frame, size, angle: editor.angleOf(frame), ...(refit && { view: editor.viewport.fitted(size) }) })
    editor.redrawAll()
    if (activeId !== null && !editor.scene.items.has(activeId)) editor.activate(null)
    editor.store.set({ selection: editor.state.selection.filter((id) => editor.scene.items.has(id)) })
  }
}
