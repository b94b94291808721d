// Tells processes of this host apart, so that chores of a killed one can be taken over at once.
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

/** When a process started, in ticks since boot; '' where the system does not tell or there is no such process. */
const startOf = (pid: number) => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}

/** `<host> <pid> <start>`: names this process and no later one. */
export const processMark = () => `${hostname()} ${process.pid} ${startOf(process.pid)}`

/** Whether the marked process is known to have ended. False when in doubt: another host, or a system without /proc. */
export const hasEnded = (mark: string) => {
  const [host, pid, start] = mark.split(' ')
  return host === hostname() && Boolean(start) && startOf(Number(pid)) !== start
}
