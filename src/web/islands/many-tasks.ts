// Several tasks at once: how chosen files become tasks, one a video, archive or folder of pictures, and what they are called.
import { t } from './i18n/message'

/** A file by its path with folders; `file` when it lies on this computer. */
export type ChosenFile = { path: string; file?: File }
/** The files of one task. `folder` is what their paths begin with, '' or with a slash at its end. */
export type Unit = { fileName: string; folder: string; files: ChosenFile[] }

const list = (text: string) => new Set(text.split(' '))
/** Each of these is a task. */
const alone = list(
  'mp4 m4v mov mkv webm avi mpg mpeg m2v ts mts m2ts wmv asf flv ogv 3gp pdf zip tar tgz tbz tbz2 txz tzst gz bz2 xz zst',
)
/** These are a task together with their neighbours in the folder. */
const together = list('jpg jpeg jpe jfif png bmp avif gif webp tif tiff pcd bin ply las laz e57')
const ignored = /(^|\/)(\.[^/]*|thumbs\.db|desktop\.ini)$/i

const extensionOf = (path: string) => /\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase() ?? ''
const lastOf = (path: string) => path.replace(/\/$/, '').split('/').at(-1)!

/** The folder that a picture counts for: that of its context pictures is the one above. */
const folderOf = (path: string) => path.replace(/\/related_images\/.*$/, '/').replace(/[^/]*$/, '')

const readName = (path: string) => {
  // An address may carry a query behind its name, and has its signs encoded.
  if (!/^https?:\/\//.test(path)) return path
  try {
    return decodeURI(new URL(path).pathname)
  } catch {
    return path
  }
}

/** The tasks that files make, in the order of the files, and what is wrong with the others, by their extensions. */
export const splitTasks = (files: ChosenFile[]): { units: Unit[]; problem: string | null } => {
  const units: Unit[] = []
  const byFolder = new Map<string, Unit>()
  const wrong = new Map<string, string[]>()
  for (const file of files) {
    const name = readName(file.path)
    if (ignored.test(name)) continue
    const extension = extensionOf(name)
    const folder = folderOf(file.path)
    if (alone.has(extension)) units.push({ fileName: lastOf(name), folder: folderOf(file.path), files: [file] })
    else if (together.has(extension) && folder && !/^https?:\/\//.test(file.path)) {
      const unit = byFolder.get(folder) ?? { fileName: lastOf(folder), folder, files: [] }
      if (!byFolder.has(folder)) units.push(unit)
      byFolder.set(folder, unit)
      unit.files.push(file)
    } else wrong.set(extension, [...(wrong.get(extension) ?? []), lastOf(name)])
  }
  return { units, problem: wrong.size ? describeWrong(wrong) : null }
}

const describeWrong = (wrong: Map<string, string[]>) => {
  const kinds = [...wrong].map(([extension, [first, ...more]]) => {
    const who = more.length ? t('{first} and {count} more', { first: first!, count: more.length }) : first!
    return extension ? `.${extension} (${who})` : t('no extension ({who})', { who })
  })
  return t('Several tasks are made of videos, archives, PDF documents or folders of pictures, not of: {kinds}.', {
    kinds: kinds.join(', '),
  })
}

/** The name of one task. `index` counts from 0. */
export const fillName = (template: string, fileName: string, index: number): string =>
  template.replaceAll(/\{\{(file_name|index)\}\}/g, (_, key) => (key === 'index' ? String(index) : fileName)).trim()

/** Files of a unit as they are sent: context pictures keep the folder that marks them. */
export const filesToSend = ({ folder, files }: Unit): File[] =>
  files.flatMap(({ path, file }) => {
    if (!file) return []
    const name = path.slice(folder.length)
    return name === file.name ? file : new File([file], name, { type: file.type, lastModified: file.lastModified })
  })
