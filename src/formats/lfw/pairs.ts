// How LFW names the pictures of people in pairs.

/** The two attributes that list pictures: of the same person, and of others. */
export const pairAttributes = { same: 'positive_pairs', different: 'negative_pairs' } as const

/** Names of pictures in the text of an attribute, which may look like a list. */
export function splitPairs(text: string): string[] {
  return text
    .replace(/[[\]'"]/g, '')
    .split(/[,;]/)
    .map((name) => name.trim())
    .filter(Boolean)
}

/** `Ann_0002` of Ann is `2`; other names stay. */
export function shortenName(person: string, id: string): string {
  const digits = id.startsWith(`${person}_`) ? id.slice(person.length + 1) : ''
  return /^\d{4,15}$/.test(digits) ? String(Number(digits)) : id
}

/** The other way round: `2` of Ann is `Ann_0002`. */
export function completeName(person: string, short: string): string {
  return /^\d{1,15}$/.test(short) ? `${person}_${short.padStart(4, '0')}` : short
}

/** Who is on a picture that is named `person/id` or `person_0002`; nothing when the name does not tell. */
export function splitName(name: string, people: readonly string[]): { person: string; id: string } | undefined {
  const folder = people.find((person) => name.startsWith(`${person}/`))
  if (folder !== undefined) return { person: folder, id: name.slice(folder.length + 1) }
  const person = people.find((one) => name.startsWith(`${one}_`) && /^\d+$/.test(name.slice(one.length + 1)))
  return person === undefined ? undefined : { person, id: name }
}
