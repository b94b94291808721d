// Where the bytes of a media file lie on this machine.
import { realpathSync } from 'node:fs'
import { join, sep } from 'node:path'
import { config } from '../config'
import { checkName, storage } from '../storage/storage'
import { MediaError } from './task-media'

const shareMark = 'share:'

/** Path inside the connected share; links that lead out of it are refused. */
const sharePath = (name: string) => {
  const missing = () => new MediaError(`${name}: not in the connected share`)
  const { share_dir } = config()
  if (!share_dir) throw missing()
  try {
    const root = realpathSync(share_dir)
    const path = realpathSync(join(root, checkName(name)))
    if (path.startsWith(root.endsWith(sep) ? root : root + sep)) return path
  } catch {}
  throw missing()
}

/** Path of a media file on this machine: a storage name, or `share:<path>`. Throws when the name leaves its folder. */
export const mediaPath = async (file: string): Promise<string> =>
  file.startsWith(shareMark) ? sharePath(file.slice(shareMark.length)) : storage().local(file)

/** Media name of one frame of a video that is part of a task of several: `video:12:data/7/raw/a.mp4`. */
export const nameVideoFrame = (file: string, frame: number): string => `video:${frame}:${file}`

/** What such a name says; undefined for every other media name. */
export const readVideoFrame = (file: string): { file: string; frame: number } | undefined => {
  const [, frame, name] = /^video:(\d+):(.+)$/.exec(file) ?? []
  return name === undefined ? undefined : { file: name, frame: Number(frame) }
}
