// Judges addresses: which of them outgoing requests may reach. Everything that is not plainly public is refused.
import { BlockList, isIP } from 'node:net'

/** Ranges of IPv4 that are not public (IANA special-purpose registry, RFC 6890), with this network, multicast and reserved space. */
const closedV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]
/** Global unicast of IPv6 is 2000::/3; within it these carry other addresses inside (Teredo, 6to4) or are not routed. */
const openV6 = '2000::/3'
const closedV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']

const addRange = (list: BlockList, range: string) => {
  const [address, bits] = range.split('/')
  const family = isIP(address!)
  if (!family) return
  const name = family === 4 ? 'ipv4' : 'ipv6'
  if (bits === undefined) list.addAddress(address!, name)
  else list.addSubnet(address!, Number(bits), name)
}
const makeList = (ranges: string[]) => {
  const list = new BlockList()
  for (const range of ranges) addRange(list, range)
  return list
}
const [closed4, open6, closed6] = [makeList(closedV4), makeList([openV6]), makeList(closedV6)]

/** The IPv4 address inside `::ffff:a.b.c.d`, in whichever way it is written; else undefined. */
export const readMapped = (address: string): string | undefined => {
  if (isIP(address) !== 6) return
  // URL writes every form of an address in one way.
  const match = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname)
  if (!match) return
  const [high, low] = [Number.parseInt(match[1]!, 16), Number.parseInt(match[2]!, 16)]
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}

/** Whether an address is public. IPv4 addresses mapped into IPv6 are not, whatever they hold. */
export const isPublicAddress = (address: string): boolean => {
  const family = isIP(address)
  if (family === 4) return !closed4.check(address, 'ipv4')
  if (family !== 6 || address.includes('%') || readMapped(address)) return false
  return open6.check(address, 'ipv6') && !closed6.check(address, 'ipv6')
}

/** The administrator's exceptions: addresses, ranges as `10.1.0.0/16`, and names of hosts. */
export type Exceptions = { ranges: BlockList; names: Set<string> }
export const readExceptions = (entries: readonly string[]): Exceptions => {
  const ranges = entries.filter((entry) => isIP(entry.split('/')[0]!))
  const names = entries.filter((entry) => !ranges.includes(entry)).map((name) => name.toLowerCase())
  return { ranges: makeList(ranges), names: new Set(names) }
}

/** Whether a request for `host` may go to this address. */
export const mayReach = (host: string, address: string, exceptions: Exceptions): boolean => {
  if (exceptions.names.has(host.toLowerCase()) || isPublicAddress(address)) return true
  const plain = readMapped(address) ?? address
  return exceptions.ranges.check(plain, isIP(plain) === 4 ? 'ipv4' : 'ipv6')
}
