// Finds a tool by its id.
import { issueTool } from '../review/issue-tool'
import { cursorTool } from './cursor-tool'
import { pasteTool } from './paste-tool'
import { toolsOnRail, variantTools } from './rail'
import { reshapeTool } from './reshape-tool'
import type { Tool } from './tool'

export const tools: readonly Tool[] = [...toolsOnRail.flat(), ...variantTools, pasteTool, reshapeTool, issueTool]

/** Unknown ids give the cursor. */
export const findTool = (id: string): Tool => tools.find((tool) => tool.id === id) ?? cursorTool
