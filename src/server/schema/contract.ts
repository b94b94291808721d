// The REST contract as data: every operation and model that the official clients know. Read when it is first asked for.

type Operation = {
  operationId?: string
  tags?: string[]
  parameters?: unknown[]
  requestBody?: unknown
  responses: Record<string, unknown>
}
export type Contract = {
  openapi: string
  info: Record<string, unknown>
  tags: { name: string }[]
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, any>; responses: Record<string, unknown>; securitySchemes: Record<string, unknown> }
}

let loading: Promise<Contract> | undefined
export const loadContract = (): Promise<Contract> =>
  (loading ??= import('./contract.json').then((module) => module.default as unknown as Contract))

/** `/api/tasks/{id}/data/` and `/api/tasks/:id/data` → `/api/tasks/{}/data`: paths are the same when these are. */
export const normalisePath = (path: string) => path.replace(/\{[^}]+\}|:[^/]+/g, '{}').replace(/(.)\/$/, '$1')

export type Route = { method: string; path: string }

/** Splits the contract's operations into those that some route serves and those that none does. */
export const compareRoutes = (contract: Contract, routes: Route[]) => {
  const served = new Set(routes.map(({ method, path }) => `${method} ${normalisePath(path)}`))
  const operations = Object.entries(contract.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })),
  )
  const isServed = ({ method, path }: Route) => served.has(`${method} ${normalisePath(path)}`)
  return { served: operations.filter(isServed), missing: operations.filter((operation) => !isServed(operation)) }
}

/** Whether the contract has an operation for this address, served or not. */
export const isPlanned = async (method: string, path: string): Promise<boolean> => {
  const { paths } = await loadContract()
  return Object.entries(paths).some(
    ([pattern, methods]) =>
      method.toLowerCase() in methods && new RegExp(`^${normalisePath(pattern).replaceAll('{}', '[^/]+')}/?$`).test(path),
  )
}
