// The parts of the 3D workspace, one line each, in the order in which they are opened.
import { assistPart } from './assist/part'
import { fusionPart } from './fusion/part'
import { lookPart } from './look/part'
import { reviewPart } from './review/part'
import { segmentsPart } from './segments/part'
import type { ScenePart } from './workspace'

export const parts: readonly ScenePart[] = [assistPart, fusionPart, lookPart, segmentsPart, reviewPart]
