// Keeps preferences and keys of a person on the server, so that all their browsers have them; what is not sent yet stays in this browser.
import { call } from './save/api'

/** Parts by name: `editor`, `keys`, `keys:project-5`; pages may keep parts of their own beside them. */
export type Parts = Record<string, unknown>

export type PartsServer = { read: () => Promise<Parts>; write: (parts: Parts) => Promise<void> }
export type TextStorage = { read: (key: string) => string | null; write: (key: string, value: string) => void }

/** What the server takes (bytes of UTF-8), with some room left. */
const maxBytes = 60 * 1024
const isOfProject = (name: string): boolean => /^keys:(project|task)-\d+$/.test(name)
const measure = (parts: Parts): number => new TextEncoder().encode(JSON.stringify(parts)).length

/** Keys of labels are dropped, first of the projects whose keys were changed longest ago, until the rest fits. */
export const fitParts = (parts: Parts): Parts => {
  const kept = { ...parts }
  for (const name of Object.keys(parts).filter(isOfProject)) {
    if (measure(kept) <= maxBytes) break
    delete kept[name]
  }
  return kept
}

const parseParts = (text: string | null): Parts => {
  try {
    const saved: unknown = JSON.parse(text ?? '{}')
    return typeof saved === 'object' && saved !== null && !Array.isArray(saved) ? (saved as Parts) : {}
  } catch {
    return {}
  }
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

export class PersonSettings {
  private known: Parts = {}
  private readonly key: string
  private sending: Promise<void> | null = null

  constructor(
    user: string,
    private readonly server: PartsServer,
    private readonly storage: TextStorage,
    /** Runs something a little later, so that a dragged slider is sent once. */
    private readonly later: (run: () => void) => void,
  ) {
    this.key = `annolith-unsent:${user}`
  }

  /** Reads what the server has; what this browser could not send comes before it. A server that does not answer has nothing. */
  async load(): Promise<Parts> {
    const unsent = this.unsent
    const stored = await this.server.read().catch((): Parts => ({}))
    this.known = { ...stored, ...unsent }
    if (Object.keys(unsent).length > 0) this.later(() => void this.send())
    return this.known
  }

  get(name: string): unknown {
    return this.known[name]
  }

  /** Remembers a part here at once and on the server soon. */
  set(name: string, value: unknown): void {
    if (isSame(this.known[name], value)) return
    this.known = { ...this.known, [name]: value }
    this.storage.write(this.key, JSON.stringify({ ...this.unsent, [name]: value }))
    this.later(() => void this.send())
  }

  /** Sends what is not sent; other parts stay as another browser left them meanwhile. After a failure the next change tries again. */
  send(): Promise<void> {
    this.sending ??= this.sendUnsent()
      .catch(() => {})
      .finally(() => {
        this.sending = null
      })
    return this.sending
  }

  private get unsent(): Parts {
    return parseParts(this.storage.read(this.key))
  }

  private async sendUnsent(): Promise<void> {
    for (let sent = this.unsent; Object.keys(sent).length > 0; sent = this.unsent) {
      const stored = { ...(await this.server.read()) }
      // What changed last stands last.
      for (const name of Object.keys(sent)) delete stored[name]
      await this.server.write(fitParts({ ...stored, ...sent }))
      const rest = Object.entries(this.unsent).filter(([name, value]) => !isSame(value, sent[name]))
      this.storage.write(this.key, JSON.stringify(Object.fromEntries(rest)))
    }
  }
}

const path = '/api/users/self/settings'

/** A page that is left still sends what it began to. */
const partsServer: PartsServer = {
  read: async () => parseParts(await (await call(path, { keepalive: true })).text()),
  write: async (parts) => {
    await call(path, { method: 'PUT', body: JSON.stringify(parts), keepalive: true })
  },
}

/** This browser's storage; where it is closed nothing is kept. */
export const browserStorage: TextStorage = {
  read: (key) => {
    try {
      return localStorage.getItem(key)
    } catch {
      return null
    }
  },
  write: (key, value) => {
    try {
      localStorage.setItem(key, value)
    } catch {}
  },
}

const pauseMs = 400

export const openPersonSettings = (user: string): PersonSettings => {
  let timer: ReturnType<typeof setTimeout> | undefined
  return new PersonSettings(user, partsServer, browserStorage, (run) => {
    clearTimeout(timer)
    timer = setTimeout(run, pauseMs)
  })
}
