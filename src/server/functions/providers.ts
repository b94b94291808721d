// All providers of functions, one line each; loaded when functions are first asked for.
import type { FunctionInfo, Provider, ProviderName } from './contract'

const loaders: Partial<Record<ProviderName, () => Promise<Provider>>> = {}

const loaded = new Map<ProviderName, Promise<Provider>>()
/** Throws when there is no such provider. */
export const findProvider = (name: ProviderName): Promise<Provider> => {
  const load = loaders[name]
  if (!load) throw new Error(`There is no provider "${name}".`)
  const provider = loaded.get(name) ?? load()
  loaded.set(name, provider)
  return provider
}

/** Functions of all providers. One that cannot list its functions is left out and told in the log. */
export const listAllFunctions = async (): Promise<FunctionInfo[]> => {
  const lists = await Promise.all(
    (Object.keys(loaders) as ProviderName[]).map(async (name) => {
      try {
        return await (await findProvider(name)).list()
      } catch (error) {
        console.error(`Functions of ${name} cannot be listed:`, error)
        return []
      }
    }),
  )
  return lists.flat()
}
