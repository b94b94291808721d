// What the quick tools of a point cloud can do: everything that needs the points of the shown frame, and what is done to whole tracks.
import type { Cuboid } from '../../../formats/geometry3d/cuboid'
import type { FitMode } from '../../../formats/geometry3d/fit'
import type { Vector } from '../../../formats/geometry3d/rotation'
import { moveToGround, turnHeading } from '../../../formats/geometry3d/turn'
import type { PoseOf } from '../../../formats/geometry3d/world-track'
import type { Track } from '../../../formats/model'
import type { Intent } from '../../editor/document/intent'
import type { Editor } from '../../editor/editor'
import { toBody } from '../cuboid-body'
import type { SceneWorkspace } from '../workspace'
import type { Points } from './points'
import type { PlainGround, Region } from './protocol'
import { alignToMotion, findMiddleSize, setSizes, turnKeys, type YawOptions } from './track-cuboids'

/** Larger clouds are asked for in parts, around what is worked on. */
const mostHeldPoints = 1_000_000
/** Metres around a place for which such a part is loaded. */
const partReach = 20

const growBox = (at: Vector, reach: number): Cuboid => ({
  position: at,
  rotation: [0, 0, 0],
  scale: [2 * reach, 2 * reach, 2 * reach],
})

export class Assistant {
  /** Of the points that were loaded last. */
  private ground: PlainGround | null = null
  private held: { frame: number; count: number; about: Vector | null } | null = null
  private loading: Promise<void> = Promise.resolve()
  poses: PoseOf | null = null

  constructor(
    readonly scene: SceneWorkspace,
    private readonly points: Points,
  ) {}

  get editor(): Editor {
    return this.scene.editor
  }

  /** Hands the points of the shown frame, or those around a place, to the worker unless it has them. One after the other. */
  private hold(about: Vector): Promise<void> {
    const { cloud } = this.scene
    const work = async () => {
      const { frame, count } = cloud
      const isLarge = count > mostHeldPoints
      const { held } = this
      const fits = held?.frame === frame && held.count === count
      const isNear = held?.about && Math.hypot(...held.about.map((value, axis) => value - about[axis]!)) < partReach / 3
      if (fits && (held.about === null || isNear)) return
      this.held = null
      const { positions, origin } = isLarge ? await cloud.collect(growBox(about, partReach)) : await cloud.collectAll()
      const { ground } = await this.points.ask('load', { positions: positions.slice(), origin })
      this.ground = ground
      this.held = { frame, count, about: isLarge ? about : null }
    }
    this.loading = this.loading.catch(() => {}).then(work)
    return this.loading
  }

  private get plane(): PlainGround | null {
    const { ground } = this.scene.cloud
    return ground ? { normal: ground.normal, offset: ground.offset } : this.ground
  }

  /** The object at a place of the cloud. */
  async pick(at: Vector, facing: number): Promise<Region | null> {
    await this.hold(at)
    return this.points.ask('pick', { at, facing, ground: this.plane })
  }

  async count(cuboids: Cuboid[]): Promise<number[]> {
    const [first] = cuboids
    if (!first) return []
    if (this.scene.cloud.count <= mostHeldPoints) {
      await this.hold(first.position)
      return this.points.ask('count', { cuboids })
    }
    const counts: number[] = []
    for (const cuboid of cuboids) {
      await this.hold(cuboid.position)
      counts.push(...(await this.points.ask('count', { cuboids: [cuboid] })))
    }
    return counts
  }

  /** Chosen cuboids of the frame that may be moved. */
  listFree(): { clientId: number; cuboid: Cuboid }[] {
    return this.editor.chosenIds.flatMap((clientId) => {
      const cuboid = this.scene.cuboidOf(clientId)
      return cuboid && !this.editor.document.get(clientId)?.locked ? [{ clientId, cuboid }] : []
    })
  }

  listTracks(): { clientId: number; data: Track }[] {
    return this.editor.chosenIds.flatMap((clientId) => {
      const object = this.editor.document.get(clientId)
      return object?.kind === 'track' && !object.locked && object.data.shapes[0]?.type === 'cuboid'
        ? [{ clientId, data: object.data }]
        : []
    })
  }

