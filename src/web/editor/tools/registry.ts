// Finds a tool by its id.
import { cursorTool } from './cursor-tool'
import { pasteTool } from './paste-tool'
import { toolsOnRail } from './rail'
import type { Tool } from './tool'

export const tools: readonly Tool[] = [...toolsOnRail.flat(), pasteTool]

/** Unknown ids give the cursor. */
export const findTool = (id: string): Tool => tools.find((tool) => tool.id === id) ?? cursorTool
