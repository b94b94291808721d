// German: every text that only the 3D workspace shows; its bundle adds them to the editor's.
import { sceneAssistTexts } from './german/scene-assist'
import { sceneBatchTexts } from './german/scene-batch'
import { sceneCoreTexts } from './german/scene-core'
import { sceneFusionTexts } from './german/scene-fusion'
import { sceneLookTexts } from './german/scene-look'
import { sceneReviewTexts } from './german/scene-review'
import { sceneSegmentTexts } from './german/scene-segments'

export const germanScene: Readonly<Record<string, string>> = {
  ...sceneAssistTexts,
  ...sceneReviewTexts,
  ...sceneBatchTexts,
  ...sceneCoreTexts,
  ...sceneFusionTexts,
  ...sceneLookTexts,
  ...sceneSegmentTexts,
}
