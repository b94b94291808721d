// Questions about this machine: programs, native libraries, limits of the system.
import { readFileSync } from 'node:fs'
import { availableParallelism, freemem, totalmem } from 'node:os'
import { config } from '../../config'
import { canDecodePictures, findFfmpeg, readFfmpegVersion } from '../../media/media'
import { type Check, fail, ok, skip, warn } from '../check'

const mib = 2 ** 20
const oldestFfmpeg = 4
const fewestFiles = 4096

export const programChecks: Check[] = [
  {
    id: 'program-ffmpeg',
    about: 'Videos can be read',
    look: async () => {
      const path = findFfmpeg()
      if (!path) return warn('ffmpeg is not there: videos cannot be read', 'apt-get install ffmpeg')
      const version = await readFfmpegVersion()
      return Number.parseInt(version, 10) < oldestFfmpeg
        ? warn(`ffmpeg ${version} is old`, 'apt-get install ffmpeg')
        : ok(`ffmpeg ${version}`)
    },
  },
  {
    id: 'program-pictures',
    about: 'The library of pictures works',
    look: async () =>
      (await canDecodePictures())
        ? ok('a picture was made and read')
        : fail('a picture came out wrong', 'install the archive for this machine anew'),
  },
  {
    id: 'system-files',
    about: 'The system lets the server open enough files',
    look: () => {
      const [, soft] = /^Max open files\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
      if (!soft) return skip('this system does not tell its limits')
      return Number(soft) < fewestFiles
        ? warn(`at most ${soft} files may be open`, 'ulimit -n 65536, or LimitNOFILE=65536 in the unit')
        : ok(`${soft} files may be open`)
    },
  },
  {
    id: 'system-memory',
    about: 'There is memory for a server with its threads',
    look: () => {
      const words = `${Math.round(freemem() / mib)} of ${Math.round(totalmem() / mib)} MiB are free`
      return totalmem() < 900 * mib ? warn(words, 'give the machine 1 GiB or more') : ok(words)
    },
  },
  {
    id: 'system-threads',
    about: 'Threads for background work suit the processors',
    look: () => {
      const { worker_threads } = config()
      const words = `${worker_threads} threads on ${availableParallelism()} processors`
      return worker_threads > 2 * availableParallelism() + 2 ? warn(words, 'annolith config explain worker_threads') : ok(words)
    },
  },
  {
    id: 'system-clock',
    about: 'The clock shows a plausible time',
    look: () => {
      const year = new Date().getUTCFullYear()
      return year < 2024 || year > 2100
        ? fail(`the clock shows the year ${year}`, 'timedatectl set-ntp true')
        : ok(new Date().toISOString())
    },
  },
]