  /** Puts cuboids of the shown frame elsewhere as one step. */
  place(title: string, moved: readonly { clientId: number; cuboid: Cuboid }[]): void {
    const intents = moved.map(({ clientId, cuboid }): Intent => {
      const { points, rotation } = toBody(cuboid)
      return { type: 'place', clientId, position: { points, rotation }, title }
    })
    if (intents.length > 0) this.editor.do(...intents)
  }

  /** Fits the chosen cuboids to their points. */
  async fit(mode: FitMode): Promise<void> {
    const { frame } = this.editor.state
    const fitted: { clientId: number; cuboid: Cuboid }[] = []
    for (const one of this.listFree()) {
      await this.hold(one.cuboid.position)
      const found = await this.points.ask('fit', { cuboid: one.cuboid, mode, ground: this.plane, sensor: null })
      if (found) fitted.push({ clientId: one.clientId, cuboid: found.cuboid })
    }
    // The person went on meanwhile.
    if (this.editor.state.frame !== frame) return
    if (fitted.length === 0) this.editor.explain('There are too few points to fit to')
    else this.place(fitTitles[mode], fitted)
  }

  async snapToGround(): Promise<void> {
    const free = this.listFree()
    if (free[0]) await this.hold(free[0].cuboid.position)
    const { plane } = this
    if (!plane) this.editor.explain('No ground was found in this cloud')
    else
      this.place(
        'Move to the ground',
        free.map(({ clientId, cuboid }) => ({ clientId, cuboid: moveToGround(cuboid, plane) })),
      )
  }

  /** Turns headings of the chosen cuboids by quarters; what they cover stays. */
  turn(quarters: 1 | 2 | 3): void {
    this.place(
      'Turn heading',
      this.listFree().map(({ clientId, cuboid }) => ({ clientId, cuboid: turnHeading(cuboid, quarters) })),
    )
  }

  private rewrite(title: string, change: (track: Track) => Track): number {
    const changes = this.listTracks().flatMap(({ clientId, data }) => {
      const changed = change(data)
      return changed === data ? [] : [{ clientId, content: { kind: 'track' as const, data: changed } }]
    })
    if (changes.length > 0) this.editor.do({ type: 'rewrite', title, changes })
    return changes.length
  }

  turnTracks(quarters: 1 | 2 | 3): void {
    this.rewrite('Turn heading along the track', (track) => turnKeys(track, quarters))
  }

  /** Headings of the chosen tracks follow their motion. */
  alignTracks(options: Omit<YawOptions, 'poses'> = {}): void {
    const { poses } = this
    const changed = this.rewrite('Heading from motion', (track) => alignToMotion(track, { ...options, ...(poses && { poses }) }))
    if (changed === 0) this.editor.explain('The track does not move enough to tell where it looks')
  }

  /** One size on all key frames: that of the shown frame, or the one in the middle. */
  spreadSize(which: 'shown' | 'median'): void {
    const sizeOf = (clientId: number, track: Track) =>
      which === 'median' ? findMiddleSize(track) : (this.scene.cuboidOf(clientId)?.scale ?? findMiddleSize(track))
    const sizes = new Map(this.listTracks().map(({ clientId, data }) => [data, sizeOf(clientId, data)]))
    const changed = this.rewrite('Same size on all key frames', (track) => setSizes(track, sizes.get(track)!))
    if (changed === 0) this.editor.explain('All key frames have this size already')
  }
}

const fitTitles: Record<FitMode, string> = {
  size: 'Fit size to points',
  place: 'Fit place to points',
  all: 'Fit to points',
}

const assistants = new WeakMap<Editor, Assistant>()

export const noteAssistant = (assistant: Assistant): void => void assistants.set(assistant.editor, assistant)

/** Throws where no point cloud is open: commands of point clouds exist only there. */
export const assistantOf = (editor: Editor): Assistant => {
  const found = assistants.get(editor)
  if (!found) throw new Error('No point cloud is open')
  return found
}
