// Finds a tool by its id, among those that the kind of media brought along.
import { issueTool } from '../review/issue-tool'
import { cursorTool } from './cursor-tool'
import { pasteTool } from './paste-tool'
import { toolsOnRail, variantTools } from './rail'
import { reshapeTool } from './reshape-tool'
import type { Tool } from './tool'

/** Those of pictures that have no button. */
export const otherTools: readonly Tool[] = [...variantTools, pasteTool, reshapeTool, issueTool]

let groups: readonly (readonly Tool[])[] = toolsOnRail
let others = otherTools

/** Takes other tools than those of pictures. */
export const takeTools = (rail: readonly (readonly Tool[])[], more: readonly Tool[]): void => {
  groups = rail
  others = more
}

/** One more group of the rail; tools of the same id take the place of earlier ones. */
export const addTools = (group: readonly Tool[]): void => {
  const ids = new Set(group.map((tool) => tool.id))
  const keep = (tool: Tool) => !ids.has(tool.id)
  others = others.filter(keep)
  groups = [...groups.map((one) => one.filter(keep)), group]
}

/** Tools that other parts of the screen hand the canvas to: they have no button. */
export const addQuietTools = (tools: readonly Tool[]): void => {
  others = [...others, ...tools]
}

export const listRail = (): readonly (readonly Tool[])[] => groups

export const listTools = (): readonly Tool[] => [...groups.flat(), ...others]

/** Unknown ids give the cursor. */
export const findTool = (id: string): Tool =>
  listTools().find((tool) => tool.id === id) ?? listTools().find((tool) => tool.id === 'cursor') ?? cursorTool
