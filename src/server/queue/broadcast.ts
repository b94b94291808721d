// Texts from one process to all others through Redis; what nobody hears is lost.

export type Broadcast = { send: (text: string) => void; close: () => Promise<void> }

/**
 * Calls `hear` for what other processes send on the channel, not for what this one does; `onGap` whenever Redis was away and is back, for
 * nobody knows what was said meanwhile.
 */
export const openBroadcast = async (
  url: string,
  channel: string,
  hear: (text: string) => void,
  onGap: () => void = () => {},
): Promise<Broadcast> => {
  const { Redis } = await import('ioredis')
  const own = `${crypto.randomUUID()} `
  const options = { maxRetriesPerRequest: null, lazyConnect: true }
  const [speaker, listener] = [new Redis(url, options), new Redis(url, options)]
  // A Redis that is away is tried again; until then live events stay in this process.
  for (const client of [speaker, listener]) client.on('error', () => {})
  listener.on('message', (_, text: string) => {
    if (!text.startsWith(own)) hear(text.slice(text.indexOf(' ') + 1))
  })
  await Promise.all([speaker.connect(), listener.connect()])
  await listener.subscribe(channel)
  // Emitted when the subscription is there again, too.
  listener.on('ready', onGap)
  return {
    send: (text) => void speaker.publish(channel, own + text).catch(() => {}),
    close: async () => {
      speaker.disconnect()
      listener.disconnect()
    },
  }
}
