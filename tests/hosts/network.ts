// Several hosts on one machine: network namespaces on a bridge, or, where those cannot be made, addresses of loopback behind proxies of our own.
import { existsSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'

export type Host = {
  name: string
  /** Where others reach it. */
  address: string
  /** The command line that runs a program on this host. */
  wrap: (argv: string[]) => string[]
}

export type Network = {
  kind: 'namespaces' | 'loopback'
  open: (name: string) => Promise<Host>
  /** Address and port under which all hosts reach a port of one of them, so that the way to it can be cut. */
  reach: (host: Host, port: number) => Promise<{ address: string; port: number }>
  /** Cuts a host off: what is sent to it is lost, nothing is refused. */
  cut: (host: Host) => Promise<void>
  mend: (host: Host) => Promise<void>
  close: () => Promise<void>
}

const run = async (...argv: string[]) => {
  const child = Bun.spawn(argv, { stdin: 'ignore', stdout: 'ignore', stderr: 'pipe' })
  const [words, code] = await Promise.all([new Response(child.stderr).text(), child.exited])
  if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${code}: ${words.trim()}`)
}

const listNames = async (...argv: string[]): Promise<string[]> => {
  const child = Bun.spawn(['ip', '-j', ...argv], { stdin: 'ignore', stdout: 'pipe', stderr: 'ignore' })
  const text = await new Response(child.stdout).text()
  return text.trim()
    ? (JSON.parse(text) as { name?: string; ifname?: string }[]).map(({ name, ifname }) => name ?? ifname ?? '')
    : []
}

const isGone = (name: string) => {
  const [, pid] = /^ah([0-9a-z]+)(-|br$)/.exec(name) ?? []
  return pid !== undefined && !existsSync(`/proc/${Number.parseInt(pid, 36)}`)
}

/** What runs that were killed have left behind. */
const tidy = async () => {
  for (const name of (await listNames('netns', 'list')).filter(isGone)) await run('ip', 'netns', 'del', name)
  for (const name of (await listNames('link', 'show', 'type', 'bridge')).filter(isGone)) await run('ip', 'link', 'del', name)
}

/** Names of network devices have 15 characters at most; the mark tells whose they are. */
const openNamespaces = async (): Promise<Network> => {
  await tidy()
  const mark = `ah${process.pid.toString(36)}`
  const bridge = `${mark}br`
  // 198.18.0.0/15 is set aside for tests of networks (RFC 2544), so nothing real is hidden.
  const net = `198.18.${process.pid % 250}`
  const spaces: string[] = []
  const close = async () => {
    for (const space of spaces.splice(0)) await run('ip', 'netns', 'del', space).catch(() => {})
    await run('ip', 'link', 'del', bridge).catch(() => {})
  }
  await run('ip', 'link', 'add', bridge, 'type', 'bridge')
  try {
    await run('ip', 'addr', 'add', `${net}.1/24`, 'dev', bridge)
    await run('ip', 'link', 'set', bridge, 'up')
  } catch (error) {
    await close()
    throw error
  }
  let hosts = 0
  const outerOf = new Map<Host, string>()
  return {
    kind: 'namespaces',
    close,
    open: async (name) => {
      const number = ++hosts + 1
      const [space, outer, inner] = [`${mark}-${name}`, `${mark}o${number}`, `${mark}i${number}`]
      const inside = (...argv: string[]) => run('ip', 'netns', 'exec', space, ...argv)
      await run('ip', 'netns', 'add', space)
      spaces.push(space)
      await run('ip', 'link', 'add', outer, 'type', 'veth', 'peer', 'name', inner)
      await run('ip', 'link', 'set', inner, 'netns', space)
      await run('ip', 'link', 'set', outer, 'master', bridge)
      await run('ip', 'link', 'set', outer, 'up')
      await inside('ip', 'addr', 'add', `${net}.${number}/24`, 'dev', inner)
      await inside('ip', 'link', 'set', inner, 'up')
      await inside('ip', 'link', 'set', 'lo', 'up')
      const host: Host = { name, address: `${net}.${number}`, wrap: (argv) => ['ip', 'netns', 'exec', space, ...argv] }
      outerOf.set(host, outer)
      return host
    },
    reach: async ({ address }, port) => ({ address, port }),
    cut: (host) => run('ip', 'link', 'set', outerOf.get(host)!, 'down'),
    mend: (host) => run('ip', 'link', 'set', outerOf.get(host)!, 'up'),
  }
}

/** A way that can be cut: then nothing goes through any more, and new connections hang. */
type Way = { port: number; setOpen: (isOpen: boolean) => void; close: () => void }

const openWay = (host: string, port: number): Promise<Way> => {
  let isOpen = true
  const pairs = new Set<[Socket, Socket]>()
  const waiting = new Set<Socket>()
  const pass = (from: Socket) => {
    const to = connect(port, host)
    const pair: [Socket, Socket] = [from, to]
    pairs.add(pair)
    const end = () => {
      pairs.delete(pair)
      for (const one of pair) one.destroy()
    }
    for (const one of pair) one.on('error', end).on('close', end)
    from.pipe(to).pipe(from)
  }
  const server: Server = createServer((socket) => {
    socket.on('error', () => waiting.delete(socket))
    if (isOpen) pass(socket)
    else waiting.add(socket)
  })
  const setOpen = (open: boolean) => {
    isOpen = open
    for (const [from, to] of pairs) {
      if (open) from.pipe(to).pipe(from)
      else {
        from.unpipe(to).pause()
        to.unpipe(from).pause()
      }
    }
    if (open) for (const socket of waiting) pass(socket)
    if (open) waiting.clear()
  }
  return new Promise((resolve, reject) => {
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      resolve({
        port: (server.address() as { port: number }).port,
        setOpen,
        close: () => {
          server.close()
          for (const pair of pairs) for (const one of pair) one.destroy()
          for (const one of waiting) one.destroy()
        },
      })
    })
  })
}

const openLoopback = (): Network => {
  const ways = new Map<string, Way[]>()
  let hosts = 0
  const setOpen = async ({ name }: Host, isOpen: boolean) => {
    for (const way of ways.get(name) ?? []) way.setOpen(isOpen)
  }
  return {
    kind: 'loopback',
    open: async (name) => ({ name, address: `127.18.${process.pid % 250}.${++hosts}`, wrap: (argv) => argv }),
    reach: async ({ name, address }, port) => {
      const way = await openWay(address, port)
      ways.set(name, [...(ways.get(name) ?? []), way])
      return { address: '127.0.0.1', port: way.port }
    },
    cut: (host) => setOpen(host, false),
    mend: (host) => setOpen(host, true),
    close: async () => {
      for (const way of [...ways.values()].flat()) way.close()
    },
  }
}

/** Namespaces where this process may make them; else loopback, and a line that says so. */
export const openNetwork = async (wanted = process.env.HOSTS_NETWORK): Promise<Network> => {
  if (wanted === 'loopback') return openLoopback()
  try {
    return await openNamespaces()
  } catch (error) {
    console.warn(`hosts are addresses of loopback, for network namespaces cannot be made here: ${(error as Error).message}`)
    return openLoopback()
  }
}
