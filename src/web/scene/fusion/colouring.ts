// Keeps the colours of the points in step with the frame, its pictures, and what of the cloud is loaded.
import type { ContextTiles } from '../../editor/ui/context-images'
import type { SceneWorkspace } from '../workspace'
import type { JobCalibration } from './calibration'
import { type ColouringPicture, colourPoints, type Pixels } from './colour-points'

/** More is loaded in bursts: the last of them counts. */
const restMs = 250

const readPixels = async (url: string): Promise<Pixels> => {
  const image = new Image()
  image.src = url
  await image.decode()
  const { naturalWidth: width, naturalHeight: height } = image
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d', { willReadFrequently: true })!
  context.drawImage(image, 0, 0)
  return { width, height, data: context.getImageData(0, 0, width, height).data }
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

export type ColouringPorts = {
  scene: SceneWorkspace
  tiles: ContextTiles
  calibration: () => JobCalibration | null
  /** How many points have got a colour, or that there is nothing to colour them from; null while it works. */
  tell: (coloured: number | 'no-pictures' | null) => void
  fail: (error: Error) => void
}

export class Colouring {
  private isOn = false
  private abort = new AbortController()
  private timer: ReturnType<typeof setTimeout> | null = null
  /** The frame whose colours are shown. */
  private shown: number | null = null
  private pixels = new Map<string, Promise<Pixels>>()

  constructor(private readonly ports: ColouringPorts) {}

  set on(on: boolean) {
    this.isOn = on
    if (on) this.refresh(0)
    else {
      this.abort.abort()
      this.pixels.clear()
      this.clear()
    }
  }

  private clear(): void {
    this.shown = null
    this.ports.scene.cloud.setColours('pictures', null)
  }

  /** Something has changed that colours come from. */
  refresh(after = restMs): void {
    if (!this.isOn) return
    this.abort.abort()
    // Rows of another frame are other points.
    if (this.shown !== null && this.shown !== this.ports.scene.cloud.frame) this.clear()
    if (this.timer) clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.run().catch(this.ports.fail), after)
  }

  private async run(): Promise<void> {
    const { scene, tiles, calibration, tell } = this.ports
    const { cloud } = scene
    const { signal } = (this.abort = new AbortController())
    const frame = cloud.frame
    if (!this.isOn || tiles.frame !== frame || cloud.count === 0) return
    const known = tiles.pictures.flatMap(({ name, url }) => {
      const camera = calibration()?.cameraOf(frame, name)
      return camera ? [{ camera, url }] : []
    })
    if (!known.length) {
      this.clear()
      tell('no-pictures')
      return
    }
    tell(null)
    const pictures: ColouringPicture[] = await Promise.all(
      known.map(async ({ camera, url }) => ({ camera, pixels: await this.load(url) })),
    )
    for (const url of this.pixels.keys()) if (!known.some((one) => one.url === url)) this.pixels.delete(url)
    const colours = signal.aborted ? null : await colourPoints(cloud.listLoaded(), cloud.count, pictures, pause, signal)
    if (!colours || signal.aborted || cloud.frame !== frame) return
    cloud.setColours('pictures', colours)
    this.shown = frame
    let coloured = 0
    for (let i = 3; i < colours.length; i += 4) if (colours[i]) coloured++
    tell(coloured)
  }

  private load(url: string): Promise<Pixels> {
    const known = this.pixels.get(url) ?? readPixels(url)
    this.pixels.set(url, known)
    return known
  }
}
