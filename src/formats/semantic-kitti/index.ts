// SemanticKITTI: a class and an instance for each point of a scan.
import type { CloudFormat } from '../cloud-shapes/model'
import { readSemanticKitti } from './read'
import { writeSemanticKitti } from './write'

export const semanticKitti: CloudFormat = {
  name: 'SemanticKITTI 1.0',
  shapes: [],
  write: writeSemanticKitti,
  read: readSemanticKitti,
}
