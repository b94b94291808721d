// `annolith user …`: accounts from the command line.
import { ConfigError } from './server/config'
import { closeDb } from './server/db/open'
import { ApiError } from './server/http/errors'
import { createUser, findUserByName, findUsers, setActive, setPassword } from './server/users/service'

const readPassword = async (flags: Record<string, unknown>): Promise<string> => {
  if (flags.password_stdin) return (await Bun.stdin.text()).replace(/\r?\n$/, '')
  throw new ConfigError('give the password on standard input with --password-stdin')
}

const requireUser = async (flags: Record<string, unknown>) => {
  const user = await findUserByName(requireName(flags))
  if (!user) throw new ConfigError(`there is no user "${flags.username}"`)
  return user
}
const requireName = (flags: Record<string, unknown>): string => {
  if (typeof flags.username !== 'string') throw new ConfigError('--username is missing')
  return flags.username
}

const actions: Record<string, (flags: Record<string, any>) => Promise<void>> = {
  create: async (flags) => {
    const user = await createUser({
      username: requireName(flags),
      password: await readPassword(flags),
      email: flags.email,
      superuser: flags.superuser,
    })
    console.log(`user ${user.username} (id ${user.id}) created`)
  },
  list: async () => {
    for (const user of await findUsers())
      console.log(
        [
          user.id,
          user.username,
          user.email || '-',
          user.isSuperuser ? 'admin' : 'user',
          user.isActive ? 'active' : 'inactive',
        ].join('\t'),
      )
  },
  password: async (flags) => setPassword(await requireUser(flags), await readPassword(flags), 'password'),
  activate: async (flags) => setActive((await requireUser(flags)).id, true),
  deactivate: async (flags) => setActive((await requireUser(flags)).id, false),
}

/** Runs one action; unknown ones and refused input end as ConfigError with one line. */
export const runUserCommand = async (action: string | undefined, flags: Record<string, any>) => {
  const run = action && Object.hasOwn(actions, action) ? actions[action] : undefined
  if (!run) throw new ConfigError(`annolith user ${Object.keys(actions).join('|')}`)
  try {
    await run(flags)
  } catch (error) {
    if (error instanceof ApiError) throw new ConfigError(Object.values(error.body).flat().join(' '))
    throw error
  } finally {
    await closeDb()
  }
}
