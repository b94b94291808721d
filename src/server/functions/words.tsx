// Words for functions that people read on pages.
import { t } from '../../web/ui/i18n/message'
import type { FunctionInfo, FunctionKind, ProviderName } from './contract'

export const kindWords: Record<FunctionKind, string> = {
  detector: 'Detector',
  interactor: 'Interactor',
  tracker: 'Tracker',
  reid: 'Re-identification',
  classifier: 'Classifier',
  attributes: 'Attribute filler',
}

export const providerWords: Record<ProviderName, string> = {
  'built-in': 'Built in',
  onnx: 'Model file',
  http: 'Web address',
  agent: 'Agent',
}

export const kindHelp: Record<FunctionKind, string> = {
  detector: 'Finds objects on a frame, on this one in the editor or over a whole task.',
  interactor: 'Draws the outline of an object from a few clicks in the editor.',
  tracker: 'Follows an object from frame to frame in the editor.',
  reid: 'Joins rectangles of neighbouring frames that show the same object into tracks.',
  classifier: 'Says what a frame shows as tags.',
  attributes: 'Fills in the attributes of objects that are there.',
}

/** Why nobody would answer now; nothing when somebody would. */
export const findObstacle = ({ runs, isReady }: FunctionInfo): string | undefined => {
  if (runs === 'browser') return 'In the editor'
  return isReady === false ? 'No agent is running' : undefined
}

/** What the functions that come with the server do, by their ids. */
export const builtInWords = {
  'annolith.superpixels':
    'Cuts the picture into small regions of alike colour: each click takes one in, a negative click takes one out.',
  'opencv.scissors': 'Draws along edges from click to click. Runs in the editor.',
  'opencv.grabcut': 'Cuts the object in a box out of its background. Runs in the editor.',
  'opencv.tracker-mil': 'Follows a box by its looks. Runs in the editor.',
  'opencv.tracker-flow': 'Follows any shape by the motion of its pixels. Runs in the editor.',
}

/** What a function says of itself, else what its kind does. The server's own speak the language of the page. */
export const describeFunction = ({ provider, description, kind }: FunctionInfo): string =>
  provider === 'built-in' ? t(description) : description || t(kindHelp[kind])
