// German: every text of the editor by its English wording.
import { assistTexts } from './german/assist'
import { commandTexts } from './german/commands'
import { modelTexts } from './german/models'
import { reviewTexts } from './german/review'
import { screenTexts } from './german/screen'
import { settingTexts } from './german/settings'
import { sideTexts } from './german/side'
import { toolTexts } from './german/tools'

export const german: Readonly<Record<string, string>> = {
  ...screenTexts,
  ...settingTexts,
  ...assistTexts,
  ...commandTexts,
  ...modelTexts,
  ...toolTexts,
  ...reviewTexts,
  ...sideTexts,
}
