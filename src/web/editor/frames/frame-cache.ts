// Decoded pictures of frames, bounded by bytes; the least recently used go first, neighbours are fetched ahead.
import type { TileSet } from '../tiles/tile-set'

/** `tiles`: the picture is huge, what can be drawn at once is a small one of it. */
export type Picture = { width: number; height: number; close?: () => void; tiles?: TileSet<ImageBitmap> }

export type FrameCachePorts<P extends Picture> = {
  load: (frame: number, signal: AbortSignal) => Promise<P>
  limitBytes: number
}

const measureBytes = (picture: Picture): number => picture.width * picture.height * 4

export const disposePicture = (picture: Picture): void => {
  picture.tiles?.close()
  picture.close?.()
}

export class FrameCache<P extends Picture> {
  private readonly ready = new Map<number, P>()
  private readonly loading = new Map<number, { promise: Promise<P>; abort: AbortController }>()
  private held: number | null = null
  private bytes = 0

  constructor(private readonly ports: FrameCachePorts<P>) {}

  peek(frame: number): P | null {
    const picture = this.ready.get(frame)
    if (!picture) return null
    this.ready.delete(frame)
    this.ready.set(frame, picture)
    return picture
  }

  get(frame: number): Promise<P> {
    const picture = this.peek(frame)
    if (picture) return Promise.resolve(picture)
    const running = this.loading.get(frame)
    if (running) return running.promise
    const abort = new AbortController()
    const promise = this.ports
      .load(frame, abort.signal)
      .then((loaded) => {
        // A stopped load may still end well, next to the one that was started in its place.
        const known = this.ready.get(frame)
        if (known) disposePicture(loaded)
        else this.keep(frame, loaded)
        return known ?? loaded
      })
      .finally(() => {
        if (this.loading.get(frame)?.abort === abort) this.loading.delete(frame)
      })
    this.loading.set(frame, { promise, abort })
    return promise
  }

  /** Starts loading frames that will be wanted soon, and stops loading all that are not named. */
  prefetch(wanted: readonly number[]): void {
    for (const [frame, { abort }] of this.loading) {
      if (wanted.includes(frame)) continue
      abort.abort()
      // Whoever asks again must not get the stopped load.
      this.loading.delete(frame)
    }
    for (const frame of wanted) this.get(frame).catch(() => {})
  }

  /** The frame whose picture is on the screen: it stays, however many others are fetched. */
  hold(frame: number): void {
    this.held = frame
  }

  /** Drops everything, as pictures are loaded from elsewhere now. Returns the one on the screen, which the caller frees. */
  forget(): P | null {
    for (const { abort } of this.loading.values()) abort.abort()
    this.loading.clear()
    const shown = this.held === null ? null : (this.ready.get(this.held) ?? null)
    for (const picture of this.ready.values()) if (picture !== shown) disposePicture(picture)
    this.ready.clear()
    this.bytes = 0
    return shown
  }

  /** Takes a picture that came up by itself; one that is there already stays. */
  offer(frame: number, picture: P): void {
    if (this.ready.has(frame)) disposePicture(picture)
    else this.keep(frame, picture)
  }

  private keep(frame: number, picture: P): void {
    this.ready.set(frame, picture)
    this.bytes += measureBytes(picture)
    for (const [oldest, old] of this.ready) {
      if (this.bytes <= this.ports.limitBytes || this.ready.size <= 2) break
      if (oldest === frame || oldest === this.held) continue
      this.ready.delete(oldest)
      this.bytes -= measureBytes(old)
      disposePicture(old)
    }
  }
}
