// Every command, in the order of the help sheet; those of single workspaces come first, as their keys win there.
import { assistCommands } from '../assist/assist-commands'
import { modelCommands } from '../models/model-commands'
import { workspaceCommands } from '../workspaces/workspace-commands'
import type { Command } from './command'
import { editCommands } from './edit-commands'
import { frameCommands } from './frame-commands'
import { generalCommands } from './general-commands'
import { objectCommands } from './object-commands'
import { toolCommands } from './tool-commands'
import { trackCommands } from './track-commands'

/** What places or moves shapes exists only where shapes are edited. */
const edits = (command: Command): boolean =>
  (command.group === 'Drawing' && command.id !== 'cancel') || /^(nudge|resize|paste|redraw|rotate-object)/.test(command.id)

const restrict = (command: Command): Command =>
  edits(command) && !command.workspaces ? { ...command, workspaces: ['standard', 'single_shape'] } : command

const listed = [
  ...generalCommands,
  ...frameCommands,
  // Before those on objects, whose keys mean something else while a mask is painted or a line drawn.
  ...toolCommands,
  ...objectCommands,
  ...editCommands,
  ...trackCommands,
  ...assistCommands,
  ...modelCommands,
].map(restrict)

const all: Command[] = [...workspaceCommands, ...listed]

/** Those of the open editor. */
export const commands: readonly Command[] = all

/** Takes other commands than those of pictures, before anything is made of them. */
export const takeCommands = (chosen: readonly Command[]): void => {
  all.splice(0, all.length, ...chosen)
}

/** More of them, whose keys win; those of the same id are replaced. */
export const addCommands = (more: readonly Command[]): void => {
  const ids = new Set(more.map((command) => command.id))
  takeCommands([...more, ...all.filter((command) => !ids.has(command.id))])
}

/** Whether the open editor has a command. */
export const hasCommand = (id: string): boolean => all.some((command) => command.id === id)

/** Throws for an unknown id: a mistake in our own code. */
export const findCommand = (id: string): Command => {
  const command = all.find((one) => one.id === id)
  if (!command) throw new Error(`Unknown command ${id}`)
  return command
}
