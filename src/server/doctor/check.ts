// What one question of the doctor is, and how it is answered.

export type State = 'ok' | 'warning' | 'failed' | 'skipped'

export type Finding = {
  state: State
  words: string
  /** The command that mends it, or what to do when no command can. */
  mend?: string
  /** Mends it and says how; only what loses nothing. */
  fix?: () => Promise<string>
}

export type Check = {
  /** `group-subject`, stable: scripts ask for it. */
  id: string
  about: string
  /** A look that throws has found something broken: its message becomes the finding. */
  look: () => Finding | Promise<Finding>
}

export const ok = (words: string): Finding => ({ state: 'ok', words })
export const skip = (words: string): Finding => ({ state: 'skipped', words })
export const warn = (words: string, mend: string, fix?: Finding['fix']): Finding => ({ state: 'warning', words, mend, fix })
export const fail = (words: string, mend: string, fix?: Finding['fix']): Finding => ({ state: 'failed', words, mend, fix })

/** At most some of many names, for a sentence. */
export const name = (all: readonly string[], most = 3): string =>
  all.length > most ? `${all.slice(0, most).join(', ')} and ${all.length - most} more` : all.join(', ')
