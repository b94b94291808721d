// All providers of functions, one line each; loaded when functions are first asked for.

import { config } from '../config'
import { EgressError } from '../http/egress'
import {
  type Answers,
  type CallName,
  type CallOf,
  FunctionError,
  type FunctionInfo,
  type Provider,
  type ProviderName,
} from './contract'

const loaders: Partial<Record<ProviderName, () => Promise<Provider>>> = {
  'built-in': async () => (await import('./built-in/provider')).builtInProvider,
  onnx: async () => (await import('./onnx/provider')).onnxProvider,
  http: async () => (await import('./http/provider')).httpProvider,
  agent: async () => (await import('./agent/provider')).agentProvider,
}

const loaded = new Map<ProviderName, Promise<Provider>>()
/** Throws when there is no such provider. */
export const findProvider = (name: ProviderName): Promise<Provider> => {
  const load = loaders[name]
  if (!load) throw new Error(`There is no provider "${name}".`)
  const provider = loaded.get(name) ?? load()
  loaded.set(name, provider)
  return provider
}

/** Puts another provider in the place of one, for tests; undefined takes it away again. */
export const replaceProvider = (name: ProviderName, provider: Provider | undefined) => {
  if (provider) loaded.set(name, Promise.resolve(provider))
  else loaded.delete(name)
}

const listOf = async (name: ProviderName): Promise<FunctionInfo[]> => {
  try {
    return await (await findProvider(name)).list()
  } catch (error) {
    console.error(`functions of ${name} cannot be listed: ${(error as Error).message}`)
    return []
  }
}

/**
 * Functions of all providers, by name. One that cannot list its functions is left out and told in the log; of two with the same id
 * the first provider's counts.
 */
export const listAllFunctions = async (): Promise<FunctionInfo[]> => {
  const lists = await Promise.all((Object.keys(loaders) as ProviderName[]).map(listOf))
  const byId = new Map<string, FunctionInfo>()
  for (const info of lists.flat()) if (!byId.has(info.id)) byId.set(info.id, info)
  return [...byId.values()].sort((a, b) => a.name.localeCompare(b.name))
}

export const findFunction = async (id: string): Promise<FunctionInfo | undefined> =>
  (await listAllFunctions()).find((info) => info.id === id)

/** What went wrong, in words for whoever asked. Unknown errors are the function's and go to the log. */
const explain = (info: FunctionInfo, error: unknown, isTimeout: boolean): FunctionError => {
  if (isTimeout) return new FunctionError('timeout', `"${info.name}" did not answer within ${config().function_timeout} seconds.`)
  if (error instanceof FunctionError) return error
  if (error instanceof EgressError) {
    const fault = { timeout: 'timeout', 'too-large': 'answer' } as const
    return new FunctionError(fault[error.fault as 'timeout'] ?? 'unavailable', `"${info.name}": ${error.message}`)
  }
  console.error(`function ${info.id}:`, error)
  return new FunctionError('answer', `"${info.name}" broke down.`)
}

/**
 * Runs work of a function within the time that the configuration gives it. Throws FunctionError; whatever `signal` was aborted with
 * when it was.
 */
export const withinTime = async <T>(
  info: FunctionInfo,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> => {
  const late = AbortSignal.timeout(config().function_timeout * 1000)
  const either = signal ? AbortSignal.any([signal, late]) : late
  const ended = Promise.withResolvers<never>()
  const onAbort = () => ended.reject(either.reason)
  either.addEventListener('abort', onAbort, { once: true })
  try {
    either.throwIfAborted()
    return await Promise.race([work(either), ended.promise])
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    throw explain(info, error, late.aborted)
  } finally {
    either.removeEventListener('abort', onAbort)
    ended.promise.catch(() => {})
  }
}

/** Asks a function. The answer is as the provider made it: not yet judged. Throws as `withinTime`. */
export const askFunction = async <D extends CallName>(
  info: FunctionInfo,
  call: CallOf<D>,
  signal?: AbortSignal,
): Promise<Answers[D]> => {
  if (info.runs === 'browser') throw new FunctionError('input', `"${info.name}" runs in the browser, the server cannot be asked.`)
  return withinTime(info, signal, async (either) => (await findProvider(info.provider)).call(info, call, either))
}
