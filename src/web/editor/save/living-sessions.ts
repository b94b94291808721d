// Which editor sessions of this browser still live: they hold a lock, or answer a call where the page may not use locks.

const lockName = (session: string): string => `annolith-journal-${session}`

const replyMs = 300

type Message = { type: 'who' } | { type: 'here'; session: string }

/** Announces this session for as long as the page lives. */
export const announceSession = (session: string): void => {
  navigator.locks?.request(lockName(session), () => new Promise(() => {})).catch(() => {})
  const channel = new BroadcastChannel('annolith-journal')
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.type === 'who') channel.postMessage({ type: 'here', session } satisfies Message)
  }
}

const callSessions = (): Promise<Set<string>> =>
  new Promise((resolve) => {
    const channel = new BroadcastChannel('annolith-journal')
    const living = new Set<string>()
    channel.onmessage = ({ data }: MessageEvent<Message>) => {
      if (data.type === 'here') living.add(data.session)
    }
    channel.postMessage({ type: 'who' } satisfies Message)
    setTimeout(() => {
      channel.close()
      resolve(living)
    }, replyMs)
  })

/** Those of the given sessions whose page is gone. Locks exist on secure pages only; elsewhere pages are asked. */
export const listGone = async <T extends { session: string }>(sessions: T[]): Promise<T[]> => {
  if (sessions.length === 0) return []
  if (!navigator.locks) {
    const living = await callSessions()
    return sessions.filter(({ session }) => !living.has(session))
  }
  const { held } = await navigator.locks.query()
  const names = new Set((held ?? []).map((lock) => lock.name))
  return sessions.filter(({ session }) => !names.has(lockName(session)))
}
