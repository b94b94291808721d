// How many points lie in the cuboids of the shown frame: counted a little after something changed, told to cards and panels.
import type { Cuboid } from '../../../formats/geometry3d/cuboid'
import type { Assistant } from './assistant'

const quietMs = 150

type Known = { key: string; count: number }

export class PointCounts {
  private readonly known = new Map<number, Known>()
  private readonly listeners: (() => void)[] = []
  private readonly wanted = new Set<number>()
  private timer: ReturnType<typeof setTimeout> | null = null
  private isCounting = false

  constructor(private readonly assistant: Assistant) {}

  onChange(run: () => void): void {
    this.listeners.push(run)
  }

  /** Points in a cuboid of the frame; null while that is not known, in which case they are counted. */
  get(clientId: number): number | null {
    const cuboid = this.assistant.scene.cuboidOf(clientId)
    if (!cuboid) return null
    const found = this.known.get(clientId)
    if (found?.key === this.keyOf(cuboid)) return found.count
    this.wanted.add(clientId)
    this.plan()
    return null
  }

  private keyOf({ position, rotation, scale }: Cuboid): string {
    const { frame, count } = this.assistant.scene.cloud
    return [frame, count, ...position, ...rotation, ...scale].join(' ')
  }

  private plan(): void {
    if (this.timer || this.isCounting) return
    this.timer = setTimeout(() => {
      this.timer = null
      void this.count()
    }, quietMs)
  }

  private async count(): Promise<void> {
    const { scene } = this.assistant
    if (scene.cloud.count === 0 || scene.cloud.frame !== scene.editor.state.frame) return
    const asked = [...this.wanted].flatMap((clientId) => {
      const cuboid = scene.cuboidOf(clientId)
      return cuboid ? [{ clientId, cuboid, key: this.keyOf(cuboid) }] : []
    })
    this.wanted.clear()
    if (asked.length === 0) return
    this.isCounting = true
    try {
      const counts = await this.assistant.count(asked.map(({ cuboid }) => cuboid))
      for (const [i, { clientId, key }] of asked.entries()) this.known.set(clientId, { key, count: counts[i]! })
      // Forgotten where the list would only grow.
      if (this.known.size > 5000) this.known.clear()
      for (const run of this.listeners) run()
    } catch {
      // Points that cannot be read are told where they are shown; the number stays away.
    } finally {
      this.isCounting = false
      if (this.wanted.size > 0) this.plan()
    }
  }
}
