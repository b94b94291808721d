// The one error of the formats layer: a sentence that names the file, the place in it and what is wrong.

/** Where in a dataset something was found. */
export type Place = { file?: string; line?: number; item?: string; field?: string }

/** Bad or unusable dataset input. Its message is meant for the person who uploaded the file. */
export class FormatError extends Error {
  override name = 'FormatError'

  constructor(
    reason: string,
    readonly place: Place = {},
    /** False when `reason` names the place already. */
    namesPlace = true,
  ) {
    super((namesPlace ? describePlace(place) : '') + reason)
  }
}

function describePlace({ file, line, item, field }: Place): string {
  const parts = [
    file,
    line !== undefined && `line ${line}`,
    item !== undefined && `item '${item}'`,
    field !== undefined && `field '${field}'`,
  ].filter(Boolean)
  return parts.length > 0 ? `${parts.join(', ')}: ` : ''
}
