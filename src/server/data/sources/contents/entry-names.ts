// Which entries of an archive are taken, and under which names.

import { isCalibrationName } from '../../../../formats/calibration/calibration-names'
import { MediaError } from '../../../media/media'
import { kindOfName, whyUnsupported } from '../../../media/media-kinds'

/** Left behind by desktops and tools; never media. A picture whose name begins with a dot is one all the same. */
const isLeftBehind = (part: string, at: number, parts: string[]) =>
  part === '__MACOSX' || part.startsWith('._') || (part.startsWith('.') && at < parts.length - 1)

/** The path of an entry with `/` between its parts. Throws MediaError when it leads out of the archive or cannot be a name. */
export const checkEntryName = (raw: string): string => {
  const name = raw.replaceAll('\\', '/').replace(/^(\.\/)+/, '')
  const quoted = JSON.stringify(raw.slice(0, 200))
  if (name.startsWith('/') || /^[a-z]:/i.test(name)) throw new MediaError(`the archive has an absolute path, ${quoted}`)
  if (name.split('/').includes('..')) throw new MediaError(`the archive has a path that leads out of it, ${quoted}`)
  if (name === '' || /[\0-\x1f]/.test(name)) throw new MediaError(`the archive has an entry without a usable name, ${quoted}`)
  return name
}

/** Whether an entry may tell of the cameras beside point clouds; looked at only when there are some. */
export const isAside = (name: string): boolean => !name.split('/').some(isLeftBehind) && isCalibrationName(name)

/**
 * Whether an entry becomes a frame or belongs to one. What is no media (texts, labels, what desktops leave behind) is passed over, as other tools
 * do; archives inside an archive and pictures of a kind that we do not read are refused, as nobody would expect them to be left out.
 */
export const isWanted = (name: string): boolean => {
  if (name.split('/').some(isLeftBehind)) return false
  const kind = kindOfName(name)
  if (kind === 'archive') throw new MediaError(`${name}: an archive inside an archive is not opened`)
  if (kind === 'refused' && /\.(heic|heif|7z|rar|cpio)$/i.test(name)) throw new MediaError(whyUnsupported(name))
  return kind !== undefined && kind !== 'refused'
}
