// Keeps what libraries print away from the screen while the console has it, and hands it over line by line.

const printers = ['log', 'info', 'warn', 'error', 'debug'] as const

/** Everything printed by console.* or to stderr goes to `onText` until the answered function is called. */
export const captureOutput = (onText: (text: string) => void): (() => void) => {
  const before = printers.map((name) => console[name])
  const write = process.stderr.write
  for (const name of printers)
    console[name] = (...parts: unknown[]) => onText(Bun.stripANSI(parts.map((part) => toText(part)).join(' ')))
  process.stderr.write = ((text: string | Uint8Array) => {
    onText(Bun.stripANSI(typeof text === 'string' ? text : new TextDecoder().decode(text)))
    return true
  }) as typeof process.stderr.write
  return () => {
    for (const [i, name] of printers.entries()) console[name] = before[i]!
    process.stderr.write = write
  }
}

const toText = (part: unknown) => (part instanceof Error ? part.message : typeof part === 'string' ? part : Bun.inspect(part))
