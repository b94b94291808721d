// Stands in for the points where the browser cannot draw them: lists, saving and typed sizes work without.
import type { CloudPoints, CloudSource } from '../workspace'

const none = (): CloudPoints => ({ positions: new Float32Array(), rows: new Uint32Array(), origin: [0, 0, 0] })

export const noPoints: CloudSource & { prepare: () => Promise<void>; show: () => Promise<void> } = {
  frame: -1,
  count: 0,
  origin: [0, 0, 0],
  bounds: null,
  ground: null,
  collect: async () => none(),
  collectAll: async () => none(),
  listLoaded: () => [],
  pick: () => null,
  setColours: () => {},
  subscribe: () => () => {},
  prepare: async () => {},
  show: async () => {},
}
