// A person by the user name that somebody typed into a form.
import { eq } from 'drizzle-orm'
import { invalid } from '../http/errors'
import type { Who } from '../policy/who'
import { users } from './schema'
import { listUsers } from './service'

/** The id of the person of this name whom `who` may see; null for nothing. Throws 400 for `field`. */
export const readPerson = async (who: Who, field: string, name: string): Promise<number | null> => {
  const username = name.trim()
  if (!username) return null
  const condition = eq(users.username as any, username)
  const { rows } = await listUsers(who, { kind: 'any' }, [condition], [], { page: 1, size: 1, offset: 0 })
  if (!rows[0]) throw invalid({ [field]: `There is nobody called ${username}.` })
  return rows[0].id
}
