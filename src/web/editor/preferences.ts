// Settings and appearance of a person: this browser's copy is there at once, the server's for all their browsers.
import type { PersonSettings } from './preferences-server'
import { type Appearance, type Settings, startAppearance, startSettings } from './state'

const storageKey = 'annolith-editor'

export type Preferences = { settings: Settings; appearance: Appearance; sideOpen: boolean }

/** Takes over values of the right type only, so an old or foreign record cannot break the editor. */
const merge = <T extends object>(start: T, saved: unknown): T => {
  if (typeof saved !== 'object' || saved === null) return start
  const known = Object.entries(saved).filter(([key, value]) => typeof start[key as keyof T] === typeof value)
  return { ...start, ...Object.fromEntries(known) }
}

export const parsePreferences = (text: string | null): Preferences => {
  let saved: Partial<Preferences> = {}
  try {
    saved = (JSON.parse(text ?? '{}') ?? {}) as Partial<Preferences>
  } catch {}
  return {
    settings: merge(startSettings, saved.settings),
    appearance: merge(startAppearance, saved.appearance),
    sideOpen: typeof saved.sideOpen === 'boolean' ? saved.sideOpen : true,
  }
}

export const loadPreferences = (): Preferences => {
  try {
    return parsePreferences(localStorage.getItem(storageKey))
  } catch {
    return parsePreferences(null)
  }
}

export const savePreferences = (preferences: Preferences): void => {
  try {
    localStorage.setItem(storageKey, JSON.stringify(preferences))
  } catch {}
}

/** Light or dark belongs to the browser: a cookie that all pages share. */
const asPart = ({ settings: { theme: _, ...settings }, appearance }: Preferences) => ({ settings, appearance })

/** What the server has of a person, else what this browser has. */
export const recallPreferences = (person: PersonSettings): Preferences => {
  const here = loadPreferences()
  const stored = person.get('editor')
  if (typeof stored !== 'object' || stored === null) return here
  return { ...parsePreferences(JSON.stringify(stored)), sideOpen: here.sideOpen }
}

/** Remembers them here and on the server. */
export const keepPreferences = (person: PersonSettings, preferences: Preferences): void => {
  savePreferences(preferences)
  person.set('editor', asPart(preferences))
}
