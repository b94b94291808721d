// The icons of the editor: lucide's drawings as text, put into the bundle.

import archiveRestore from 'lucide-static/icons/archive-restore.svg' with { type: 'text' }
import arrowDownToLine from 'lucide-static/icons/arrow-down-to-line.svg' with { type: 'text' }
import arrowLeftToLine from 'lucide-static/icons/arrow-left-to-line.svg' with { type: 'text' }
import arrowRightToLine from 'lucide-static/icons/arrow-right-to-line.svg' with { type: 'text' }
import bookOpen from 'lucide-static/icons/book-open.svg' with { type: 'text' }
import bookmark from 'lucide-static/icons/bookmark.svg' with { type: 'text' }
import box from 'lucide-static/icons/box.svg' with { type: 'text' }
import bringToFront from 'lucide-static/icons/bring-to-front.svg' with { type: 'text' }
import brush from 'lucide-static/icons/brush.svg' with { type: 'text' }
import chartColumn from 'lucide-static/icons/chart-column.svg' with { type: 'text' }
import chartGantt from 'lucide-static/icons/chart-gantt.svg' with { type: 'text' }
import check from 'lucide-static/icons/check.svg' with { type: 'text' }
import chevronDown from 'lucide-static/icons/chevron-down.svg' with { type: 'text' }
import chevronLeft from 'lucide-static/icons/chevron-left.svg' with { type: 'text' }
import chevronRight from 'lucide-static/icons/chevron-right.svg' with { type: 'text' }
import chevronUp from 'lucide-static/icons/chevron-up.svg' with { type: 'text' }
import chevronsLeft from 'lucide-static/icons/chevrons-left.svg' with { type: 'text' }
import chevronsRight from 'lucide-static/icons/chevrons-right.svg' with { type: 'text' }
import circle from 'lucide-static/icons/circle.svg' with { type: 'text' }
import circleDot from 'lucide-static/icons/circle-dot.svg' with { type: 'text' }
import clipboardPaste from 'lucide-static/icons/clipboard-paste.svg' with { type: 'text' }
import combine from 'lucide-static/icons/combine.svg' with { type: 'text' }
import command from 'lucide-static/icons/command.svg' with { type: 'text' }
import copy from 'lucide-static/icons/copy.svg' with { type: 'text' }
import copyPlus from 'lucide-static/icons/copy-plus.svg' with { type: 'text' }
import diamond from 'lucide-static/icons/diamond.svg' with { type: 'text' }
import moreVertical from 'lucide-static/icons/ellipsis-vertical.svg' with { type: 'text' }
import eraser from 'lucide-static/icons/eraser.svg' with { type: 'text' }
import expand from 'lucide-static/icons/expand.svg' with { type: 'text' }
import eye from 'lucide-static/icons/eye.svg' with { type: 'text' }
import eyeOff from 'lucide-static/icons/eye-off.svg' with { type: 'text' }
import funnel from 'lucide-static/icons/funnel.svg' with { type: 'text' }
import gripVertical from 'lucide-static/icons/grip-vertical.svg' with { type: 'text' }
import group from 'lucide-static/icons/group.svg' with { type: 'text' }
import hand from 'lucide-static/icons/hand.svg' with { type: 'text' }
import history from 'lucide-static/icons/history.svg' with { type: 'text' }
import images from 'lucide-static/icons/images.svg' with { type: 'text' }
import info from 'lucide-static/icons/info.svg' with { type: 'text' }
import keyboard from 'lucide-static/icons/keyboard.svg' with { type: 'text' }
import lassoSelect from 'lucide-static/icons/lasso-select.svg' with { type: 'text' }
import layers from 'lucide-static/icons/layers.svg' with { type: 'text' }
import layers2 from 'lucide-static/icons/layers-2.svg' with { type: 'text' }
import layoutGrid from 'lucide-static/icons/layout-grid.svg' with { type: 'text' }
import link from 'lucide-static/icons/link.svg' with { type: 'text' }
import lock from 'lucide-static/icons/lock.svg' with { type: 'text' }
import lockOpen from 'lucide-static/icons/lock-open.svg' with { type: 'text' }
import logOut from 'lucide-static/icons/log-out.svg' with { type: 'text' }
import magnet from 'lucide-static/icons/magnet.svg' with { type: 'text' }
import maximize from 'lucide-static/icons/maximize.svg' with { type: 'text' }
import menu from 'lucide-static/icons/menu.svg' with { type: 'text' }
import merge from 'lucide-static/icons/merge.svg' with { type: 'text' }
import messageSquare from 'lucide-static/icons/message-square.svg' with { type: 'text' }
import minus from 'lucide-static/icons/minus.svg' with { type: 'text' }
import mousePointer from 'lucide-static/icons/mouse-pointer-2.svg' with { type: 'text' }
import panelRight from 'lucide-static/icons/panel-right.svg' with { type: 'text' }
import pause from 'lucide-static/icons/pause.svg' with { type: 'text' }
import penTool from 'lucide-static/icons/pen-tool.svg' with { type: 'text' }
import pentagon from 'lucide-static/icons/pentagon.svg' with { type: 'text' }
import pin from 'lucide-static/icons/pin.svg' with { type: 'text' }
import pinOff from 'lucide-static/icons/pin-off.svg' with { type: 'text' }
import play from 'lucide-static/icons/play.svg' with { type: 'text' }
import plus from 'lucide-static/icons/plus.svg' with { type: 'text' }
import redo from 'lucide-static/icons/redo-2.svg' with { type: 'text' }
import refreshCw from 'lucide-static/icons/refresh-cw.svg' with { type: 'text' }
import rotateCcw from 'lucide-static/icons/rotate-ccw.svg' with { type: 'text' }
import rotateCw from 'lucide-static/icons/rotate-cw.svg' with { type: 'text' }
import route from 'lucide-static/icons/route.svg' with { type: 'text' }
import ruler from 'lucide-static/icons/ruler.svg' with { type: 'text' }
import save from 'lucide-static/icons/save.svg' with { type: 'text' }
import scanSearch from 'lucide-static/icons/scan-search.svg' with { type: 'text' }
import search from 'lucide-static/icons/search.svg' with { type: 'text' }
import sendToBack from 'lucide-static/icons/send-to-back.svg' with { type: 'text' }
import settings from 'lucide-static/icons/settings-2.svg' with { type: 'text' }
import shapes from 'lucide-static/icons/shapes.svg' with { type: 'text' }
import slice from 'lucide-static/icons/slice.svg' with { type: 'text' }
import sparkles from 'lucide-static/icons/sparkles.svg' with { type: 'text' }
import spline from 'lucide-static/icons/spline.svg' with { type: 'text' }
import split from 'lucide-static/icons/split.svg' with { type: 'text' }
import square from 'lucide-static/icons/square.svg' with { type: 'text' }
import squareDashed from 'lucide-static/icons/square-dashed.svg' with { type: 'text' }
import squareMinus from 'lucide-static/icons/square-minus.svg' with { type: 'text' }
import squarePlus from 'lucide-static/icons/square-plus.svg' with { type: 'text' }
import squaresIntersect from 'lucide-static/icons/squares-intersect.svg' with { type: 'text' }
import squaresSubtract from 'lucide-static/icons/squares-subtract.svg' with { type: 'text' }
import squaresUnite from 'lucide-static/icons/squares-unite.svg' with { type: 'text' }
import tag from 'lucide-static/icons/tag.svg' with { type: 'text' }
import trash from 'lucide-static/icons/trash-2.svg' with { type: 'text' }
import triangleAlert from 'lucide-static/icons/triangle-alert.svg' with { type: 'text' }
import undo from 'lucide-static/icons/undo-2.svg' with { type: 'text' }
import ungroup from 'lucide-static/icons/ungroup.svg' with { type: 'text' }
import users from 'lucide-static/icons/users.svg' with { type: 'text' }
import waypoints from 'lucide-static/icons/waypoints.svg' with { type: 'text' }
import close from 'lucide-static/icons/x.svg' with { type: 'text' }
import zoomIn from 'lucide-static/icons/zoom-in.svg' with { type: 'text' }
import zoomOut from 'lucide-static/icons/zoom-out.svg' with { type: 'text' }

