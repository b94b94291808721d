// The console in a pseudo-terminal, for tests: types keys, and waits for what is seen.
import { join } from 'node:path'
import { createVirtualTerminal } from './virtual-terminal'

export const root = join(import.meta.dir, '../..')
export const entry = [process.execPath, join(root, 'src/main.ts'), 'admin']

/** No wait of a test takes longer than this. */
const patienceMs = 60_000

export const startTerminal = (command: string[], env: Record<string, string | undefined>, columns = 80, rows = 24) => {
  const seen = createVirtualTerminal(columns, rows)
  const terminal = new Bun.Terminal({ cols: columns, rows, data: (_, bytes) => seen.write(bytes) })
  const program = Bun.spawn(command, { terminal, cwd: root, env })
  const typeUntil = (keys: string, isSeen: (screen: string) => boolean) => {
    if (keys) terminal.write(keys)
    return seen.waitFor(isSeen, AbortSignal.timeout(patienceMs))
  }
  return {
    seen,
    program,
    typeUntil,
    /** Types, then waits until all of `texts` are on the screen. */
    type: (keys: string, ...texts: string[]) => typeUntil(keys, (screen) => texts.every((text) => screen.includes(text))),
    /** Presses the left button at a cell, counted from 0. */
    click: (x: number, y: number) => terminal.write(`\x1b[<0;${x + 1};${y + 1}M\x1b[<0;${x + 1};${y + 1}m`),
    close: async () => {
      program.kill()
      await program.exited
      terminal.close()
    },
  }
}
export type Terminal = ReturnType<typeof startTerminal>
