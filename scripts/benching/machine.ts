// Reads what the kernel knows about this machine and about one process.
import { readFileSync } from 'node:fs'

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

/** CPU seconds that a process has used, user and system. */
export const readCpuSeconds = (pid: number) => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}
