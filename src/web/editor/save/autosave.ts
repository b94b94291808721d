// When it is time to save without being asked.
import type { Settings } from '../state'
import type { SaveState } from './saver'

export const isAutosaveDue = (
  settings: Pick<Settings, 'autosave' | 'autosaveMinutes'>,
  save: SaveState,
  sinceLastMs: number,
): boolean => settings.autosave && save.at === 'unsaved' && sinceLastMs >= settings.autosaveMinutes * 60_000
