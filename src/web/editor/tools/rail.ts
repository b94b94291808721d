// The tools of the rail in groups.
import { cursorTool } from './cursor-tool'
import { ellipseTool } from './ellipse-tool'
import { pointsTool, polygonTool, polylineTool } from './polygon-tool'
import { rectangleTool } from './rectangle-tool'
import type { Tool } from './tool'
import { moveTool, zoomRegionTool } from './view-tools'

export const toolsOnRail: readonly (readonly Tool[])[] = [
  [cursorTool, moveTool, zoomRegionTool],
  [rectangleTool, polygonTool, ellipseTool, polylineTool, pointsTool],
]
