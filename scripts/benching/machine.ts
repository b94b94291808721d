// Reads what the kernel knows about this machine and about one process.
import { readdirSync, readFileSync } from 'node:fs'

const readKib = (file: string, name: string) =>
  Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(file, 'utf8'))?.[1] ?? Number.NaN)

/** For the head of the table: no names, only what speed depends on. */
export const describeMachine = () =>
  `${navigator.hardwareConcurrency} cores, ${Math.round(readKib('/proc/meminfo', 'MemTotal') / 2 ** 20)} GB memory, ${process.platform} ${process.arch}, Bun ${Bun.version}`

/** Memory of a process in MB: resident, and its proportional share of pages that others map too. */
export const readMemory = (pid: number) => {
  const file = `/proc/${pid}/smaps_rollup`
  return { rssMb: readKib(file, 'Rss') / 1024, pssMb: readKib(file, 'Pss') / 1024 }
}

/** CPU seconds that the threads of a process have used, to the nanosecond: /proc/<pid>/stat counts in ticks of 10 ms, too coarse for an idle one. */
export const readCpuSeconds = (pid: number) => {
  const used = (thread: string) => Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0])
  return readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => sum + used(thread), 0) / 1e9
}
