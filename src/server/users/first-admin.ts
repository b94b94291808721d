// The first administrator: from ANNOLITH_ADMIN_PASSWORD, or by whoever holds the one-time link that the server prints.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { config } from '../config'
import { readEmail } from './create-user'
import { countUsers, createUser } from './service'

const tokenFile = () => join(config().dataDir, 'secrets/setup-token')

/** Makes `admin` when nobody exists yet and its password is configured; else answers the token of the set-up link, if one is needed. */
export const prepareFirstAdmin = async (): Promise<string | null> => {
  if ((await countUsers()) > 0) return null
  if (config().admin_password) {
    await createUser({ username: 'admin', password: config().admin_password, superuser: true }).catch(async (error) => {
      // Another server has started at the same moment.
      if ((await countUsers()) === 0) throw error
    })
    return null
  }
  if (!existsSync(tokenFile())) writeFileSync(tokenFile(), crypto.randomUUID().replaceAll('-', ''), { mode: 0o600 })
  return readFileSync(tokenFile(), 'utf8')
}

/** Whether the token of a set-up link is good: it is until the first person exists. */
export const isSetupToken = async (token: string): Promise<boolean> =>
  existsSync(tokenFile()) && readFileSync(tokenFile(), 'utf8') === token && (await countUsers()) === 0

/** Makes the first administrator and ends the link. */
export const createFirstAdmin = async (username: string, password: string, email = '') => {
  const user = await createUser({ username, password, email: readEmail(email), emailVerified: true, superuser: true })
  rmSync(tokenFile(), { force: true })
  return user
}
