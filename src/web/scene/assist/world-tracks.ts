// Tracks that move in the world: a setting of the job bakes every edited track, commands bake all, and the shown frame says where a track would be.
import { readCuboid } from '../../../formats/geometry3d/cuboid'
import { interpolateInWorld, measureDifference } from '../../../formats/geometry3d/world-track'
import type { Track } from '../../../formats/model'
import type { Edit } from '../../editor/document/document'
import { browserStorage } from '../../editor/preferences-server'
import type { Assistant } from './assistant'
import { listCuboidLines } from './cuboid-lines'
import { bakeTrack, listBaked, rebakeTrack } from './track-cuboids'

/** Metres from which on the way in the world is shown beside the stored one. */
const worthShowing = 0.02

export class WorldTracks {
  private readonly key: string
  on: boolean

  constructor(
    private readonly assistant: Assistant,
    private readonly storage = browserStorage,
  ) {
    this.key = `annolith-world:${assistant.editor.job.info.id}`
    this.on = storage.read(this.key) === 'on'
  }

  /** Whether any frame of the job has a pose. */
  get isPossible(): boolean {
    const { poses, editor } = this.assistant
    return poses !== null && editor.frames.frames.some((frame) => poses(frame))
  }

  set(on: boolean): void {
    this.on = on
    this.storage.write(this.key, on ? 'on' : 'off')
    this.show()
  }

  /** Bakes what was chosen, or all tracks of cuboids when nothing is; returns how many changed. */
  bake(): number {
    const { editor, poses } = this.assistant
    if (!poses || !this.isPossible) return 0
    const chosen = new Set(this.assistant.listTracks().map(({ clientId }) => clientId))
    const all = [...editor.document.tracks].filter((id) => chosen.size === 0 || chosen.has(id))
    const changes = all.flatMap((clientId) => {
      const object = editor.document.get(clientId)
      if (object?.kind !== 'track' || object.locked || !isOfCuboids(object.data)) return []
      const data = bakeTrack(object.data, editor.frames.frames, poses)
      return data === object.data ? [] : [{ clientId, content: { kind: 'track' as const, data } }]
    })
    if (changes.length > 0) editor.do({ type: 'rewrite', title: 'Key frames for the way in the world', changes })
    return changes.length
  }

  revise = (edit: Edit): Edit => {
    const { editor, poses } = this.assistant
    if (!this.on || !poses || !this.isPossible) return edit
    const { frames } = editor.frames
    const patches = edit.patches.map((patch) => {
      const { before, after } = patch
      if (after?.kind !== 'track' || !isOfCuboids(after.data)) return patch
      if (before?.kind === 'track' && before.data === after.data) return patch
      const data =
        before?.kind === 'track' ? rebakeTrack(before.data, after.data, frames, poses) : bakeTrack(after.data, frames, poses)
      return data === after.data ? patch : { ...patch, after: { ...after, data } }
    })
    return { ...edit, patches }
  }

  /** Draws where the active track would be in the world, where that is another place. */
  show(): void {
    const { scene, editor, poses } = this.assistant
    const object = editor.document.get(editor.state.activeId)
    const ghost =
      object?.kind === 'track' && poses && isOfCuboids(object.data) ? this.findGhost(object.data, object.clientId) : null
    scene.draw('world-track', ghost ? [{ lines: listCuboidLines(ghost), colour: '#e8a33d', dashed: true }] : null)
  }

  private findGhost(track: Track, clientId: number) {
    const { scene, editor, poses } = this.assistant
    const { frame } = editor.state
    const shown = scene.cuboidOf(clientId)
    if (!shown || !poses) return null
    const baked = listBaked(track, poses)
    const own = track.shapes.filter((shape) => !baked.has(shape.frame)).toSorted((a, b) => a.frame - b.frame)
    const [left, right] = [own.findLast((shape) => shape.frame <= frame), own.find((shape) => shape.frame > frame)]
    if (!left || !right || left.frame === frame || left.outside) return null
    const key = ({ frame: at, points }: { frame: number; points: number[] }) => ({ frame: at, cuboid: readCuboid(points) })
    const wanted = interpolateInWorld(key(left), key(right), frame, poses)
    return wanted && measureDifference(wanted, shown) > worthShowing ? wanted : null
  }
}

const isOfCuboids = (track: Track): boolean => track.shapes.length > 0 && track.shapes.every(({ type }) => type === 'cuboid')
