// German: every text of the editor by its English wording.
import { commandTexts } from './german/commands'
import { screenTexts } from './german/screen'
import { settingTexts } from './german/settings'
import { toolTexts } from './german/tools'

export const german: Readonly<Record<string, string>> = { ...screenTexts, ...settingTexts, ...commandTexts, ...toolTexts }
