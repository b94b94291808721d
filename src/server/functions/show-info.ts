// Functions of all providers as /api/lambda shows them.
import type { FunctionInfo } from './contract'

/** Beside CVAT's fields: who runs it, whether anybody would answer, its versions, and what else it takes. */
export const showInfo = (info: FunctionInfo) => {
  const { interaction } = info
  return {
    id: info.id,
    kind: info.kind,
    labels_v2: info.labels,
    description: info.description,
    name: info.name,
    version: info.version,
    provider: info.provider,
    runs: info.runs,
    ready: info.isReady ?? true,
    owner: info.access?.ownerId ?? null,
    threshold: info.threshold ?? null,
    ...(info.versions && {
      versions: info.versions.map(({ version, created, note }) => ({ version, created_date: created.toISOString(), note })),
    }),
    ...(info.kind === 'interactor' && {
      min_pos_points: interaction?.minPositivePoints ?? 1,
      min_neg_points: interaction?.minNegativePoints ?? -1,
      startswith_box: interaction?.startsWithBox ?? false,
      startswith_box_optional: interaction?.boxIsOptional ?? false,
      help_message: interaction?.help ?? '',
      animated_gif: interaction?.animation ?? '',
      text_prompt: interaction?.text ?? false,
      decoder: interaction?.decoder ?? null,
    }),
    ...(info.kind === 'tracker' && { supported_shape_types: info.shapeTypes ?? ['rectangle'] }),
  }
}
