// The tools of the rail in groups, and the other ways to draw that share a button with one of them.
import { maskCutOutTool, polygonCutOutTool } from '../assist/cut-out-tool'
import { scissorsTool } from '../assist/scissors-tool'
import { superpixelTool } from '../assist/superpixel-tool'
import { interactorTool } from '../models/interactor-tool'
import { cuboidCornersTool, extremeTool, turnedEllipseTool, turnedRectangleTool } from './box-by-dots'
import { cuboidTool } from './cuboid-tool'
import { cursorTool } from './cursor-tool'
import { ellipseTool } from './ellipse-tool'
import { maskTool } from './mask-tool'
import { groupTool, joinTool, mergeTool, splitTool } from './pick-tools'
import { pointsTool, polygonTool, polylineTool } from './polygon-tool'
import { rectangleTool } from './rectangle-tool'
import { selectTool } from './select-tool'
import { skeletonTool } from './skeleton-tool'
import { sliceTool } from './slice-tool'
import { tagTool } from './tag-tool'
import type { Tool } from './tool'
import { moveTool, zoomRegionTool } from './view-tools'

export const toolsOnRail: readonly (readonly Tool[])[] = [
  [cursorTool, selectTool, moveTool, zoomRegionTool],
  [rectangleTool, polygonTool, maskTool, ellipseTool, polylineTool, pointsTool, cuboidTool, skeletonTool, tagTool],
  [mergeTool, splitTool, groupTool, joinTool, sliceTool],
]

export const variantTools: readonly Tool[] = [
  interactorTool,
  scissorsTool,
  polygonCutOutTool,
  maskCutOutTool,
  superpixelTool,
  extremeTool,
  turnedRectangleTool,
  turnedEllipseTool,
  cuboidCornersTool,
]

export type DrawMethod = { value: string; toolId: string; title: string }

/** Ways to draw what a button stands for; the first one is the button's own tool. */
export const drawMethods: Readonly<Record<string, readonly DrawMethod[]>> = {
  rectangle: [
    { value: 'two-points', toolId: 'rectangle', title: 'Two corners' },
    { value: 'extreme', toolId: 'rectangle-extreme', title: 'Four extreme points' },
    { value: 'contour', toolId: 'rectangle-contour', title: 'Points of the contour (turned)' },
  ],
  polygon: [
    { value: 'points', toolId: 'polygon', title: 'Point by point' },
    { value: 'scissors', toolId: 'polygon-scissors', title: 'Along edges (intelligent scissors)' },
    { value: 'cut-out', toolId: 'polygon-cut-out', title: 'Cut out of a box' },
  ],
  mask: [
    { value: 'brush', toolId: 'mask', title: 'Painted' },
    { value: 'cut-out', toolId: 'mask-cut-out', title: 'Cut out of a box' },
    { value: 'superpixels', toolId: 'mask-superpixels', title: 'By superpixels' },
  ],
  ellipse: [
    { value: 'two-points', toolId: 'ellipse', title: 'Two corners' },
    { value: 'contour', toolId: 'ellipse-contour', title: 'Points of the contour (turned)' },
  ],
  cuboid: [
    { value: 'rectangle', toolId: 'cuboid', title: 'Box of the front' },
    { value: 'corners', toolId: 'cuboid-corners', title: 'Four corners' },
  ],
}
