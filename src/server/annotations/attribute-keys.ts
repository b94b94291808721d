// Attribute values of a shape in a few letters, for searches: the wide index of shapes carries them, which the values themselves are too long for.

/** Of an attribute with this value: its number and 36 bits of a hash, `1f.2k9x0a7`. xxHash64 gives the same everywhere and always. */
export const attributeKey = (specId: number, value: string): string =>
  `${specId.toString(36)}.${(Bun.hash.xxHash64(value) & 0xf_ffff_ffffn).toString(36)}`

/** What stands before all keys of an attribute, whatever its value. */
export const attributeStart = (specId: number): string => `,${specId.toString(36)}.`

/** More would not fit into an index: such shapes are searched in their rows. */
const maxValues = 100

const makeKeys = (text: string): string | null => {
  const values = JSON.parse(text) as { spec_id: number; value: unknown }[]
  if (values.length > maxValues) return null
  return `,${values.map(({ spec_id, value }) => attributeKey(spec_id, String(value))).join()},`
}

/** The same few texts come again and again. */
const known = new Map<string, string | null>()
const maxKnown = 5000

/** `,1f.2k9x0a7,1g.0,` of the JSON text of a shape's attributes; null when there are too many. */
export const attributeKeys = (text: string): string | null => {
  if (text === '[]') return ','
  const found = known.get(text)
  if (found !== undefined) return found
  const made = makeKeys(text)
  if (known.size >= maxKnown) known.clear()
  known.set(text, made)
  return made
}
