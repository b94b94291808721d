// Which keys mean which command for this person: the defaults, and what was chosen instead; keys of labels belong to the project.
import { browserStorage, type PersonSettings, type TextStorage } from '../preferences-server'
import type { Command } from './command'

export type Overrides = Readonly<Record<string, readonly string[]>>

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
  private parts = { user: '', project: '' }
  private person: PersonSettings | null = null
  private readonly listeners: (() => void)[] = []

  constructor(private readonly storage: TextStorage) {}

  /** Reads what a person chose: on the server, else in this browser. */
  open(user: string, project: string, person: PersonSettings | null = null): void {
    this.person = person
    this.places = { user: `annolith-keys:${user}`, project: `annolith-keys:${user}:${project}` }
    this.parts = { user: 'keys', project: `keys:${project}` }
    const read = (place: 'user' | 'project') => {
      const stored = person?.get(this.parts[place])
      return parse(stored ? JSON.stringify(stored) : this.storage.read(this.places![place]))
    }
    this.overrides = { ...read('user'), ...read('project') }
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
      const mine = Object.fromEntries(entries.filter(([id]) => !isOfProject(id)))
      const projects = Object.fromEntries(entries.filter(([id]) => isOfProject(id)))
      this.storage.write(this.places.user, JSON.stringify(mine))
      this.storage.write(this.places.project, JSON.stringify(projects))
      this.person?.set(this.parts.user, mine)
      if (Object.keys(projects).length > 0 || this.person?.get(this.parts.project)) this.person?.set(this.parts.project, projects)
    }
    for (const run of this.listeners) run()
  }
}

/** Those of the person at the screen. */
export const shortcuts = new Shortcuts(browserStorage)
