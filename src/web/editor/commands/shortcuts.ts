// Which keys mean which command for this person: the defaults, and what was chosen instead; keys of labels belong to the project.
import type { Command } from './command'

export type Overrides = Readonly<Record<string, readonly string[]>>

export type ShortcutStorage = { read: (key: string) => string | null; write: (key: string, value: string) => void }

/** Commands of labels differ from project to project. */
const isOfProject = (id: string): boolean => /^label-\d+$/.test(id)

const parse = (text: string | null): Record<string, string[]> => {
  try {
    const saved = JSON.parse(text ?? '{}') as Record<string, unknown>
    const entries = Object.entries(saved ?? {}).flatMap(([id, keys]) =>
      Array.isArray(keys) ? [[id, keys.filter((one) => typeof one === 'string')] as [string, string[]]] : [],
    )
    return Object.fromEntries(entries)
  } catch {
    return {}
  }
}

const overlap = (a: Command, b: Command): boolean =>
  !a.workspaces || !b.workspaces || a.workspaces.some((one) => b.workspaces!.includes(one))

/** The same keys, or keys that the others begin with. */
const clash = (a: string, b: string): boolean => a === b || a.startsWith(`${b} `) || b.startsWith(`${a} `)

export class Shortcuts {
  private overrides: Record<string, string[]> = {}
  private places: { user: string; project: string } | null = null
  private readonly listeners: (() => void)[] = []

  constructor(private storage: ShortcutStorage) {}

  /** Reads what a person chose. */
  open(user: string, project: string): void {
    this.places = { user: `annolith-keys:${user}`, project: `annolith-keys:${user}:${project}` }
    this.overrides = { ...parse(this.storage.read(this.places.user)), ...parse(this.storage.read(this.places.project)) }
  }

  keysOf = (command: Command): readonly string[] => this.overrides[command.id] ?? command.keys

  isChanged(command: Command): boolean {
    return command.id in this.overrides
  }

  /** Other commands that these keys mean where this one exists too; commands that share keys by default share them by intent. */
  findClashes(command: Command, keys: string, commands: readonly Command[]): Command[] {
    return commands.filter((other) => {
      if (other === command || !overlap(command, other) || !this.keysOf(other).some((one) => clash(one, keys))) return false
      return !(command.keys.includes(keys) && other.keys.includes(keys))
    })
  }

  /** null puts the default back. */
  set(id: string, keys: readonly string[] | null): void {
    if (keys) this.overrides[id] = [...keys]
    else delete this.overrides[id]
    this.store()
  }

  /** Gives keys to a command and takes them from all others that they clash with. */
  assign(command: Command, keys: string, commands: readonly Command[]): void {
    for (const other of this.findClashes(command, keys, commands))
      this.overrides[other.id] = this.keysOf(other).filter((one) => !clash(one, keys))
    this.overrides[command.id] = [...this.keysOf(command).filter((one) => !clash(one, keys)), keys]
    this.store()
  }

  reset(): void {
    this.overrides = {}
    this.store()
  }

  onChange(run: () => void): void {
    this.listeners.push(run)
  }

  private store(): void {
    if (this.places) {
      const entries = Object.entries(this.overrides)
      const mine = entries.filter(([id]) => !isOfProject(id))
      const projects = entries.filter(([id]) => isOfProject(id))
      this.storage.write(this.places.user, JSON.stringify(Object.fromEntries(mine)))
      this.storage.write(this.places.project, JSON.stringify(Object.fromEntries(projects)))
    }
    for (const run of this.listeners) run()
  }
}

const browserStorage: ShortcutStorage = {
  read: (key) => {
    try {
      return localStorage.getItem(key)
    } catch {
      return null
    }
  },
  write: (key, value) => {
    try {
      localStorage.setItem(key, value)
    } catch {}
  },
}

/** Those of the person at the screen. */
export const shortcuts = new Shortcuts(browserStorage)