const icons = {
  sparkles,
  route,
  'layout-grid': layoutGrid,
  'squares-intersect': squaresIntersect,
  'squares-subtract': squaresSubtract,
  'squares-unite': squaresUnite,
  'send-to-back': sendToBack,
  'bring-to-front': bringToFront,
  magnet,
  shapes,
  'layers-2': layers2,
  'square-plus': squarePlus,
  'square-minus': squareMinus,
  'grip-vertical': gripVertical,
  'copy-plus': copyPlus,
  'pen-tool': penTool,
  eraser,
  'lasso-select': lassoSelect,
  slice,
  combine,
  ungroup,
  group,
  split,
  merge,
  plus,
  minus,
  'message-square': messageSquare,
  refresh: refreshCw,
  funnel,
  'book-open': bookOpen,
  chart: chartColumn,
  timeline: chartGantt,
  info,
  history,
  users,
  'full-screen': expand,
  'rotate-right': rotateCw,
  'rotate-left': rotateCcw,
  copy,
  link,
  search,
  restore: archiveRestore,
  images,
  command,
  bookmark,
  'arrow-down-to-line': arrowDownToLine,
  'arrow-left-to-line': arrowLeftToLine,
  'arrow-right-to-line': arrowRightToLine,
  box,
  brush,
  check,
  'chevron-down': chevronDown,
  'chevron-up': chevronUp,
  'chevron-left': chevronLeft,
  'chevron-right': chevronRight,
  'chevrons-left': chevronsLeft,
  'chevrons-right': chevronsRight,
  circle,
  'clipboard-paste': clipboardPaste,
  close,
  diamond,
  'circle-dot': circleDot,
  eye,
  'eye-off': eyeOff,
  hand,
  keyboard,
  layers,
  lock,
  'lock-open': lockOpen,
  'log-out': logOut,
  maximize,
  menu,
  more: moreVertical,
  'mouse-pointer-2': mousePointer,
  'panel-right': panelRight,
  pause,
  pentagon,
  pin,
  'pin-off': pinOff,
  play,
  redo,
  save,
  ruler,
  'scan-search': scanSearch,
  'triangle-alert': triangleAlert,
  settings,
  spline,
  square,
  'square-dashed': squareDashed,
  tag,
  trash,
  undo,
  waypoints,
  'zoom-in': zoomIn,
  'zoom-out': zoomOut,
}

export type IconName = keyof typeof icons

const parsed = new Map<IconName, SVGElement>()

export const icon = (name: IconName): SVGElement => {
  let known = parsed.get(name)
  if (!known) {
    const text = icons[name].replace(/<!--.*?-->/, '')
    known = new DOMParser().parseFromString(text.trim(), 'image/svg+xml').documentElement as unknown as SVGElement
    known.setAttribute('class', 'ed-icon')
    known.setAttribute('aria-hidden', 'true')
    parsed.set(name, known)
  }
  return known.cloneNode(true) as SVGElement
}
