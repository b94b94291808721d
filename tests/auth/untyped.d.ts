// Types of test servers that bring none: as much as the tests use.
declare module 'oidc-provider' {
  import type { RequestListener } from 'node:http'
  export class Provider {
    constructor(issuer: string, configuration: object)
    callback(): RequestListener
    on(event: string, listener: (context: unknown, error: Error) => void): void
  }
}

declare module 'samlp' {
  const samlp: { auth(options: object): (request: unknown, response: unknown, next: (error: Error) => void) => void }
  export default samlp
}
