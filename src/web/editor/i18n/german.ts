// German: every text of the editor by its English wording.
import { assistTexts } from './german/assist'
import { commandTexts } from './german/commands'
import { modelTexts } from './german/models'
import { reviewTexts } from './german/review'
import { sceneAssistTexts } from './german/scene-assist'
import { sceneBatchTexts } from './german/scene-batch'
import { sceneCoreTexts } from './german/scene-core'
import { sceneFusionTexts } from './german/scene-fusion'
import { sceneLookTexts } from './german/scene-look'
import { sceneSegmentTexts } from './german/scene-segments'
import { screenTexts } from './german/screen'
import { settingTexts } from './german/settings'
import { sideTexts } from './german/side'
import { toolTexts } from './german/tools'

export const german: Readonly<Record<string, string>> = {
  ...screenTexts,
  ...sceneCoreTexts,
  ...sceneAssistTexts,
  ...sceneBatchTexts,
  ...sceneLookTexts,
  ...sceneFusionTexts,
  ...sceneSegmentTexts,
  ...settingTexts,
  ...assistTexts,
  ...commandTexts,
  ...modelTexts,
  ...toolTexts,
  ...reviewTexts,
  ...sideTexts,
}
