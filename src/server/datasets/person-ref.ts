// A person as datasets name them.
import type { PersonRef } from '../../formats/model'
import { loadPeople } from '../users/service'

/** Name and e-mail of a person; null for nobody. */
export const findPersonRef = async (id: number | null): Promise<PersonRef | null> => {
  const person = (await loadPeople([id])).get(id ?? -1)
  return person ? { username: person.username, email: person.email } : null
}
