// How far the tiling of a cloud is, told by the worker to the servers of the same data folder: a small file that lasts as long as the work.
import { createHash } from 'node:crypto'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { config } from '../config'
import type { CacheKey } from '../media/cache'

const writtenEveryMs = 250

/** Among the temporary files of the media cache, where what a crash leaves behind is cleared away. */
const pathOf = ({ key }: CacheKey) =>
  join(config().dataDir, 'cache/media/tmp', `${createHash('sha256').update(key).digest('hex').slice(0, 40)}.progress`)

/** 0…1; 0 while nothing is known. */
export const readProgress = async (key: CacheKey): Promise<number> => {
  const text = await Bun.file(pathOf(key))
    .text()
    .catch(() => '')
  const progress = Number(text)
  return progress >= 0 && progress <= 1 ? progress : 0
}

/** Takes what is reported; writes now and then, one write at a time. A report that cannot be written stops no work. */
export const openProgress = (key: CacheKey) => {
  const path = pathOf(key)
  let writtenAt = 0
  let writing: Promise<void> | undefined
  const write = async (progress: number) => {
    const temporary = `${path}-${crypto.randomUUID()}`
    try {
      await mkdir(join(path, '..'), { recursive: true })
      await Bun.write(temporary, String(Math.round(progress * 1000) / 1000))
      await rename(temporary, path)
    } catch {
      await rm(temporary, { force: true })
    }
  }
  return {
    report: (progress: number) => {
      const now = Date.now()
      if (writing || now - writtenAt < writtenEveryMs) return
      writtenAt = now
      writing = write(progress).finally(() => {
        writing = undefined
      })
    },
    close: async () => {
      await writing
      await rm(path, { force: true })
    },
  }
}
