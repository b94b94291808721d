// Every command, in the order of the help sheet.
import type { Command } from './command'
import { frameCommands } from './frame-commands'
import { generalCommands } from './general-commands'
import { objectCommands } from './object-commands'

export const commands: readonly Command[] = [...generalCommands, ...frameCommands, ...objectCommands]

const byId = new Map(commands.map((command) => [command.id, command]))

/** Throws for an unknown id: a mistake in our own code. */
export const findCommand = (id: string): Command => {
  const command = byId.get(id)
  if (!command) throw new Error(`Unknown command ${id}`)
  return command
}
