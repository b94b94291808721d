// Cuts the point cloud of one frame into tiles.
import { makeTiles } from '../server/clouds/service'
import type { Handler } from './index'

export const tileCloud: Handler<'tile-cloud'> = ({ payload: { taskId, frame }, report, signal }) =>
  makeTiles(taskId, frame, { signal, onProgress: (progress) => report(progress) })
